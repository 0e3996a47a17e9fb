import { meanEstimate, ratioEstimate } from './function-of-sums.ts';
import { LOSS, type Metric } from './metric.ts';
import { absoluteError, rowErrors } from './row-errors.ts';
import { weighted } from './row-weights.ts';

const RELATIVE_LOSS = { task: 'regression', unit: 'ratio', ...LOSS, needsProbabilities: false } as const;

/** What a zero target is taken for in MAPE, as scikit-learn does (float64 epsilon): such a row drowns all others. */
export const MAPE_EPSILON = Number.EPSILON;

/** Mean absolute error relative to the target. A target of 0 makes it enormous: prefer WAPE where that occurs. */
export const mapeMetric: Metric<'regression'> = {
  name: 'mape',
  title: 'MAPE',
  ...RELATIVE_LOSS,
  formula: 'mean of |ŷ − y| / max(|y|, 2.2e-16)',
  source: 'sklearn.metrics.mean_absolute_percentage_error',
  estimate: (examples) =>
    meanEstimate(
      rowErrors(
        examples,
        (actual, predicted) => Math.abs(predicted - actual) / Math.max(Math.abs(actual), MAPE_EPSILON),
      ),
      examples.weights,
    ),
};

/** Absolute error relative to the mean of target and prediction, 0 to 2; where both are 0 there is no error. */
export const smapeMetric: Metric<'regression'> = {
  name: 'smape',
  title: 'sMAPE',
  ...RELATIVE_LOSS,
  formula: 'mean of 2·|ŷ − y| / (|y| + |ŷ|)',
  source: 'Makridakis 1993; Hyndman & Koehler 2006',
  estimate: (examples) =>
    meanEstimate(
      rowErrors(examples, (actual, predicted) =>
        actual === predicted ? 0 : (2 * Math.abs(predicted - actual)) / (Math.abs(actual) + Math.abs(predicted)),
      ),
      examples.weights,
    ),
};

/** All absolute error relative to all of the target. A target of nothing but 0: no value. */
export const wapeMetric: Metric<'regression'> = {
  name: 'wape',
  title: 'WAPE',
  ...RELATIVE_LOSS,
  formula: 'Σ |ŷ − y| / Σ |y|',
  source: 'Kolassa & Schütz 2007 (as MAD/mean)',
  estimate: (examples) =>
    ratioEstimate(
      weighted(rowErrors(examples, absoluteError), examples.weights),
      weighted(examples.labels.map(Math.abs), examples.weights),
    ),
};
