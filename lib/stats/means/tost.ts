import { type StudentEstimate, studentTest } from './student-test.ts';

/** Two one-sided tests of equivalence. */
export interface Tost {
  /** The larger of the two p values: equivalent at `alpha` when it is at most that. */
  readonly pValue: number;
  /** Against "the truth is at or below `low`". */
  readonly statisticLow: number;
  readonly pValueLow: number;
  /** Against "the truth is at or above `high`". */
  readonly statisticHigh: number;
  readonly pValueHigh: number;
  /** The interval at level 1 − 2α; equivalent when it lies strictly between the margins. */
  readonly lower: number;
  readonly upper: number;
  readonly degenerate?: 'too-few' | 'no-variation';
}

/**
 * Schuirmann's two one-sided tests (1987) that an estimate is within (low, high), and the 1 − 2α interval that gives the
 * same answer. Takes any estimate with a t distributed error: paired, Welch, pooled, clustered. Degenerate estimates
 * answer as in `studentTest`: too few are never equivalent, an estimate without spread is where it is.
 *
 * @param low, high margins in the estimate's unit, low < high
 */
export function tost(known: StudentEstimate, low: number, high: number, alpha = 0.05): Tost {
  const level = 1 - 2 * alpha;
  const aboveLow = studentTest(known, { nullValue: low, level });
  const belowHigh = studentTest(known, { nullValue: high, level });
  return {
    pValue: Math.max(aboveLow.pGreater, belowHigh.pLess),
    statisticLow: aboveLow.statistic,
    pValueLow: aboveLow.pGreater,
    statisticHigh: belowHigh.statistic,
    pValueHigh: belowHigh.pLess,
    lower: aboveLow.lower,
    upper: aboveLow.upper,
    ...(aboveLow.degenerate === undefined ? {} : { degenerate: aboveLow.degenerate }),
  };
}
