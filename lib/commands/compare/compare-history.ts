import { dirname, resolve } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { tableSource } from '../../engine/table-source.ts';
import { assayError } from '../../errors.ts';
import { naiveScales, ONLY_SERIES } from '../evaluate/naive-scales.ts';
import { requireColumn } from '../open-dataset.ts';
import type { CompareRequest } from './compare.ts';
import { type PlacedFile, placedTexts, withColumn } from './compare-file.ts';

/** The past of every series: what MASE holds errors against. */
export type SeriesPast = ReadonlyMap<string, number>;

/** Folders of the file that has the past, where one is named. */
export function historyFolders({ cwd, history }: CompareRequest): string[] {
  return history === undefined ? [] : [dirname(resolve(cwd, history))];
}

/**
 * The naive error of every series on its past, from the rows of `history` before those that are compared; undefined where
 * no history is named. Throws E_GATE_METRIC_NEEDS without a column of times, E_COLUMN_MISSING.
 */
export async function readPast(
  engine: Engine,
  request: CompareRequest,
  files: readonly PlacedFile[],
): Promise<SeriesPast | undefined> {
  const { cwd, history, label, series, season = 1, cluster, time = cluster } = request;
  if (history === undefined) return undefined;
  if (time === undefined) throw maseNeeds('the column of times', 'Name it with --time: the past is a series in order.');
  if (!Number.isInteger(season) || season < 1) {
    throw assayError('E_COMPARE_RULE', { key: 'season', reason: 'a whole number of rows, at least 1' });
  }
  const source = tableSource({ name: history, files: [resolve(cwd, history)] });
  const columns = await engine.describe(source);
  for (const [column, role] of [
    [time, 'time'],
    [label, 'label'],
    ...(series === undefined ? [] : [[series, 'series'] as const]),
  ] as const) {
    requireColumn(columns, column, role, history);
  }
  return naiveScales(engine, { source }, { target: label, time, series, season, before: firstTime(files, time) });
}

/** The series of every compared row. Throws E_COLUMN_MISSING. */
export function seriesTexts(
  { series, candidate }: CompareRequest,
  files: readonly PlacedFile[],
  rows: number,
): readonly (string | null)[] {
  if (series === undefined) return new Array<string>(rows).fill(ONLY_SERIES);
  return placedTexts(withColumn(files, series, 'series', candidate), series);
}

/** What a comparison by MASE lacks. */
export function maseNeeds(needs: string, how: string) {
  return assayError('E_GATE_METRIC_NEEDS', { metric: 'mase', needs, how });
}

/** The first time among the compared rows: what lies before it is past. Undefined where the files do not tell. */
function firstTime(files: readonly PlacedFile[], time: string): number | undefined {
  const file = files.find(({ frame }) => frame.columns.get(time)?.kind === 'time');
  const data = file?.frame.columns.get(time);
  if (file === undefined || data?.kind !== 'time') return undefined;
  let first = Number.POSITIVE_INFINITY;
  for (const row of file.rows) {
    const value = data.values[row] ?? Number.NaN;
    if (value < first) first = value;
  }
  return Number.isFinite(first) ? first : undefined;
}
