import { meanEstimate } from './function-of-sums.ts';
import { LOSS, type Metric } from './metric.ts';
import { rowErrors, squaredError } from './row-errors.ts';

/** Mean squared distance of the probability from what happened. */
export const brierMetric: Metric<'binary'> = {
  name: 'brier',
  title: 'Brier score',
  task: 'binary',
  unit: 'share',
  ...LOSS,
  needsProbabilities: true,
  formula: 'mean of (p − y)²',
  source: 'Brier 1950; sklearn.metrics.brier_score_loss',
  estimate: (examples) => meanEstimate(rowErrors(examples, squaredError), examples.weights),
};
