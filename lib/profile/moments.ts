import { parseExactNumber, ratioToNumber } from '../stats/numbers/exact-number.ts';
import { SQUARES_EXPONENT, SUM_EXPONENT } from '../stats/numbers/exact-sum.ts';
import type { NumericProfile } from './profile.ts';

export interface Moments {
  /** Finite values. */
  readonly count: number;
  readonly mean: number;
  /** With n − 1. */
  readonly variance: number;
}

/**
 * Mean and variance of a column's finite values from its exact sums, so that neither cancels however far the values
 * are from zero. NaN where there are too few values.
 */
export function momentsOf(column: NumericProfile): Moments {
  const count =
    column.histogram.counts.reduce((sum, of) => sum + of, 0) - column.positiveInfinity - column.negativeInfinity;
  if (count === 0) return { count, mean: Number.NaN, variance: Number.NaN };
  const sum = parseExactNumber(column.sum, SUM_EXPONENT);
  const mean = ratioToNumber(sum, BigInt(count), SUM_EXPONENT);
  if (count === 1) return { count, mean, variance: Number.NaN };
  const n = BigInt(count);
  const squares = parseExactNumber(column.squares, SQUARES_EXPONENT);
  return { count, mean, variance: ratioToNumber(n * squares - sum * sum, n * (n - 1n), SQUARES_EXPONENT) };
}
