/** The rows of every cluster, in order. */
export function rowsByCluster(clusters: ArrayLike<number>, count: number): Int32Array[] {
  const start = new Int32Array(count + 1);
  for (let row = 0; row < clusters.length; row++) {
    const after = (clusters[row] as number) + 1;
    start[after] = (start[after] as number) + 1;
  }
  for (let cluster = 0; cluster < count; cluster++) {
    start[cluster + 1] = (start[cluster + 1] as number) + (start[cluster] as number);
  }
  const next = start.slice();
  const rows = new Int32Array(clusters.length);
  for (let row = 0; row < clusters.length; row++) {
    const cluster = clusters[row] as number;
    const at = next[cluster] as number;
    rows[at] = row;
    next[cluster] = at + 1;
  }
  return Array.from({ length: count }, (_none, cluster) => rows.subarray(start[cluster], start[cluster + 1]));
}
