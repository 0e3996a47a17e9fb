import { dayOf } from '../duration.ts';
import { clusterCodes } from '../gate/paired-examples.ts';
import type { CompareRequest } from './compare.ts';
import { type PlacedFile, placedTexts, withColumn } from './compare-file.ts';
import { eachRow, groupCodes, type HoldoutClusters } from './holdout-clusters.ts';

/** Clusters of the compared rows, and the first and last day where they are days. */
export interface CompareClusters extends HoldoutClusters {
  readonly span?: { readonly from: number; readonly to: number };
}

/** By the named column (a time by its day), else by query, else every row by itself. Throws E_COLUMN_MISSING. */
export function compareClusters(
  { cluster, query, candidate }: CompareRequest,
  files: readonly PlacedFile[],
  rows: number,
): CompareClusters {
  const column = cluster ?? query;
  if (column === undefined) return { ...eachRow(rows), unit: 'row' };
  const file = withColumn(files, column, 'cluster', candidate);
  const data = file.frame.columns.get(column);
  if (data?.kind !== 'time') return { ...groupCodes(placedTexts(file, column)), unit: 'group', column };
  const days = Array.from(file.rows, (row) => dayOf(data.values[row] ?? Number.NaN));
  const codes = clusterCodes(days.map((day) => (Number.isNaN(day) ? '(missing)' : day)));
  const span = spanOf(days);
  return { ...codes, unit: 'day', column, ...(span === undefined ? {} : { span }) };
}

/** First and last of the days that are known; undefined when none is. */
function spanOf(days: readonly number[]): CompareClusters['span'] {
  return days.reduce<CompareClusters['span']>(
    (span, day) =>
      Number.isNaN(day) ? span : { from: Math.min(span?.from ?? day, day), to: Math.max(span?.to ?? day, day) },
    undefined,
  );
}
