/** Influence values added up by cluster, and the clusters' shares of the rows. */
export interface ClusterSums {
  /** One sum a cluster. */
  readonly sums: Float64Array;
  /** Rows of the cluster over all rows; they add up to 1. */
  readonly shares: Float64Array;
}

/**
 * @param influence one value a row
 * @param clusters one code a row, 0 … count−1; a code without rows is left out
 */
export function sumByCluster(influence: Float64Array, clusters: ArrayLike<number>, count: number): ClusterSums {
  const sums = new Float64Array(count);
  const rows = new Float64Array(count);
  for (let i = 0; i < influence.length; i++) {
    const cluster = clusters[i] as number;
    sums[cluster] = (sums[cluster] as number) + (influence[i] as number);
    rows[cluster] = (rows[cluster] as number) + 1;
  }
  const present = [...rows.keys()].filter((cluster) => (rows[cluster] as number) > 0);
  return {
    sums: Float64Array.from(present, (cluster) => sums[cluster] as number),
    shares: Float64Array.from(present, (cluster) => (rows[cluster] as number) / influence.length),
  };
}

/**
 * Standard error of an estimate whose influence values sum to `sums` by cluster: √(G/(G−1) · Σ s²)
 * (Liang & Zeger 1986, with the G/(G−1) correction). NaN for fewer than two clusters.
 */
export function clusterStandardError(sums: Float64Array): number {
  const count = sums.length;
  if (count < 2) return Number.NaN;
  let squares = 0;
  for (const sum of sums) squares += sum * sum;
  return Math.sqrt((count / (count - 1)) * squares);
}
