import { describe, expect, test } from 'vitest';
import { DESCRIPTIONS } from '../../lib/metrics/descriptions.ts';
import { type Description, type Examples, fitsTask, type Metric } from '../../lib/metrics/metric.ts';
import { METRICS, metricsForTask } from '../../lib/metrics/metrics.ts';
import { examplesOf } from './drawn-examples.ts';

const f = (...values: number[]) => Float64Array.from(values);
const binary = (labels: number[], scores: number[]): Examples => ({
  labels: f(...labels),
  scores: f(...scores),
  threshold: 0.5,
});

test.each(Object.entries<Metric>(METRICS))('%s has no value without rows', (_name, metric) => {
  expect(metric.estimate(examplesOf(metric.task, []))).toBeUndefined();
});

test.each(Object.entries<Description>(DESCRIPTIONS))('%s has no value without rows', (_name, one) => {
  expect(one.describe(examplesOf(one.task, []))).toBeUndefined();
});

describe('what has no value, and what has', () => {
  const ones = binary([1, 1, 1], [0.9, 0.6, 0.1]);
  const zeros = binary([0, 0, 0], [0.9, 0.6, 0.1]);
  const uncalled = binary([0, 1], [0.1, 0.2]);
  const ranking = (labels: number[], queries: number[]): Examples => ({
    ...binary(labels, [0.9, 0.5, 0.3, 0.1]),
    queries: Int32Array.from(queries),
  });
  const forecast = (scales: number[]): Examples => ({
    ...binary([1, 2], [2, 4]),
    series: Int32Array.of(0, 1),
    scales: f(...scales),
  });
  test.each<[string, keyof typeof METRICS, Examples, number | undefined]>([
    ['one class', 'roc_auc', ones, undefined],
    ['one class', 'average_precision', zeros, undefined],
    ['one class', 'average_precision', ones, undefined],
    ['one class', 'balanced_accuracy', ones, undefined],
    ['one class', 'mcc', zeros, undefined],
    ['one class', 'recall', ones, 2 / 3],
    ['no positives', 'recall', zeros, undefined],
    ['no negatives', 'specificity', ones, undefined],
    ['nothing called', 'precision', uncalled, undefined],
    ['nothing called', 'f1', uncalled, 0],
    ['nothing called', 'mcc', uncalled, 0],
    ['nothing called or true', 'f1', binary([0, 0], [0.1, 0.2]), undefined],
    ['a constant target', 'r2', binary([0.1, 0.1, 0.1], [1, 2, 3]), undefined],
    ['a target of 0', 'wape', binary([0, 0], [1, 2]), undefined],
    ['target and prediction 0', 'smape', binary([0, 1], [0, 1]), 0],
    ['a class that nobody has', 'roc_auc_macro', { ...binary([0, 1], [1, 0, 0, 0, 1, 0]), classes: 3 }, undefined],
    ['a class that nobody has', 'roc_auc_weighted', { ...binary([0, 1], [1, 0, 0, 0, 1, 0]), classes: 3 }, 1],
    ['one class of many', 'roc_auc_weighted', { ...binary([0, 0], [1, 0, 0, 0, 1, 0]), classes: 3 }, undefined],
    ['a query without a relevant document', 'ndcg', ranking([1, 0, 0, 0], [0, 0, 1, 1]), 1],
    ['no relevant document at all', 'mrr', ranking([0, 0, 0, 0], [0, 0, 1, 1]), undefined],
    ['fewer documents than places', 'precision_at_10', ranking([1, 1, 0, 0], [0, 0, 0, 0]), 0.2],
    ['a series that never moved', 'mase', forecast([0.5, 0]), 2],
    ['no series that moved', 'mase', forecast([0, 0]), undefined],
    ['weights of 0 alone', 'accuracy', { ...ones, weights: f(0, 0, 0) }, undefined],
  ])('%s: %s', (_why, name, examples, wanted) => {
    const value = METRICS[name].estimate(examples)?.value;
    if (wanted === undefined) expect(value).toBeUndefined();
    else expect(value).toBeCloseTo(wanted, 12);
  });

  test('a constant side has no rank correlation', () => {
    expect(DESCRIPTIONS.spearman.describe(binary([1, 2, 3], [5, 5, 5]))).toBeUndefined();
  });
});

describe('what a metric says of itself', () => {
  const all = { ...METRICS, ...DESCRIPTIONS };
  test('no name is taken twice, and each is its key', () => {
    expect(Object.keys(all)).toHaveLength(Object.keys(METRICS).length + Object.keys(DESCRIPTIONS).length);
    for (const [key, { name }] of Object.entries(all)) expect(name).toBe(key);
  });
  test('scores allow one point, losses 2 % of the baseline', () => {
    for (const { higherIsBetter, defaultMargin } of Object.values<Metric>(METRICS)) {
      expect(defaultMargin).toEqual(higherIsBetter ? { absolute: 0.01 } : { ofBaseline: 0.02 });
    }
  });
  test("a forecast takes a regression's metrics, not the other way round", () => {
    expect(fitsTask(METRICS.rmse, 'forecast')).toBe(true);
    expect(fitsTask(METRICS.mase, 'regression')).toBe(false);
    expect(metricsForTask('forecast').map(({ name }) => name)).toEqual(expect.arrayContaining(['mase', 'wape']));
  });
});
