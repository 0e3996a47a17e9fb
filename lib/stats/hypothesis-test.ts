/**
 * Which departures from the null count: `greater` says that the candidate (or the first value named) is larger than the
 * null has it, `less` that it is smaller.
 */
export type Alternative = 'two-sided' | 'greater' | 'less';

/** The answer of a test. p values are never NaN: where nothing can be told they are 1. */
export interface TestResult<Method extends string = string> {
  readonly method: Method;
  readonly alternative: Alternative;
  /** What was compared with its distribution; each test says which. */
  readonly statistic: number;
  readonly pValue: number;
  /** ln of the p value, which keeps its size where the p value itself is 0; −∞ only where the null cannot be at all. */
  readonly logPValue: number;
}

/** A confidence interval. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}
