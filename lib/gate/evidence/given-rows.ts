import type { PairedExamples } from './paired-examples.ts';

/** Labelled rows that nobody has scored: what a holdout's data say, in one order. */
export interface GivenRows extends Omit<PairedExamples, 'ids' | 'candidate' | 'baseline' | 'seeds' | 'thresholds'> {
  /** Which rows they are: seeds what is drawn for them. */
  readonly digest: string;
}

/**
 * The same rows several times, each time in clusters and queries of their own, one after another in time; slices, classes
 * and series stay the same. For what a longer holdout of the same kind would be.
 */
export function repeatRows(rows: GivenRows, times: number): GivenRows {
  const { labels, clusters, clusterCount, slices, weights, queries, series } = rows;
  const queryCount = queries?.reduce((most, code) => Math.max(most, code + 1), 0) ?? 0;
  const copies = Array.from({ length: times }, (_none, copy) => copy);
  const floats = (values: Float64Array) => Float64Array.from(copies.flatMap(() => [...values]));
  const codes = (values: Int32Array, step: number) =>
    Int32Array.from(copies.flatMap((copy) => Array.from(values, (code) => code + copy * step)));
  return {
    ...rows,
    labels: floats(labels),
    clusters: codes(clusters, clusterCount),
    clusterCount: clusterCount * times,
    slices: new Map([...slices].map(([column, values]) => [column, copies.flatMap(() => values)])),
    ...(weights === undefined ? {} : { weights: floats(weights) }),
    ...(queries === undefined ? {} : { queries: codes(queries, queryCount) }),
    ...(series === undefined ? {} : { series: codes(series, 0) }),
  };
}

/** Rows of every cluster, in order of the clusters' codes. */
export function clusterSizes({ clusters, clusterCount }: Pick<GivenRows, 'clusters' | 'clusterCount'>): number[] {
  const sizes = new Array<number>(clusterCount).fill(0);
  for (const cluster of clusters) sizes[cluster] = (sizes[cluster] ?? 0) + 1;
  return sizes;
}
