import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseThreshold, type ThresholdObjective } from '../../lib/metrics/choose-threshold.ts';
import { fBetaMetric } from '../../lib/metrics/f-beta.ts';
import type { Examples } from '../../lib/metrics/metric.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { agree, drawnRows, examplesOf } from './drawn-examples.ts';

const COSTS = { falsePositive: 1, falseNegative: 3 };
const f = (...values: number[]) => Float64Array.from(values);

/** Every threshold that calls other rows than its neighbours do, and one that calls nothing. */
function thresholdsOf({ scores }: Examples): number[] {
  return [...new Set(scores), 2];
}

describe('the best of all cuts, as the metric itself says', () => {
  const f2 = fBetaMetric('f2', 2);
  test.each<[string, ThresholdObjective, (examples: Examples) => number | undefined, 1 | -1]>([
    ['accuracy', { kind: 'accuracy' }, (one) => METRICS.accuracy.estimate(one)?.value, 1],
    ['F2', { kind: 'f-beta', beta: 2 }, (one) => f2.estimate(one)?.value, 1],
    [
      'cost',
      { kind: 'cost', costs: COSTS },
      (one) => METRICS.expected_cost.estimate({ ...one, costs: COSTS })?.value,
      -1,
    ],
    [
      'recall at a precision of ½',
      { kind: 'precision-at-least', precision: 0.5 },
      (one) => ((METRICS.precision.estimate(one)?.value ?? 0) >= 0.5 ? METRICS.recall.estimate(one)?.value : undefined),
      1,
    ],
    [
      'precision at a recall of ½',
      { kind: 'recall-at-least', recall: 0.5 },
      (one) => ((METRICS.recall.estimate(one)?.value ?? 0) >= 0.5 ? METRICS.precision.estimate(one)?.value : undefined),
      1,
    ],
  ])('%s', (_name, objective, valueAt, sign) => {
    fc.assert(
      fc.property(drawnRows, (drawn) => {
        // Whole weights: sums are exact, and so is "at least ½".
        const examples = examplesOf(
          'binary',
          drawn.map((row) => ({ ...row, weight: Math.ceil(row.weight) })),
        );
        const chosen = chooseThreshold(examples, objective);
        const values = thresholdsOf(examples).flatMap((threshold) => valueAt({ ...examples, threshold }) ?? []);
        const positives = examples.labels.some((label, row) => label === 1 && (examples.weights?.[row] ?? 0) > 0);
        const needsPositives = !['accuracy', 'cost'].includes(objective.kind);
        if (values.length === 0 || (needsPositives && !positives)) return void expect(chosen).toBeUndefined();
        const best = sign * Math.max(...values.map((value) => sign * value));
        expect(agree(chosen?.value ?? Number.NaN, best)).toBe(true);
        const there = valueAt({ ...examples, threshold: chosen?.threshold ?? Number.NaN });
        expect(agree(there ?? Number.NaN, best)).toBe(true);
      }),
    );
  });
});

describe('ties and empties', () => {
  test('of equally good thresholds the highest is taken', () => {
    const examples = { labels: f(1, 0, 1), scores: f(0.9, 0.5, 0.2) };
    // At 0.9 and at 0.2 two of three calls are right.
    expect(chooseThreshold(examples, { kind: 'accuracy' })?.threshold).toBe(0.9);
  });
  test('calling nothing is a threshold just above the highest score', () => {
    const found = chooseThreshold({ labels: f(0, 0), scores: f(0.7, 0.3) }, { kind: 'accuracy' });
    expect(found?.threshold).toBeGreaterThan(0.7);
    expect(found?.threshold).toBeCloseTo(0.7, 12);
    expect(found).toMatchObject({ value: 1, calls: { trueNegatives: 2, falsePositives: 0 } });
  });
  test.each([0, -0.5])('also above %d', (top) => {
    const found = chooseThreshold({ labels: f(0), scores: f(top) }, { kind: 'accuracy' });
    expect(found?.threshold).toBeGreaterThan(top);
  });
  test.each<[string, number[], number[], ThresholdObjective]>([
    ['no rows', [], [], { kind: 'accuracy' }],
    ['no positives', [0, 0], [0.1, 0.2], { kind: 'f-beta', beta: 1 }],
    ['a precision that no cut has', [0, 1], [0.9, 0.1], { kind: 'precision-at-least', precision: 0.9 }],
  ])('%s: no threshold', (_name, labels, scores, objective) => {
    expect(chooseThreshold({ labels: f(...labels), scores: f(...scores) }, objective)).toBeUndefined();
  });
});
