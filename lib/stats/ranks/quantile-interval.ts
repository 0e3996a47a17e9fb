import { binomialQuantile, binomialTails } from '../distributions/binomial.ts';
import { quantileOfType } from './quantile-of-type.ts';

/** Which values of the ascending sample bound a quantile, counted from 1; without one the bound is infinite. */
export interface QuantileRanks {
  readonly lowerRank?: number;
  readonly upperRank?: number;
  /** P(lower ≤ quantile < upper) for a continuous distribution; at least the level. */
  readonly coverage: number;
}

/**
 * Ranks of the order statistics that bound the q-quantile (David & Nagaraja 2003, §7.1): as many values lie below it as
 * a Binomial(n, q) count, and each tail keeps at most half of 1 − level. Assumes independent values and nothing of their
 * distribution. No values, or too few for a bound: that side is open.
 *
 * @param q in (0, 1); level in (0, 1)
 */
export function quantileRanks(n: number, q: number, level: number): QuantileRanks {
  if (n === 0) return { coverage: 1 };
  const tail = (1 - level) / 2;
  const lower = binomialQuantile(tail, n, q);
  const upper = binomialQuantile(1 - tail, n, q) + 1;
  const beyond =
    (upper > n ? 0 : binomialTails(upper - 1, n, q).upper) + (lower < 1 ? 0 : binomialTails(lower - 1, n, q).lower);
  return {
    ...(lower >= 1 ? { lowerRank: lower } : {}),
    ...(upper <= n ? { upperRank: upper } : {}),
    coverage: 1 - beyond,
  };
}

export interface QuantileInterval {
  /** The smallest value with at least the share q at or below it (Hyndman & Fan's type 1); NaN without values. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly coverage: number;
}

/** The interval itself, e.g. of a latency's p99 in milliseconds. `sorted` ascends and holds no NaN. */
export function quantileInterval(sorted: ArrayLike<number>, q: number, level = 0.95): QuantileInterval {
  const n = sorted.length;
  const { lowerRank, upperRank, coverage } = quantileRanks(n, q, level);
  return {
    estimate: quantileOfType(sorted, q, 1),
    lower: lowerRank === undefined ? Number.NEGATIVE_INFINITY : (sorted[lowerRank - 1] as number),
    upper: upperRank === undefined ? Number.POSITIVE_INFINITY : (sorted[upperRank - 1] as number),
    coverage,
  };
}

/** So that a quotient meant to be whole is not rounded up to the next. */
const ROUNDING = 4 * Number.EPSILON;

/** Values from which on the largest one bounds the q-quantile at one-sided `level`: the least n with qⁿ ≤ 1 − level. */
export function valuesForUpperBound(q: number, level: number): number {
  return Math.ceil((Math.log1p(-level) / Math.log(q)) * (1 - ROUNDING));
}
