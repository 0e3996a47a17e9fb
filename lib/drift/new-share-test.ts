import { clusteredMean } from '../stats/clusters/clustered-mean.ts';
import { studentCdf } from '../stats/distributions/student-t.ts';
import { type DayMatrix, sumDays } from './day-matrix.ts';

/**
 * P(a share as far above the expected one), one-sided, by the t statistic of the current days: the reference has no
 * new value by construction, so its days cannot be exchanged with the current ones.
 */
export function newShareP(now: DayMatrix, share: (cells: Float64Array) => number, expected: number): number {
  const days = Array.from({ length: now.days }, (_none, day) => sumDays(now, [day], new Float64Array(now.cells)));
  const rows = days.map((cells) => cells.reduce((sum, count) => sum + count, 0) - (cells[0] as number));
  const sums = days.map((cells, day) => (rows[day] === 0 ? 0 : share(cells) * (rows[day] as number)));
  const { mean, standardError, clusters } = clusteredMean(sums, rows);
  if (clusters < 2) return 1;
  if (standardError === 0) return mean > expected ? 0 : 1;
  return 1 - studentCdf((mean - expected) / standardError, clusters - 1);
}
