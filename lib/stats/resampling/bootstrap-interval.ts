import { normalCdf, normalQuantile } from '../distributions/normal.ts';
import { normalScaleQuantile, sampleQuantile } from '../ranks/sample-quantile.ts';
import type { BootstrapDistribution } from './bootstrap-distribution.ts';

/**
 * Bootstrap intervals (Efron & Tibshirani 1993 §12–14; Davison & Hinkley 1997 §5). They assume that the resampled units
 * are independent, or exchangeable within strata, and enough of them: the percentile interval is too short for few.
 */
export interface BootstrapInterval {
  readonly low: number;
  readonly high: number;
  /**
   * Why the method named has no answer of its own, if so. BCa: 'constant' (no jackknife value differs, or a single
   * unit), 'one-sided' (all replicates on one side of the estimate); the limits are then those of the percentile method.
   * Any method: 'no-replicates' (the statistic had no value in any); the limits are NaN.
   */
  readonly degenerate?: 'constant' | 'one-sided' | 'no-replicates';
}

/** Limits are quantiles of the replicates, type 7 (SciPy's `percentile`). */
export function percentileInterval({ sorted }: BootstrapDistribution, level: number): BootstrapInterval {
  const tail = (1 - level) / 2;
  return {
    low: sampleQuantile(sorted, tail),
    high: sampleQuantile(sorted, 1 - tail),
    ...(sorted.length === 0 ? { degenerate: 'no-replicates' } : {}),
  };
}

/** The percentile interval mirrored at the estimate (SciPy's `basic`). */
export function basicInterval(distribution: BootstrapDistribution, level: number): BootstrapInterval {
  const { low, high, ...rest } = percentileInterval(distribution, level);
  return { low: 2 * distribution.estimate - high, high: 2 * distribution.estimate - low, ...rest };
}

/**
 * How ties with the estimate count in the bias correction, and how quantiles are interpolated. `scipy`: half, type 7.
 * `r-boot`: not at all (strictly below), on the scale of normal quantiles.
 */
export type BcaConvention = 'scipy' | 'r-boot';

export interface BcaInterval extends BootstrapInterval {
  /** z0, the normal quantile of the share of replicates below the estimate. */
  readonly bias: number;
  readonly acceleration: number;
  /** The levels at which the replicates' quantiles are the limits. */
  readonly levels: readonly [number, number];
}

/**
 * Bias-corrected and accelerated interval (Efron 1987).
 *
 * @param acceleration from the jackknife over the same units that are resampled (`jackknifeSummary`)
 */
export function bcaInterval(
  distribution: BootstrapDistribution,
  acceleration: number,
  level: number,
  convention: BcaConvention = 'scipy',
): BcaInterval {
  const { sorted, below, equal } = distribution;
  const bias = normalQuantile((below + (convention === 'scipy' ? equal / 2 : 0)) / sorted.length);
  if (sorted.length === 0 || Number.isNaN(acceleration) || !Number.isFinite(bias)) {
    return {
      degenerate: Number.isNaN(acceleration) ? 'constant' : 'one-sided',
      ...percentileInterval(distribution, level),
      bias,
      acceleration,
      levels: [(1 - level) / 2, (1 + level) / 2],
    };
  }
  const adjusted = (z: number): number => normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z)));
  const z = normalQuantile((1 - level) / 2);
  const levels = [adjusted(z), adjusted(-z)] as const;
  const quantile = convention === 'scipy' ? sampleQuantile : normalScaleQuantile;
  return { low: quantile(sorted, levels[0]), high: quantile(sorted, levels[1]), bias, acceleration, levels };
}

/**
 * Bootstrap-t interval: quantiles of (replicate − estimate) / its own standard error, times the estimate's standard
 * error. Second-order accurate; not invariant to transformations. A replicate that varies by nothing (standard error 0)
 * says ±∞, or 0 where it equals the estimate.
 *
 * @param replicates,standardErrors of every resample, in the same order; NaN where there is no value
 */
export function studentisedInterval(input: {
  readonly estimate: number;
  readonly standardError: number;
  readonly replicates: Float64Array;
  readonly standardErrors: Float64Array;
  readonly level: number;
}): BootstrapInterval {
  const { estimate, standardError, replicates, standardErrors, level } = input;
  const sorted = replicates
    .map((value, r) => (value === estimate ? 0 : (value - estimate) / (standardErrors[r] as number)))
    .filter((t) => !Number.isNaN(t))
    .sort();
  if (sorted.length === 0) return { low: Number.NaN, high: Number.NaN, degenerate: 'no-replicates' };
  if (standardError === 0) return { low: estimate, high: estimate, degenerate: 'constant' };
  const tail = (1 - level) / 2;
  return {
    low: estimate - sampleQuantile(sorted, 1 - tail) * standardError,
    high: estimate - sampleQuantile(sorted, tail) * standardError,
  };
}
