import { describe, expect, test } from 'vitest';
import { clusteredMeanTest, clusterRobustError } from '../../lib/stats/clusters/clustered-mean-test.ts';
import { intraclassCorrelation } from '../../lib/stats/clusters/design-effect.ts';
import { pairedT } from '../../lib/stats/means/paired-t.ts';
import type { StudentTest } from '../../lib/stats/means/student-test.ts';
import { expectKeys } from '../golden/expect-keys.ts';
import { goldenCases, materialize } from '../golden/golden.ts';

describe('clustered standard errors (statsmodels, R sandwich)', () => {
  test.each(goldenCases('clustered_se').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const values = materialize(golden.input.s);
    const clusters = materialize(golden.input.clusters);
    const errors = (['CR0', 'G', 'CR1'] as const).map((correction) =>
      clusteredMeanTest(values, clusters, Math.max(...clusters) + 1, { correction }),
    );
    const [cr0, g, cr1] = errors.map((one) => one.standardError);
    const first = errors[0] as StudentTest & { clusters: number; rows: number };
    const summary = { mean: first.estimate, n: first.rows, n_clusters: first.clusters };
    const naive = { se_naive: pairedT(values).standardError };
    // One cluster says nothing of the spread between clusters: ours is NaN where the formula gives rounding noise.
    if (first.clusters < 2) {
      expect(first).toMatchObject({ degenerate: 'too-few', standardError: Number.NaN, pValue: 1 });
      return expectKeys(golden, { ...summary, ...naive }, ['se_cr0']);
    }
    const critical = (first.upper - first.estimate) / first.standardError;
    return expectKeys(golden, {
      ...summary,
      ...naive,
      se_cr0: cr0,
      se_cr_g: g,
      se_cr1_statsmodels: cr1,
      t_crit_df_g_minus_1: critical,
    });
  });

  test.each(goldenCases('clustered_mean').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const [y, clusters] = [materialize(golden.input.y), materialize(golden.input.clusters)];
    const count = Math.max(...clusters) + 1;
    const result = clusteredMeanTest(y, clusters, count);
    expectKeys(golden, {
      mean: result.estimate,
      se: result.standardError,
      t: result.statistic,
      p: result.pValue,
      ci_lo: result.lower,
      ci_hi: result.upper,
      icc: intraclassCorrelation(y, clusters, count),
    });
  });

  test('the correction for parameters is CR1 alone', () => {
    const sums = Float64Array.of(0.3, -0.1, -0.2);
    const g = clusterRobustError(sums, 'G');
    expect(g).toBeCloseTo(clusterRobustError(sums, 'CR0') * Math.sqrt(3 / 2), 14);
    expect(clusterRobustError(sums, 'CR1', 10, 3)).toBeCloseTo(g * Math.sqrt(9 / 7), 14);
    expect(clusterRobustError(Float64Array.of(0.3), 'CR0')).toBeNaN();
  });

  test('the intra-class correlation is 1 within constant clusters and undefined without pairs', () => {
    expect(intraclassCorrelation([1, 1, 2, 2], [0, 0, 1, 1], 2)).toBe(1);
    expect(intraclassCorrelation([1, 2], [0, 1], 2)).toBeNaN();
    expect(intraclassCorrelation([1, 2], [0, 0], 1)).toBeNaN();
    expect(intraclassCorrelation([5, 5, 5, 5], [0, 0, 1, 1], 2)).toBeNaN();
  });
});
