import { describe, expect, test } from 'vitest';
import { meanEstimate } from '../../lib/metrics/function-of-sums.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { clusterStandardError, sumByCluster } from '../../lib/stats/clusters/cluster-sums.ts';
import { studentCdf, studentQuantile } from '../../lib/stats/distributions/student-t.ts';
import { holm } from '../../lib/stats/multiplicity/holm.ts';
import { expectGolden, goldenCases, materialize } from '../golden/golden.ts';

describe('clustered standard error of a mean (statsmodels, R sandwich)', () => {
  test.each(goldenCases('clustered_se').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const values = materialize(golden.input.s);
    const clusters = materialize(golden.input.clusters);
    const estimate = meanEstimate(values);
    if (estimate === undefined) throw new Error('no estimate');
    const { sums } = sumByCluster(estimate.influence, clusters, Math.max(...clusters) + 1);
    expectGolden(golden, 'mean', estimate.value);
    expect(sums.length).toBe(golden.expected.n_clusters);
    if (sums.length < 2) expect(clusterStandardError(sums)).toBeNaN();
    else {
      expectGolden(golden, 'se_cr_g', clusterStandardError(sums));
      expectGolden(golden, 't_crit_df_g_minus_1', studentQuantile(0.975, sums.length - 1));
    }
  });
});

describe('clustered F1 difference', () => {
  const golden = goldenCases('ratio_linearised').find((one) => one.id.endsWith('f1-clustered'));
  test('adds influence values up by cluster', () => {
    if (golden === undefined) throw new Error('the fixture is missing');
    const labels = materialize(golden.input.labels);
    const [a, b] = ['a', 'b'].map((side) =>
      METRICS.f1.estimate({ labels, scores: materialize(golden.input[`pred_${side}`]), threshold: 0.5 }),
    );
    const influence = labels.map((_label, row) => (b?.influence[row] as number) - (a?.influence[row] as number));
    const { sums } = sumByCluster(influence, materialize(golden.input.clusters), 5);
    // The fixture has no small-sample factor; ours is sqrt(G / (G - 1)).
    expectGolden(golden, 'se_delta', clusterStandardError(sums) / Math.sqrt(5 / 4));
  });
});

describe("Student's t (SciPy, mpmath)", () => {
  const cases = goldenCases('distribution').filter((one) => one.input.dist === 't');
  const cdf = cases.filter((one) => one.options.fn === 'cdf' && 'cdf' in one.expected);
  const quantile = cases.filter((one) => /ppf|quantile/.test(String(one.options.fn)));
  test('there are cases', () => expect(cdf.length + quantile.length).toBeGreaterThan(3));
  test.each(cdf.map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const [df] = golden.input.params as number[];
    expectGolden(golden, 'cdf', studentCdf(golden.input.x as number, df as number));
  });
});

describe("Holm's procedure (statsmodels)", () => {
  test.each(goldenCases('multiplicity').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const p = golden.input.p as (number | null)[];
    if (p.some((value) => value === null)) return expect(golden.id).toContain('null');
    const adjusted = golden.expected.holm as number[];
    const { rejected } = holm(p as number[], 0.05);
    expect(rejected).toEqual(adjusted.map((value) => value <= 0.05));
  });

  test('shows every hypothesis at a level that agrees with its answer', () => {
    const p = [0.02, 0.02, 0.04];
    const { rejected, level } = holm(p, 0.05);
    expect(p.map((value, index) => value <= (level[index] as number))).toEqual(rejected);
  });
});
