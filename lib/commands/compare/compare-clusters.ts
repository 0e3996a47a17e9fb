import { dayOf } from '../../duration.ts';
import { assayError } from '../../errors.ts';
import { clusterCodes } from '../../gate/evidence/paired-examples.ts';
import { daysInOrder, timeBlocks } from '../../gate/holdout/time-blocks.ts';
import { eachRow, groupCodes, type HoldoutClusters } from '../evaluate/holdout-clusters.ts';
import { type PlacedFile, placedTexts, withColumn } from './compare-file.ts';
import type { RuledRequest } from './compare-rules-file.ts';

/** Clusters of the compared rows, and the first and last day where they are days. */
export interface CompareClusters extends HoldoutClusters {
  readonly span?: { readonly from: number; readonly to: number };
}

/**
 * By the named column (a time by its day, or by blocks of days), else by query, else every row by itself. Throws
 * E_COLUMN_MISSING, and E_COMPARE_RULE for blocks of what are no days.
 */
export function compareClusters(
  { cluster, query, candidate, further }: RuledRequest,
  files: readonly PlacedFile[],
  rows: number,
): CompareClusters {
  const column = cluster ?? query;
  const { time_series: series } = further;
  const noDays = (reason: string) => assayError('E_COMPARE_RULE', { key: 'time_series', reason });
  if (series !== undefined && cluster === undefined) throw noDays('name the column of days as the cluster');
  if (column === undefined) return { ...eachRow(rows), unit: 'row' };
  const file = withColumn(files, column, 'cluster', candidate);
  const data = file.frame.columns.get(column);
  if (series !== undefined && data?.kind !== 'time') throw noDays(`"${column}" is no time or date`);
  if (data?.kind !== 'time') return { ...groupCodes(placedTexts(file, column)), unit: 'group', column };
  const days = Array.from(file.rows, (row) => dayOf(data.values[row] ?? Number.NaN));
  if (series !== undefined && days.some(Number.isNaN)) throw noDays(`"${column}" is empty in some rows`);
  const span = spanOf(days);
  const known = { column, ...(span === undefined ? {} : { span }) };
  const { block, horizon } = series ?? {};
  if (block !== undefined) return { ...timeBlocks(days, block), unit: 'block', blockDays: block, ...known };
  if (horizon !== undefined) return { ...daysInOrder(days), unit: 'day', ...known };
  const codes = clusterCodes(days.map((day) => (Number.isNaN(day) ? '(missing)' : day)));
  return { ...codes, unit: 'day', ...known };
}

/** First and last of the days that are known; undefined when none is. */
function spanOf(days: readonly number[]): CompareClusters['span'] {
  return days.reduce<CompareClusters['span']>(
    (span, day) =>
      Number.isNaN(day) ? span : { from: Math.min(span?.from ?? day, day), to: Math.max(span?.to ?? day, day) },
    undefined,
  );
}
