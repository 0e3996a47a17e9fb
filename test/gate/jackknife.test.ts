import { describe, expect, test } from 'vitest';
import { compareMetric } from '../../lib/gate/compare/compare-metric.ts';
import type { PairedExamples } from '../../lib/gate/evidence/paired-examples.ts';
import { GateRules, type MetricName } from '../../lib/gate/rules.ts';
import golden from '../golden/gate/cluster-jackknife.json' with { type: 'json' };

describe('the interval of a difference (refitted without each cluster by scikit-learn)', () => {
  const cases = golden.differences.flatMap((one) =>
    Object.entries(one.expected).map(([metric, expected]) => ({ ...one, metric: metric as MetricName, expected })),
  );
  test.each(cases)('$metric of $groups clusters', ({ metric, expected, groups, ...one }) => {
    const examples: PairedExamples = {
      ids: one.labels.map((_label, row) => String(row)),
      labels: Float64Array.from(one.labels),
      candidate: Float64Array.from(one.candidate),
      baseline: Float64Array.from(one.baseline),
      clusters: Int32Array.from(one.clusters),
      // A code without rows counts for nothing.
      clusterCount: groups + 1,
      slices: new Map(),
    };
    const rules = GateRules.parse({ primary: metric });
    const found = compareMetric(metric, 'primary', 'better', examples, { rules, alpha: rules.alpha });
    expect(found.clusters).toBe(groups);
    expect(found.difference).toBeCloseTo(expected.difference, 12);
    expect(found.interval?.method).toBe('cluster-jackknife-t');
    expect((found.interval?.standardError ?? 0) / expected.standardError).toBeCloseTo(1, 9);
    expect((found.interval?.degreesOfFreedom ?? 0) / expected.degreesOfFreedom).toBeCloseTo(1, 8);
  });
});
