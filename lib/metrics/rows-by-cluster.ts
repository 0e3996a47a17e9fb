/**
 * The rows of every cluster.
 *
 * @param order all rows, in the order that those of a cluster are wanted in; ascending when left out
 */
export function rowsByCluster(clusters: ArrayLike<number>, count: number, order?: ArrayLike<number>): Int32Array[] {
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
  for (let i = 0; i < clusters.length; i++) {
    const row = order === undefined ? i : (order[i] as number);
    const cluster = clusters[row] as number;
    const at = next[cluster] as number;
    rows[at] = row;
    next[cluster] = at + 1;
  }
  return Array.from({ length: count }, (_none, cluster) => rows.subarray(start[cluster], start[cluster + 1]));
}
