import { type StudentEstimate, studentTest } from './student-test.ts';

export interface NonInferiority {
  /** (estimate + margin) / standard error. */
  readonly statistic: number;
  /** Against "worse by the margin or more"; not worse at `alpha` when at most that. */
  readonly pValue: number;
  /** Lower limit of the two-sided 1 − 2α interval; not worse when it is above −margin. */
  readonly lower: number;
  readonly degenerate?: 'too-few' | 'no-variation';
}

/**
 * One-sided test that the candidate is not worse by `margin` or more (the lower half of Schuirmann 1987; CONSORT's
 * non-inferiority), for an estimate with a t distributed error that is oriented so that more is better.
 *
 * @param margin ≥ 0, in the estimate's unit
 * @param alpha one-sided; the gate's 0.025 belongs to the 95 % interval that it shows
 */
export function nonInferiority(known: StudentEstimate, margin: number, alpha = 0.025): NonInferiority {
  const test = studentTest(known, { nullValue: -margin, level: 1 - 2 * alpha });
  const degenerate = test.degenerate === undefined ? {} : { degenerate: test.degenerate };
  return { statistic: test.statistic, pValue: test.pGreater, lower: test.lower, ...degenerate };
}
