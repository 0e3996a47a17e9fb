import { assayError } from '../../errors.ts';
import { clusterCodes, type TaskParts } from '../../gate/evidence/paired-examples.ts';
import type { TaskShape } from '../../gate/task-shape.ts';
import { SHOWN_ROWS } from '../../metrics/check-examples.ts';
import type { CallCosts } from '../../metrics/metric.ts';
import { firstSplitQuery } from '../../metrics/query-mean.ts';

type Texts = readonly (string | null)[];

/** The columns of a task beside labels and scores, in the order of the ids. */
export interface PartValues {
  readonly weights?: Float64Array | undefined;
  readonly costs?: CallCosts | undefined;
  readonly queries?: { readonly column: string; readonly values: Texts } | undefined;
  /** The series of every row, and the naive error of each series. */
  readonly series?: { readonly values: Texts; readonly scales: ReadonlyMap<string, number> } | undefined;
}

/** What a task's examples have beside labels and scores. Throws E_QUERY_MISSING. */
export function taskParts(
  ids: readonly string[],
  { task, classes, levels }: TaskShape,
  { weights, queries, series, costs }: PartValues,
): TaskParts {
  return {
    ...(task === 'multiclass' && classes !== undefined ? { classes } : {}),
    ...(task === 'quantile' && levels !== undefined ? { levels: Float64Array.from(levels) } : {}),
    ...(weights === undefined ? {} : { weights }),
    ...(costs === undefined ? {} : { costs }),
    ...(queries === undefined ? {} : { queries: queryCodes(ids, queries) }),
    ...(series === undefined ? {} : seriesParts(series)),
  };
}

function queryCodes(ids: readonly string[], { column, values }: { readonly column: string; readonly values: Texts }) {
  const missing: string[] = [];
  let count = 0;
  values.forEach((value, row) => {
    if (value === null && count++ < SHOWN_ROWS) missing.push(ids[row] as string);
  });
  const [id] = missing;
  if (id !== undefined) throw assayError('E_QUERY_MISSING', { column, id, ids: missing, count });
  return clusterCodes(values.map((value) => value ?? '')).clusters;
}

/** A series without a past has scale 0: MASE leaves it out. */
function seriesParts({ values, scales }: NonNullable<PartValues['series']>): Pick<TaskParts, 'series' | 'scales'> {
  const names = values.map((value) => value ?? '');
  const { clusters, clusterCount } = clusterCodes(names);
  const found = new Float64Array(clusterCount);
  names.forEach((name, row) => {
    found[clusters[row] as number] = scales.get(name) ?? 0;
  });
  return { series: clusters, scales: found };
}

/**
 * Clusters have to hold whole queries: a query that is in two of them would be evidence twice. Throws E_QUERY_SPLIT.
 *
 * @param by what the clusters are, for the message
 */
export function requireWholeQueries(
  ids: readonly string[],
  queries: { readonly column: string; readonly values: Texts } | undefined,
  codes: Int32Array | undefined,
  clusters: Int32Array,
  by: string,
): void {
  if (queries === undefined || codes === undefined) return;
  const row = firstSplitQuery(codes, clusters);
  if (row === undefined) return;
  const query = queries.values[row] ?? '';
  throw assayError('E_QUERY_SPLIT', { column: queries.column, query, clusters: by, id: ids[row] ?? '' });
}

/** A slice column without any value would be looked at and say nothing. Throws E_SLICE_EMPTY. */
export function requireSliceValues(ids: readonly string[], slices: ReadonlyMap<string, Texts>): void {
  for (const [column, values] of slices) {
    if (ids.length > 0 && values.every((value) => value === null)) {
      throw assayError('E_SLICE_EMPTY', { column, rows: ids.length, id: ids[0] ?? '' });
    }
  }
}
