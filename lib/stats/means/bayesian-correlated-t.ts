import { studentQuantile, studentTails } from '../distributions/student-t.ts';
import { sampleMoments } from '../numbers/sample-moments.ts';

/** What is believed of the mean difference after seeing cross-validation's. */
export interface CorrelatedPosterior {
  /** A t distribution around `mean` with this scale. */
  readonly mean: number;
  readonly scale: number;
  readonly degreesOfFreedom: number;
  /** P(difference < −rope): the baseline is practically better (of a metric where more is better). */
  readonly pLeft: number;
  /** P(−rope ≤ difference ≤ rope): practically the same. */
  readonly pRope: number;
  /** P(difference > rope). */
  readonly pRight: number;
  /** Highest-density interval at `level`. */
  readonly level: number;
  readonly lower: number;
  readonly upper: number;
  /** `too-few`: no posterior, the three probabilities are NaN. `no-variation`: all belief is on the mean. */
  readonly degenerate?: 'too-few' | 'no-variation';
}

/**
 * Bayesian correlated t test (Benavoli, Corani, Demšar & Zaffalon 2017, "Time for a change", §4.1): with flat priors the
 * mean difference is t distributed around the observed one with J − 1 degrees of freedom and variance
 * s²(1/J + ρ/(1 − ρ)), where the correlation of the folds ρ is test/(test + train), after Nadeau & Bengio.
 *
 * @param differences candidate − baseline, one a fold or split
 * @param testOverTrain rows tested over rows trained on, ρ/(1 − ρ): 1/(k − 1) for k folds
 * @param rope half-width of the region of practical equivalence, in the metric's unit, ≥ 0
 */
export function bayesianCorrelatedT(
  differences: ArrayLike<number>,
  testOverTrain: number,
  rope: number,
  level = 0.95,
): CorrelatedPosterior {
  const { count, mean, variance } = sampleMoments(differences);
  const degreesOfFreedom = Math.max(0, count - 1);
  const scale = Math.sqrt(variance * (1 / count + testOverTrain));
  const base = { mean, scale, degreesOfFreedom, level };
  if (count < 2) {
    const none = { pLeft: Number.NaN, pRope: Number.NaN, pRight: Number.NaN, degenerate: 'too-few' as const };
    return { ...base, ...none, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  }
  if (scale === 0) {
    const pLeft = mean < -rope ? 1 : 0;
    const pRight = mean > rope ? 1 : 0;
    return { ...base, pLeft, pRope: 1 - pLeft - pRight, pRight, lower: mean, upper: mean, degenerate: 'no-variation' };
  }
  const pLeft = studentTails((-rope - mean) / scale, degreesOfFreedom).lower;
  const pRight = studentTails((rope - mean) / scale, degreesOfFreedom).upper;
  const half = studentQuantile((1 + level) / 2, degreesOfFreedom) * scale;
  return { ...base, pLeft, pRope: Math.max(0, 1 - pLeft - pRight), pRight, lower: mean - half, upper: mean + half };
}
