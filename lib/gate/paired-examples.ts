/** Both sides' scores on the same labelled examples, in ascending order of id. */
export interface PairedExamples {
  readonly ids: readonly string[];
  /** Binary: 0 or 1. Regression: the true value. */
  readonly labels: Float64Array;
  readonly candidate: Float64Array;
  readonly baseline: Float64Array;
  /** Cluster of each row, 0 … clusterCount−1. */
  readonly clusters: Int32Array;
  readonly clusterCount: number;
  /** Values of the slice columns, one entry a row; a missing value is null. */
  readonly slices: ReadonlyMap<string, readonly (string | null)[]>;
}

/** The given rows of `examples`; clusters keep their codes. */
export function selectRows(examples: PairedExamples, rows: readonly number[]): PairedExamples {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row] as number);
  return {
    ids: rows.map((row) => examples.ids[row] as string),
    labels: pick(examples.labels),
    candidate: pick(examples.candidate),
    baseline: pick(examples.baseline),
    clusters: Int32Array.from(rows, (row) => examples.clusters[row] as number),
    clusterCount: examples.clusterCount,
    slices: new Map([...examples.slices].map(([column, values]) => [column, rows.map((row) => values[row] ?? null)])),
  };
}

/** Codes of the clusters that have at least one row, ascending. */
export function presentClusters({ clusters, clusterCount }: PairedExamples): Int32Array {
  const present = new Uint8Array(clusterCount);
  for (const cluster of clusters) present[cluster] = 1;
  return Int32Array.from(present.keys()).filter((cluster) => present[cluster] === 1);
}

/** How many clusters have at least one row. */
export function countClusters(examples: PairedExamples): number {
  return presentClusters(examples).length;
}

/** Codes of cluster values in order of first appearance, and how many there are. */
export function clusterCodes(values: ArrayLike<string | number>): {
  readonly clusters: Int32Array;
  readonly clusterCount: number;
} {
  const codes = new Map<string | number, number>();
  const clusters = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as string | number;
    let code = codes.get(value);
    if (code === undefined) {
      code = codes.size;
      codes.set(value, code);
    }
    clusters[row] = code;
  }
  return { clusters, clusterCount: codes.size };
}
