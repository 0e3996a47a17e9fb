import { estimateOf, meanEstimate } from './function-of-sums.ts';
import { LOSS, type Metric } from './metric.ts';
import { rowErrors, squaredError } from './row-errors.ts';
import { rowWeights, weighted } from './row-weights.ts';

const SQUARED_LOSS = { task: 'regression', ...LOSS, needsProbabilities: false } as const;

/** Mean squared error. */
export const mseMetric: Metric<'regression'> = {
  name: 'mse',
  title: 'MSE',
  unit: 'target²',
  ...SQUARED_LOSS,
  formula: 'mean of (ŷ − y)²',
  source: 'sklearn.metrics.mean_squared_error',
  estimate: (examples) => meanEstimate(rowErrors(examples, squaredError), examples.weights),
};

/** Root mean squared error, √(Σ e² / Σ 1). */
export const rmseMetric: Metric<'regression'> = {
  name: 'rmse',
  title: 'RMSE',
  unit: 'target',
  ...SQUARED_LOSS,
  formula: '√ of the mean of (ŷ − y)²',
  source: 'sklearn.metrics.root_mean_squared_error',
  estimate: (examples) =>
    estimateOf({
      terms: [weighted(rowErrors(examples, squaredError), examples.weights), rowWeights(examples)],
      value: ([total, rows]) => ((rows as number) > 0 ? Math.sqrt((total as number) / (rows as number)) : undefined),
      gradient: ([total, rows]) => {
        const rmse = Math.sqrt((total as number) / (rows as number));
        // No error at all: every example's share is zero, and 0/0 would say NaN.
        if (rmse === 0) return [0, 0];
        return [1 / (2 * rmse * (rows as number)), -rmse / (2 * (rows as number))];
      },
    }),
};
