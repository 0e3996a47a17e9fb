import { normalUpper } from '../distributions/normal.ts';
import { averageOverSpread } from '../distributions/spread-average.ts';
import { studentUpperQuantile } from '../distributions/student-t.ts';

/** What is known of a standard error before the test that is planned. */
export interface EstimatedPrecision {
  /** At the planned size, from an estimate that was made before. */
  readonly standardError: number;
  /** Of that estimate; ∞ where the standard error is known. */
  readonly estimatedWith: number;
  /** Of the standard error that the planned test will estimate for itself. */
  readonly degreesOfFreedom: number;
}

/**
 * The chance that a one-sided t test at `alpha` finds a true difference of `distance` (also one on the wrong side), averaged
 * over what the true spread can be, given an estimate of it: σ² = ν·s²/χ²_ν (Fisher's fiducial distribution, the same as
 * Bayes' with the prior 1/σ; "assurance", O'Hagan, Stevens & Campbell 2005). Power that takes the estimate for the truth is
 * promised too often: a size that is chosen for 80 % of this has 80 % on the average over the estimates too, because
 * σ/s is a pivot.
 */
export function estimatedPower(distance: number, precision: EstimatedPrecision, alpha: number): number {
  const { standardError, estimatedWith, degreesOfFreedom } = precision;
  if (standardError === 0) return distance > 0 ? 1 : 0;
  const critical = studentUpperQuantile(alpha, degreesOfFreedom);
  const delta = distance / standardError;
  // P(Z + δS > tS'): Z of the estimate, S of the spread that was estimated before, S' of the one that the test estimates.
  return averageOverSpread(estimatedWith, (before) =>
    averageOverSpread(degreesOfFreedom, (own) => normalUpper(critical * own - delta * before)),
  );
}
