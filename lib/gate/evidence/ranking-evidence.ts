import type { Examples } from '../../metrics/metric.ts';
import { ndcgByQuery } from '../../metrics/ndcg.ts';
import { sampleQuantile } from '../../stats/ranks/sample-quantile.ts';
import { shortNumber } from '../short-number.ts';
import type { FindingsOf } from './evidence.ts';
import { countChanges } from './regression-evidence.ts';

/** Bars of the histogram of changes, from −1 to 1: an even number, so that zero is an edge. */
const BARS = 20;

const SHARES = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9] as const;

/** NDCG of every query that has a relevant document, both sides, with the row that stands for it. */
export interface QueryGains {
  /** First row of each query. */
  readonly rows: Int32Array;
  readonly candidate: Float64Array;
  readonly baseline: Float64Array;
}

export function queryGains(candidate: Examples, baseline: Examples): QueryGains {
  const { values, counted } = ndcgByQuery(candidate);
  const others = ndcgByQuery(baseline).values;
  const rows = Int32Array.from(counted.keys()).filter((row) => (counted[row] as number) > 0);
  return {
    rows,
    candidate: Float64Array.from(rows, (row) => values[row] as number),
    baseline: Float64Array.from(rows, (row) => others[row] as number),
  };
}

/** How NDCG changes from query to query; every query counts once. */
export function rankingFindings({ candidate, baseline }: QueryGains): FindingsOf<'ranking'> {
  const gains = candidate.map((value, query) => value - (baseline[query] as number));
  const sorted = { candidate: candidate.slice().sort(), baseline: baseline.slice().sort() };
  const bars = new Float64Array(BARS);
  for (const gain of gains) {
    const bar = Math.min(BARS - 1, Math.max(0, Math.floor(((gain + 1) / 2) * BARS)));
    bars[bar] = (bars[bar] as number) + 1;
  }
  return {
    task: 'ranking',
    queries: countChanges(gains),
    gains: {
      edges: Array.from({ length: BARS + 1 }, (_, edge) => shortNumber((2 * edge) / BARS - 1)),
      queries: [...bars],
    },
    ndcg:
      gains.length === 0
        ? []
        : SHARES.map((share) => ({
            share,
            candidate: shortNumber(sampleQuantile(sorted.candidate, share)),
            baseline: shortNumber(sampleQuantile(sorted.baseline, share)),
          })),
  };
}
