import { clusterStandardError, sumByCluster } from './cluster-sums.ts';
import { sampleMoments } from './sample-moments.ts';
import { type StudentOptions, type StudentTest, studentTest } from './student-test.ts';

/**
 * How the sum of squared cluster sums is corrected for few clusters (Liang & Zeger 1986; Cameron & Miller 2015, §VI.B):
 * `CR0` not at all; `G` by G/(G − 1), what the gate uses; `CR1` by G/(G − 1) · (n − 1)/(n − k), what statsmodels, Stata
 * and R's sandwich call HC1, equal to `G` for a mean (k = 1).
 */
export type ClusterCorrection = 'CR0' | 'G' | 'CR1';

/**
 * Standard error of an estimate from its influence values summed by cluster.
 *
 * @param rows n, `CR1` only
 * @param parameters k, `CR1` only
 * @returns NaN for fewer than two clusters, whose sums say nothing of the spread between clusters
 */
export function clusterRobustError(
  sums: Float64Array,
  correction: ClusterCorrection,
  rows = Number.NaN,
  parameters = 1,
): number {
  const corrected = clusterStandardError(sums);
  if (correction === 'CR0') return corrected * Math.sqrt((sums.length - 1) / sums.length);
  return correction === 'G' ? corrected : corrected * Math.sqrt((rows - 1) / (rows - parameters));
}

/** A cluster's sum this small beside the largest value is the rounding of the mean. */
const ROUNDING = 16 * Number.EPSILON;

export interface ClusteredMeanTest extends StudentTest {
  readonly clusters: number;
  readonly rows: number;
}

export interface ClusteredMeanOptions extends StudentOptions {
  readonly correction?: ClusterCorrection;
}

/**
 * t test and interval of the mean of rows that come in clusters (day, user): t with G − 1 degrees of freedom over the
 * cluster-robust standard error. Clusters are independent, rows within one need not be. One cluster (or none) is
 * `too-few`, clusters that all have the same mean are `no-variation`: see `studentTest`.
 *
 * @param clusters one code a row, 0 … count−1; codes without rows are left out
 */
export function clusteredMeanTest(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
  count: number,
  options: ClusteredMeanOptions = {},
): ClusteredMeanTest {
  const rows = values.length;
  const { mean } = sampleMoments(values);
  let largest = 0;
  const influence = Float64Array.from(values, (value) => {
    largest = Math.max(largest, Math.abs(value));
    return (value - mean) / rows;
  });
  const sums = sumByCluster(influence, clusters, count).sums.map((sum) =>
    Math.abs(sum) <= ROUNDING * largest ? 0 : sum,
  );
  const standardError = clusterRobustError(sums, options.correction ?? 'G', rows);
  const degreesOfFreedom = Math.max(0, sums.length - 1);
  const test = studentTest({ estimate: mean, standardError, degreesOfFreedom }, options);
  return { ...test, clusters: sums.length, rows };
}
