import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Examples, Metric } from '../../lib/metrics/metric.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { agree, drawnRows, examplesOf } from './drawn-examples.ts';

/** Cases a metric: there are many metrics. */
const RUNS = 50;

/** Relative step of a weight; the error of the central difference is of its square. */
const STEP = 1e-4;

/** The same examples with the weight of one row (of one query) changed by a factor. */
function reweighted(examples: Examples, row: number, factor: number): Examples {
  const { queries, weights } = examples;
  const changed = (weights ?? examples.labels.map(() => 1)).map((weight, other) => {
    const same = queries === undefined ? other === row : queries[other] === queries[row];
    return same ? weight * factor : weight;
  });
  return { ...examples, weights: changed };
}

describe('influence values', () => {
  test.each(Object.entries<Metric>(METRICS))('of %s sum to zero', (_name, metric) => {
    fc.assert(
      fc.property(drawnRows, (rows) => {
        const estimate = metric.estimate(examplesOf(metric.task, rows));
        if (estimate === undefined) return;
        const total = estimate.influence.reduce((sum, value) => sum + value, 0);
        const size = estimate.influence.reduce((sum, value) => sum + Math.abs(value), 1);
        expect(Math.abs(total)).toBeLessThanOrEqual(1e-12 * size);
      }),
      { numRuns: RUNS },
    );
  });

  test.each(Object.entries<Metric>(METRICS))('of %s are its derivative by the weights', (_name, metric) => {
    fc.assert(
      fc.property(drawnRows, fc.nat(39), (rows, picked) => {
        const examples = examplesOf(metric.task, rows);
        const estimate = metric.estimate(examples);
        if (estimate === undefined) return;
        const row = picked % rows.length;
        const up = metric.estimate(reweighted(examples, row, 1 + STEP))?.value ?? Number.NaN;
        const down = metric.estimate(reweighted(examples, row, 1 - STEP))?.value ?? Number.NaN;
        // A kink (the ECE of a bin that is right on the average) has no derivative.
        const bend = Math.abs(up - 2 * estimate.value + down) / STEP;
        if (bend > 1e-2 * Math.max(1, Math.abs(estimate.value))) return;
        const { queries } = examples;
        const own =
          queries === undefined
            ? (estimate.influence[row] as number)
            : estimate.influence.reduce((sum, one, i) => sum + (queries[i] === queries[row] ? one : 0), 0);
        const scale = Math.max(1, Math.abs(estimate.value));
        expect(agree(own / scale, (up - down) / (2 * STEP) / scale, 1e-6), `${own} for ${(up - down) / 2 / STEP}`).toBe(
          true,
        );
      }),
      { numRuns: RUNS },
    );
  });
});
