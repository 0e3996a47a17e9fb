import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Examples, Metric } from '../../lib/metrics/metric.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';

const CLUSTERS = 4;

/** Scores on a coarse grid, so that ties within and between clusters are common. */
const rows = fc.array(
  fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: 0, max: 8 }), cluster: fc.nat(CLUSTERS - 1) }),
  { minLength: 1, maxLength: 40 },
);

function examplesOf(drawn: readonly { label: number; score: number }[]): Examples {
  return {
    labels: Float64Array.from(drawn, ({ label }) => label),
    scores: Float64Array.from(drawn, ({ score }) => score / 8),
    threshold: 0.5,
  };
}

describe('leaving a cluster out', () => {
  test.each(Object.entries(METRICS))('%s is what its rows had never been there', (_name, metric: Metric) => {
    fc.assert(
      fc.property(rows, (drawn) => {
        const without = metric.estimate(examplesOf(drawn))?.leaveOut(
          drawn.map(({ cluster }) => cluster),
          CLUSTERS,
        );
        if (without === undefined) return;
        expect(without).toHaveLength(CLUSTERS);
        without.forEach((value, left) => {
          const rest = metric.estimate(examplesOf(drawn.filter(({ cluster }) => cluster !== left)));
          if (rest === undefined) expect(value).toBeNaN();
          else expect(value).toBeCloseTo(rest.value, 7);
        });
      }),
    );
  });
});
