import { normalCritical } from '../distributions/normal.ts';
import { normalP } from '../distributions/normal-p.ts';
import type { Alternative, Interval, TestResult } from '../hypothesis-test.ts';
import { findRoot } from '../numbers/find-root.ts';
import { checkPaired, type PairedCounts } from './discordant-pairs.ts';
import { checkLevel } from './proportion.ts';

/**
 * Tango's score interval and test (1998, Statistics in Medicine 17:891) of a difference of paired proportions,
 * candidate − baseline. The interval is made of the differences that the test does not reject, so both always agree;
 * at 0 the test is McNemar's without correction. Defined for every table, also without a discordant pair. Assumes
 * independent pairs.
 *
 * No pair at all leaves −1 … 1.
 */
export function tangoInterval(counts: PairedCounts, level = 0.95): Interval {
  checkPaired(counts);
  checkLevel(level);
  if (counts.pairs === 0) return { lower: -1, upper: 1 };
  const z = normalCritical(level);
  const estimate = (counts.onlyCandidate - counts.onlyBaseline) / counts.pairs;
  return {
    lower: estimate <= -1 ? -1 : findRoot((difference) => scoreStatistic(counts, difference) - z, -1, estimate),
    upper: estimate >= 1 ? 1 : findRoot((difference) => scoreStatistic(counts, difference) + z, estimate, 1),
  };
}

/**
 * The test of a difference of `nullDifference` (candidate − baseline; −m with `greater` is the test of not being worse
 * by m). The statistic is the score z; no pair gives 0 and p = 1 (one-sided ½).
 */
export function tangoTest(
  counts: PairedCounts,
  nullDifference: number,
  alternative: Alternative = 'two-sided',
): TestResult<'tango'> {
  checkPaired(counts);
  if (!(nullDifference > -1 && nullDifference < 1)) throw new RangeError(`${nullDifference} is not within −1 … 1`);
  const statistic = counts.pairs === 0 ? 0 : scoreStatistic(counts, nullDifference);
  return { method: 'tango', alternative, statistic, ...normalP(statistic, alternative) };
}

/** The score z of a difference, falling in the difference; ±∞ where the restricted variance is 0. */
function scoreStatistic({ onlyBaseline, onlyCandidate, pairs }: PairedCounts, difference: number): number {
  if (difference < 0) {
    const mirrored = { onlyBaseline: onlyCandidate, onlyCandidate: onlyBaseline, pairs };
    return -scoreStatistic(mirrored, -difference);
  }
  const distance = onlyCandidate - onlyBaseline - pairs * difference;
  if (distance === 0) return 0;
  // The restricted estimate of the share that only the baseline has right: the root of a q² + b q + c.
  const a = 2 * pairs;
  const b = -onlyCandidate - onlyBaseline + (a - onlyCandidate + onlyBaseline) * difference;
  const c = -onlyBaseline * difference * (1 - difference);
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  const share = b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a);
  return distance / Math.sqrt(pairs * (2 * share + difference * (1 - difference)));
}
