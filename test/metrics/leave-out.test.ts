import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Metric } from '../../lib/metrics/metric.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { agree, CLUSTERS, clustersOf, drawnRows, examplesOf } from './drawn-examples.ts';

/** Cases a metric: there are many metrics. */
const RUNS = 50;

describe('leaving a cluster out', () => {
  test.each(Object.entries<Metric>(METRICS))('%s is what its rows had never been there', (_name, metric) => {
    fc.assert(
      fc.property(drawnRows, fc.boolean(), (drawn, weighted) => {
        const rows = weighted ? drawn : drawn.map((row) => ({ ...row, weight: 1 }));
        const clusters = clustersOf(rows);
        const without = metric.estimate(examplesOf(metric.task, rows))?.leaveOut(clusters, CLUSTERS);
        if (without === undefined) return;
        expect(without).toHaveLength(CLUSTERS);
        without.forEach((value, left) => {
          const kept = rows.filter((_row, row) => clusters[row] !== left);
          const rest = metric.estimate(examplesOf(metric.task, kept));
          if (rest === undefined) expect(value).toBeNaN();
          else expect(agree(value, rest.value), `${value} for ${rest.value}`).toBe(true);
        });
      }),
      { numRuns: RUNS },
    );
  });
});
