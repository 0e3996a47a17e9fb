import { describe, expect, test } from 'vitest';
import { checkExamples, type ProblemKind } from '../../lib/metrics/check-examples.ts';
import { compareClassOrder } from '../../lib/metrics/class-order.ts';
import type { Examples, MetricTask } from '../../lib/metrics/metric.ts';

const f = (...values: number[]) => Float64Array.from(values);
const binary: Examples = { labels: f(0, 1, 1), scores: f(0.1, 0.5, 1), threshold: 0.5 };
const multiclass: Examples = { labels: f(0, 2), scores: f(0.2, 0.3, 0.5, 0, 0, 1), classes: 3, threshold: 0.5 };
const quantile: Examples = { labels: f(1, 2), scores: f(0, 3, 1, 1), levels: f(0.1, 0.9), threshold: 0.5 };
const ranking: Examples = { labels: f(0, 2), scores: f(5, -1), queries: Int32Array.of(0, 0), threshold: 0.5 };
const forecast: Examples = {
  labels: f(1, 2),
  scores: f(0, 3),
  series: Int32Array.of(0, 1),
  scales: f(0, 2),
  threshold: 0.5,
};

describe('fine examples have no problem', () => {
  test.each<[MetricTask, Examples]>([
    ['binary', binary],
    ['binary', { ...binary, weights: f(0, 0.5, 3), costs: { falsePositive: 0, falseNegative: 5 } }],
    ['multiclass', multiclass],
    ['regression', { ...binary, labels: f(-4, 1e300, 0), scores: f(2, -8, 0) }],
    ['quantile', quantile],
    ['ranking', ranking],
    ['forecast', forecast],
    ['forecast', { labels: f(1), scores: f(2), threshold: 0.5 }],
    ['binary', { labels: f(), scores: f(), threshold: 0.5 }],
  ])('%s', (task, examples) => {
    expect(checkExamples(task, examples, { probabilities: true })).toEqual([]);
  });
});

describe('every problem names its first rows', () => {
  test.each<[ProblemKind, MetricTask, Examples, number[], number | undefined]>([
    ['label-not-finite', 'binary', { ...binary, labels: f(0, Number.NaN, 1) }, [1], Number.NaN],
    ['label-outside', 'binary', { ...binary, labels: f(0, 2, 0.5) }, [1, 2], 2],
    ['label-outside', 'multiclass', { ...multiclass, labels: f(0, 3) }, [1], 3],
    ['label-outside', 'multiclass', { ...multiclass, labels: f(-1, 1.5) }, [0, 1], -1],
    ['label-outside', 'ranking', { ...ranking, labels: f(1, -2) }, [1], -2],
    ['score-not-finite', 'regression', { ...binary, scores: f(0, Number.POSITIVE_INFINITY, 1) }, [1], Infinity],
    ['score-not-probability', 'binary', { ...binary, scores: f(0, 1.5, -0.1) }, [1, 2], 1.5],
    ['score-not-probability', 'multiclass', { ...multiclass, scores: f(0.2, 0.3, 0.5, -1, 1, 1) }, [1], -1],
    ['probabilities-do-not-add-up', 'multiclass', { ...multiclass, scores: f(0.2, 0.3, 0.6, 0, 0, 1) }, [0], undefined],
    ['quantiles-cross', 'quantile', { ...quantile, scores: f(0, 3, 2, 1) }, [1], undefined],
    ['weight-not-finite', 'binary', { ...binary, weights: f(1, 1, Number.NaN) }, [2], Number.NaN],
    ['weight-negative', 'binary', { ...binary, weights: f(1, -1, 1) }, [1], -1],
    ['weights-all-zero', 'binary', { ...binary, weights: f(0, 0, 0) }, [], undefined],
    ['length', 'binary', { ...binary, scores: f(0.5) }, [], undefined],
    ['length', 'binary', { ...binary, weights: f(0.5) }, [], undefined],
    ['length', 'multiclass', { ...multiclass, classes: 2 }, [], undefined],
    ['threshold-not-a-number', 'binary', { ...binary, threshold: Number.NaN }, [], undefined],
    ['costs-outside', 'binary', { ...binary, costs: { falsePositive: -1, falseNegative: 1 } }, [], undefined],
    ['classes-missing', 'multiclass', { ...binary }, [], undefined],
    ['levels-unordered', 'quantile', { ...quantile, levels: f(0.9, 0.1) }, [], undefined],
    ['levels-unordered', 'quantile', { ...quantile, levels: f(0, 0.5) }, [], undefined],
    ['queries-missing', 'ranking', binary, [], undefined],
    ['query-outside', 'ranking', { ...ranking, queries: Int32Array.of(0, -1) }, [1], -1],
    ['query-weights-differ', 'ranking', { ...ranking, weights: f(1, 2) }, [1], undefined],
    ['series-missing', 'forecast', { ...binary, series: Int32Array.of(0, 0, 0) }, [], undefined],
    ['series-outside', 'forecast', { ...forecast, series: Int32Array.of(0, 2) }, [1], 2],
    ['scale-outside', 'forecast', { ...forecast, scales: f(0, -2) }, [1], -2],
  ])('%s (%s)', (kind, task, examples, rows, value) => {
    const found = checkExamples(task, examples, { probabilities: true }).find((problem) => problem.kind === kind);
    expect(found).toEqual({ kind, count: rows.length, rows, ...(value === undefined ? {} : { value }) });
  });

  test('at most five rows are shown, all are counted', () => {
    const labels = new Float64Array(9).fill(7);
    const [found] = checkExamples('binary', { labels, scores: new Float64Array(9), threshold: 0.5 });
    expect(found).toEqual({ kind: 'label-outside', count: 9, rows: [0, 1, 2, 3, 4], value: 7 });
  });

  test('ranks alone need no probabilities', () => {
    expect(checkExamples('binary', { ...binary, scores: f(-3, 8, 2) })).toEqual([]);
  });
});

test.each([
  [['a', 'b'], ['a', 'b'], { kind: 'same' }],
  [['a', 'b', 'c'], ['c', 'a', 'b'], { kind: 'reordered', columns: [1, 2, 0] }],
  [['a', 'b'], ['b', 'd'], { kind: 'different', missing: ['a'], unknown: ['d'] }],
])('classes %j against %j', (expected, found, answer) => {
  expect(compareClassOrder(expected, found)).toEqual(answer);
});
