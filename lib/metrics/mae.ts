import { meanEstimate } from './function-of-sums.ts';
import { LOSS, type Metric } from './metric.ts';
import { absoluteError, rowErrors } from './row-errors.ts';

/** Mean absolute error. */
export const maeMetric: Metric<'regression'> = {
  name: 'mae',
  title: 'MAE',
  task: 'regression',
  unit: 'target',
  ...LOSS,
  needsProbabilities: false,
  formula: 'mean of |ŷ − y|',
  source: 'sklearn.metrics.mean_absolute_error',
  estimate: (examples) => meanEstimate(rowErrors(examples, absoluteError), examples.weights),
};
