import type { CallCosts, Examples } from '../../metrics/metric.ts';

/** What the rows of a task have beside labels and scores; the names are those of `Examples`. */
export interface TaskParts {
  /** Multiclass: the names of the classes, in the order of the columns of the scores. */
  readonly classes?: readonly string[];
  /** Quantile: the levels that the columns of the scores predict, ascending, inside (0, 1). */
  readonly levels?: Float64Array;
  /** How often a row counts: above 0; all 1 when left out. */
  readonly weights?: Float64Array;
  /** Ranking: the code of a row's query, from 0. */
  readonly queries?: Int32Array;
  /** Forecast: the code of a row's series, from 0. */
  readonly series?: Int32Array;
  /** Forecast: mean absolute error of every series' naive forecast on its past, in the target's unit. */
  readonly scales?: Float64Array;
  /** Binary: what a wrong call costs. */
  readonly costs?: CallCosts;
}

/** Both sides' scores on the same labelled examples, in ascending order of id. */
export interface PairedExamples extends TaskParts {
  readonly ids: readonly string[];
  /** Binary: 0 or 1. Multiclass: index of the class. Ranking: relevance. Else the true value. */
  readonly labels: Float64Array;
  /** rows × `scoreWidth`, row after row. */
  readonly candidate: Float64Array;
  /** rows × `scoreWidth`, row after row. */
  readonly baseline: Float64Array;
  /** The candidate's scores by every seed it was trained with, `candidate` first; absent for one training. */
  readonly seeds?: readonly Float64Array[];
  /** Binary: the score from which each side is called positive, where it is not one for both. */
  readonly thresholds?: { readonly candidate: number; readonly baseline: number };
  /** Cluster of each row, 0 … clusterCount−1. */
  readonly clusters: Int32Array;
  readonly clusterCount: number;
  /** Values of the slice columns, one entry a row; a missing value is null. */
  readonly slices: ReadonlyMap<string, readonly (string | null)[]>;
}

/** How many scores a row has: one a class or level, else one. */
export function scoreWidth({ classes, levels }: TaskParts): number {
  return classes?.length ?? levels?.length ?? 1;
}

/**
 * One side's examples, as metrics take them. `scores` are the candidate's, the baseline's, or another model's on the
 * same rows.
 *
 * @param threshold binary: a score of at least this is called positive, where the sides have no thresholds of their own;
 * scores that are not the baseline's are called by the candidate's
 */
export function sideExamples(
  {
    labels,
    classes,
    levels,
    weights,
    queries,
    series,
    scales,
    costs,
    baseline,
    thresholds,
  }: TaskParts & Pick<PairedExamples, 'labels' | 'thresholds'> & { readonly baseline?: Float64Array },
  scores: Float64Array,
  threshold: number,
): Examples {
  const own = scores === baseline ? thresholds?.baseline : thresholds?.candidate;
  return {
    labels,
    scores,
    threshold: own ?? threshold,
    ...(costs === undefined ? {} : { costs }),
    ...(weights === undefined ? {} : { weights }),
    ...(classes === undefined ? {} : { classes: classes.length }),
    ...(levels === undefined ? {} : { levels }),
    ...(queries === undefined ? {} : { queries }),
    ...(series === undefined ? {} : { series }),
    ...(scales === undefined ? {} : { scales }),
  };
}

/** The given rows of `examples`; clusters, queries and series keep their codes. */
export function selectRows(examples: PairedExamples, rows: ArrayLike<number>): PairedExamples {
  const width = scoreWidth(examples);
  const pick = (values: Float64Array): Float64Array => pickScores(values, rows, 1);
  const codes = (values: Int32Array): Int32Array => {
    const picked = new Int32Array(rows.length);
    for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] as number] as number;
    return picked;
  };
  const scores = (values: Float64Array): Float64Array => pickScores(values, rows, width);
  const { classes, levels, weights, queries, series, scales, costs, thresholds } = examples;
  return {
    ids: pickTexts(examples.ids, rows),
    labels: pick(examples.labels),
    candidate: scores(examples.candidate),
    baseline: scores(examples.baseline),
    ...(examples.seeds === undefined ? {} : { seeds: examples.seeds.map(scores) }),
    clusters: codes(examples.clusters),
    clusterCount: examples.clusterCount,
    slices: new Map([...examples.slices].map(([column, values]) => [column, pickTexts(values, rows)])),
    ...(classes === undefined ? {} : { classes }),
    ...(levels === undefined ? {} : { levels }),
    ...(weights === undefined ? {} : { weights: pick(weights) }),
    ...(queries === undefined ? {} : { queries: codes(queries) }),
    ...(series === undefined ? {} : { series: codes(series) }),
    ...(scales === undefined ? {} : { scales }),
    ...(costs === undefined ? {} : { costs }),
    ...(thresholds === undefined ? {} : { thresholds }),
  };
}

/** The given rows of a column of texts. A loop: `Array.from` takes several times as long, and there are slices of it all. */
export function pickTexts<T extends string | null>(values: readonly T[], rows: ArrayLike<number>): T[] {
  const picked: T[] = [];
  for (let i = 0; i < rows.length; i++) picked.push(values[rows[i] as number] as T);
  return picked;
}

/** The given rows of a matrix of `width` columns, row after row. */
export function pickScores(values: Float64Array, rows: ArrayLike<number>, width: number): Float64Array {
  const picked = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const start = (rows[i] as number) * width;
    for (let j = 0; j < width; j++) picked[i * width + j] = values[start + j] as number;
  }
  return picked;
}

/** Codes of the clusters that have at least one row, ascending. */
export function presentClusters({ clusters, clusterCount }: PairedExamples): Int32Array {
  const present = new Uint8Array(clusterCount);
  for (let row = 0; row < clusters.length; row++) present[clusters[row] as number] = 1;
  return Int32Array.from(present.keys()).filter((cluster) => present[cluster] === 1);
}

/** Rows of every cluster that has any (where rows have weights, those), in the order of `presentClusters`. */
export function clusterSizes({ clusters, clusterCount, weights }: PairedExamples): Float64Array {
  const sizes = new Float64Array(clusterCount);
  for (let row = 0; row < clusters.length; row++) {
    const cluster = clusters[row] as number;
    sizes[cluster] = (sizes[cluster] as number) + (weights?.[row] ?? 1);
  }
  return sizes.filter((size) => size > 0);
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
