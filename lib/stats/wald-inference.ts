import { logNormalTwoSided, normalCritical, normalTwoSided } from './distributions/normal.ts';

/** What a normal approximation says of an estimate with a variance. */
export interface WaldInference {
  readonly estimate: number;
  readonly standardError: number;
  /** Estimate / standard error; its two-sided p against 0 and the logarithm of that, for p below 1e-308. */
  readonly z: number;
  readonly p: number;
  readonly logP: number;
  readonly low: number;
  readonly high: number;
  /**
   * Why there is no ordinary answer, if so. 'no-variance': the variance is 0. An estimate of 0 then has z 0, p 1 and
   * the interval [0, 0]; any other has no z, p or interval (NaN): a bootstrap or permutation test may have.
   * 'undefined': the estimate or its variance has no value; all is NaN.
   */
  readonly degenerate?: 'no-variance' | 'undefined';
}

/**
 * Estimate ± z · √variance (Wald). Assumes many independent units, none of which dominates the variance.
 *
 * @param level of the two-sided interval, in (0, 1)
 */
export function waldInference(estimate: number, variance: number, level: number): WaldInference {
  const nothing = { z: Number.NaN, p: Number.NaN, logP: Number.NaN, low: Number.NaN, high: Number.NaN };
  const standardError = Math.sqrt(variance);
  if (Number.isNaN(estimate) || Number.isNaN(standardError)) {
    return { estimate, standardError, ...nothing, degenerate: 'undefined' };
  }
  if (variance === 0) {
    const certain = estimate === 0 ? { z: 0, p: 1, logP: 0, low: 0, high: 0 } : nothing;
    return { estimate, standardError, ...certain, degenerate: 'no-variance' };
  }
  const z = estimate / standardError;
  const half = normalCritical(level) * standardError;
  return {
    estimate,
    standardError,
    z,
    p: normalTwoSided(z),
    logP: logNormalTwoSided(z),
    low: estimate - half,
    high: estimate + half,
  };
}
