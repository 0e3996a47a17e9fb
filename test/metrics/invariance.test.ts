import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DESCRIPTIONS } from '../../lib/metrics/descriptions.ts';
import type { Description, Examples, Metric, MetricFacts } from '../../lib/metrics/metric.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { agree, type DrawnRow, drawnRows, examplesOf } from './drawn-examples.ts';

/** Cases a metric: there are many metrics. */
const RUNS = 30;

type Numbered = MetricFacts & { numberOf(examples: Examples): number | undefined };

const ALL: [string, Numbered][] = [
  ...Object.entries<Metric>(METRICS).map(([name, metric]): [string, Numbered] => [
    name,
    { ...metric, numberOf: (examples) => metric.estimate(examples)?.value },
  ]),
  ...Object.entries<Description>(DESCRIPTIONS).map(([name, one]): [string, Numbered] => [
    name,
    { ...one, numberOf: (examples) => one.describe(examples) },
  ]),
];

function expectSame(actual: number | undefined, wanted: number | undefined): void {
  if (actual === undefined || wanted === undefined) expect(actual).toBe(wanted);
  else expect(agree(actual, wanted), `${actual} for ${wanted}`).toBe(true);
}

/** Queries of the second copy are others: the same query twice would be one with twice the documents. */
function twice(rows: readonly DrawnRow[], examples: Examples): Examples {
  const double = examplesOf(
    'ranking',
    [...rows, ...rows].map((row) => ({ ...row, weight: 1 })),
  );
  const { weights: _weights, ...both } = double;
  return examples.queries === undefined
    ? both
    : {
        ...both,
        queries: both.queries?.map((code, row) => (row < rows.length ? code : code + 100)) ?? new Int32Array(),
      };
}

describe.each(ALL)('%s', (_name, metric) => {
  test('counts a row of weight 2 twice', () => {
    fc.assert(
      fc.property(drawnRows, (rows) => {
        const examples = examplesOf(metric.task, rows);
        const doubled = { ...examples, weights: new Float64Array(rows.length).fill(2) };
        const { weights: _weights, ...copied } =
          metric.task === 'ranking' ? twice(rows, examples) : examplesOf(metric.task, [...rows, ...rows]);
        expectSame(metric.numberOf(doubled), metric.numberOf(copied));
      }),
      { numRuns: RUNS },
    );
  });

  test('counts a row of weight 0 as absent', () => {
    fc.assert(
      fc.property(drawnRows, (rows) => {
        if (metric.task === 'ranking') return;
        const kept = rows.filter(({ weight }) => weight > 0);
        expectSame(metric.numberOf(examplesOf(metric.task, rows)), metric.numberOf(examplesOf(metric.task, kept)));
      }),
      { numRuns: RUNS },
    );
  });

  test('does not see the order of rows', () => {
    fc.assert(
      fc.property(drawnRows, (rows) => {
        const turned = rows.toReversed();
        expectSame(metric.numberOf(examplesOf(metric.task, turned)), metric.numberOf(examplesOf(metric.task, rows)));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('names of classes mean nothing', () => {
  const symmetric = ['roc_auc', 'accuracy', 'balanced_accuracy', 'mcc', 'log_loss', 'brier'] as const;
  test.each(symmetric)('%s', (name) => {
    fc.assert(
      fc.property(drawnRows, (rows) => {
        const examples = examplesOf('binary', rows);
        const swapped = {
          ...examples,
          labels: examples.labels.map((label) => 1 - label),
          scores: examples.scores.map((score) => 1 - score),
          threshold: 1 - examples.threshold,
        };
        expectSame(METRICS[name].estimate(swapped)?.value, METRICS[name].estimate(examples)?.value);
      }),
      { numRuns: RUNS },
    );
  });

  const multiclass = Object.entries<Metric>(METRICS).filter(([, { task }]) => task === 'multiclass');
  test.each(multiclass)('%s', (_name, metric) => {
    fc.assert(
      fc.property(drawnRows, (drawn) => {
        // Of equal probabilities the order of classes has to decide.
        const rows = drawn.filter(({ parts }) => new Set(parts).size === parts.length);
        const turn = (label: number) => (label + 1) % 3;
        const turned = rows.map(({ label, parts: [a, b, c], ...row }) => ({
          ...row,
          label: turn(label % 3),
          parts: [c as number, a as number, b as number],
        }));
        expectSame(
          metric.estimate(examplesOf('multiclass', turned))?.value,
          metric.estimate(examplesOf('multiclass', rows))?.value,
        );
      }),
      { numRuns: RUNS },
    );
  });
});
