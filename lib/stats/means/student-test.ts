import { studentQuantile, studentTails } from '../distributions/student-t.ts';

/** An estimate with what Student's t needs to judge it. */
export interface StudentEstimate {
  readonly estimate: number;
  /** In the estimate's unit. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** A t test and the interval that agrees with it. */
export interface StudentTest extends StudentEstimate {
  /** (estimate − null) / standard error. */
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
  /** Against "the truth is below the null". */
  readonly pLess: number;
  /** Against "the truth is above the null". */
  readonly pGreater: number;
  /** Two-sided coverage of the interval, e.g. 0.95. */
  readonly level: number;
  readonly lower: number;
  readonly upper: number;
  /** Why this is no ordinary answer; see `studentTest`. */
  readonly degenerate?: 'too-few' | 'no-variation';
}

export interface StudentOptions {
  readonly level?: number;
  readonly nullValue?: number;
}

export const DEFAULT_LEVEL = 0.95;

/**
 * Test and interval of an estimate whose error is t distributed (Student 1908). Two inputs have no t statistic, and
 * their answers are part of the contract:
 * - `too-few` (no degrees of freedom): nothing is known. The interval is the whole line and every p is 1.
 * - `no-variation` (standard error 0): the interval is the point; p is 1 on the null and on the side that the test does
 *   not look for, else 0. Whoever decides by it should say so, since a spread of zero is rarely the truth.
 * An estimate that is NaN in spite of degrees of freedom (bad values) gives NaN throughout.
 */
export function studentTest(known: StudentEstimate, options: StudentOptions = {}): StudentTest {
  const { estimate, standardError, degreesOfFreedom } = known;
  const { level = DEFAULT_LEVEL, nullValue = 0 } = options;
  const base = { estimate, standardError, degreesOfFreedom, level };
  if (!(degreesOfFreedom > 0)) {
    const nothing = { statistic: Number.NaN, pValue: 1, pLess: 1, pGreater: 1, degenerate: 'too-few' as const };
    return { ...base, ...nothing, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  }
  const distance = estimate - nullValue;
  if (standardError === 0) {
    return {
      ...base,
      statistic: distance === 0 ? 0 : distance / 0,
      pValue: distance === 0 ? 1 : 0,
      pLess: distance < 0 ? 0 : 1,
      pGreater: distance > 0 ? 0 : 1,
      lower: estimate,
      upper: estimate,
      degenerate: 'no-variation',
    };
  }
  const statistic = distance / standardError;
  const tails = studentTails(statistic, degreesOfFreedom);
  const half = studentQuantile((1 + level) / 2, degreesOfFreedom) * standardError;
  return {
    ...base,
    statistic,
    pValue: Math.min(1, 2 * Math.min(tails.lower, tails.upper)),
    pLess: tails.lower,
    pGreater: tails.upper,
    lower: estimate - half,
    upper: estimate + half,
  };
}
