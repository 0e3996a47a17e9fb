import { meanEstimate } from './function-of-sums.ts';
import { LOSS_MARGIN, type Metric } from './metric.ts';

/** Probabilities are kept this far from 0 and 1, as scikit-learn does (float64 epsilon): one certain error is not infinite. */
export const PROBABILITY_EPSILON = Number.EPSILON;

/** The negative log-likelihood (nats) of each 0/1 label. */
export function exampleLogLosses(labels: ArrayLike<number>, scores: Float64Array): Float64Array {
  const loss = new Float64Array(labels.length);
  for (let i = 0; i < loss.length; i++) {
    const p = Math.min(1 - PROBABILITY_EPSILON, Math.max(PROBABILITY_EPSILON, scores[i] as number));
    loss[i] = labels[i] === 1 ? -Math.log(p) : -Math.log1p(-p);
  }
  return loss;
}

/** Mean negative log-likelihood (nats) of 0/1 labels under the predicted probabilities; NaN without rows. */
export function logLoss(labels: ArrayLike<number>, scores: Float64Array): number {
  return meanEstimate(exampleLogLosses(labels, scores))?.value ?? Number.NaN;
}

export const logLossMetric: Metric = {
  name: 'log_loss',
  task: 'binary',
  higherIsBetter: false,
  defaultMargin: LOSS_MARGIN,
  needsProbabilities: true,
  estimate: ({ labels, scores }) => meanEstimate(exampleLogLosses(labels, scores)),
};
