import { clusterStandardError } from './cluster-sums.ts';

export interface ClusteredMean {
  readonly mean: number;
  /** NaN for fewer than two clusters. */
  readonly standardError: number;
  readonly rows: number;
  readonly clusters: number;
}

/**
 * Mean of rows that come in clusters of different sizes, Σ sums / Σ rows, with the standard error of a ratio whose
 * independent parts are the clusters (Cochran 1977, §9; G/(G−1) corrected). Clusters without rows are left out.
 *
 * @param sums sum of the values of each cluster
 * @param rows rows of each cluster
 */
export function clusteredMean(sums: ArrayLike<number>, rows: ArrayLike<number>): ClusteredMean {
  let total = 0;
  let count = 0;
  let clusters = 0;
  for (let g = 0; g < sums.length; g++) {
    if ((rows[g] as number) === 0) continue;
    total += sums[g] as number;
    count += rows[g] as number;
    clusters++;
  }
  const mean = total / count;
  const influence = new Float64Array(clusters);
  let next = 0;
  for (let g = 0; g < sums.length; g++) {
    if ((rows[g] as number) === 0) continue;
    influence[next++] = ((sums[g] as number) - mean * (rows[g] as number)) / count;
  }
  return { mean, standardError: clusterStandardError(influence), rows: count, clusters };
}
