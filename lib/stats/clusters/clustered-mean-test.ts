import { type StudentOptions, type StudentTest, studentTest } from '../means/student-test.ts';
import { sampleMoments } from '../numbers/sample-moments.ts';
import { bellMcCaffreyDegrees, bellMcCaffreyError } from './bell-mccaffrey.ts';
import { type ClusterSums, clusterStandardError, sumByCluster } from './cluster-sums.ts';

/**
 * How the sum of squared cluster sums is corrected for few clusters (Liang & Zeger 1986; Cameron & Miller 2015, §VI.B):
 * `CR0` not at all; `G` by G/(G − 1), what the gate uses; `CR1` by G/(G − 1) · (n − 1)/(n − k), what statsmodels, Stata
 * and R's sandwich call HC1, equal to `G` for a mean (k = 1); `CR2` by each cluster's share of the rows, with fewer degrees
 * of freedom where shares differ (Bell & McCaffrey 2002; R's clubSandwich).
 */
export type ClusterCorrection = 'CR0' | 'G' | 'CR1' | 'CR2';

/**
 * Standard error of an estimate from its influence values summed by cluster.
 *
 * @param rows n, `CR1` only
 * @param parameters k, `CR1` only
 * @returns NaN for fewer than two clusters, whose sums say nothing of the spread between clusters
 */
export function clusterRobustError(
  sums: Float64Array,
  correction: Exclude<ClusterCorrection, 'CR2'>,
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
 * t test and interval of the mean of rows that come in clusters (day, user): t with G − 1 degrees of freedom (of `CR2`
 * Satterthwaite's) over the cluster-robust standard error. Clusters are independent, rows within one need not be. One cluster
 * (or none) is `too-few`, clusters that all have the same mean are `no-variation`: see `studentTest`.
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
  const byCluster = sumByCluster(influence, clusters, count);
  const sums = byCluster.sums.map((sum) => (Math.abs(sum) <= ROUNDING * largest ? 0 : sum));
  const precision = precisionOf({ ...byCluster, sums }, options.correction ?? 'G', rows);
  const test = studentTest({ estimate: mean, ...precision }, options);
  return { ...test, clusters: sums.length, rows };
}

function precisionOf(
  { sums, shares }: ClusterSums,
  correction: ClusterCorrection,
  rows: number,
): { readonly standardError: number; readonly degreesOfFreedom: number } {
  if (correction === 'CR2') {
    return { standardError: bellMcCaffreyError(sums, shares), degreesOfFreedom: bellMcCaffreyDegrees(shares) };
  }
  return {
    standardError: clusterRobustError(sums, correction, rows),
    degreesOfFreedom: Math.max(0, sums.length - 1),
  };
}
