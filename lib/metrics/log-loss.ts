import { meanEstimate } from './function-of-sums.ts';
import { LOSS, type Metric } from './metric.ts';

/** Probabilities are kept this far from 0 and 1, as scikit-learn does (float64 epsilon): one certain error is not infinite. */
export const PROBABILITY_EPSILON = Number.EPSILON;

/** The negative log-likelihood (nats) of each 0/1 label. */
export function exampleLogLosses(labels: ArrayLike<number>, scores: Float64Array): Float64Array {
  const loss = new Float64Array(labels.length);
  for (let i = 0; i < loss.length; i++) {
    const p = clippedProbability(scores[i] as number);
    loss[i] = labels[i] === 1 ? -Math.log(p) : -Math.log1p(-p);
  }
  return loss;
}

/** A probability that has a finite logarithm, as has what is left to 1. */
export function clippedProbability(p: number): number {
  return Math.min(1 - PROBABILITY_EPSILON, Math.max(PROBABILITY_EPSILON, p));
}

/** Mean negative log-likelihood (nats) of 0/1 labels under the predicted probabilities; NaN without rows. */
export function logLoss(labels: ArrayLike<number>, scores: Float64Array): number {
  return meanEstimate(exampleLogLosses(labels, scores))?.value ?? Number.NaN;
}

export const logLossMetric: Metric<'binary'> = {
  name: 'log_loss',
  title: 'log loss',
  task: 'binary',
  unit: 'nats',
  ...LOSS,
  needsProbabilities: true,
  formula: 'mean of −ln p of what happened, p kept 2.2e-16 from 0 and 1',
  source: 'Good 1952; sklearn.metrics.log_loss',
  estimate: ({ labels, scores, weights }) => meanEstimate(exampleLogLosses(labels, scores), weights),
};
