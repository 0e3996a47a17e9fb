import { resolve } from 'node:path';
import { collect, stringsOf } from '../../engine/collect.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Frame } from '../../engine/frame.ts';
import type { ColumnInfo, TableSource } from '../../engine/table.ts';
import { tableSource } from '../../engine/table-source.ts';
import { assayError } from '../../errors.ts';
import { findScoreColumns, namedScoreColumns, type TaskShape } from '../../gate/task-shape.ts';
import { idsOf } from '../evaluate/row-ids.ts';
import { requireColumn } from '../open-dataset.ts';
import type { CompareRequest } from './compare.ts';
import { groupColumnsOf, type RuledRequest } from './compare-rules-file.ts';

/** One side's file before it is read. */
export interface OpenPredictions {
  readonly side: 'baseline' | 'candidate';
  /** For messages. */
  readonly name: string;
  readonly path: string;
  readonly source: TableSource;
  readonly columns: readonly ColumnInfo[];
}

/** One side's file, whole in memory. */
export interface PredictionFile {
  readonly side: 'baseline' | 'candidate';
  readonly name: string;
  readonly path: string;
  readonly frame: Frame;
  readonly ids: readonly (string | null)[];
  /** The columns of the scores, in order of classes or levels. */
  readonly scores: readonly string[];
}

/** A file and where it has each of the examples that are compared. */
export interface PlacedFile extends PredictionFile {
  readonly rows: Int32Array;
}

export async function openPredictions(
  engine: Engine,
  { cwd, id }: CompareRequest,
  path: string,
  side: 'baseline' | 'candidate',
): Promise<OpenPredictions> {
  const source = tableSource({ name: path, files: [resolve(cwd, path)] });
  const columns = await engine.describe(source);
  for (const column of id) requireColumn(columns, column, side, path);
  return { side, name: `${side} (${path})`, path, source, columns };
}

/** Reads what is needed of a file: ids, scores, and what the request names. Throws E_COLUMN_MISSING, E_SCORE_*. */
export async function readPredictions(
  engine: Engine,
  request: RuledRequest,
  file: OpenPredictions,
  shape: TaskShape,
): Promise<PredictionFile> {
  const known = file.columns.map(({ name }) => name);
  const scores = scoreColumns(request, file, shape);
  const { label, cluster, weight, query, id, series, time } = request;
  const named = [label, cluster, weight, query, series, time, ...groupColumnsOf(request)].filter(
    (name) => name !== undefined,
  );
  const columns = [...new Set([...id, ...scores, ...named.filter((name) => known.includes(name))])];
  const frame = await collect(engine.stream(file.source, { columns }));
  return { side: file.side, name: file.name, path: file.path, frame, ids: idsOf(frame, id), scores };
}

function scoreColumns(request: CompareRequest, file: OpenPredictions, shape: TaskShape): string[] {
  const known = file.columns.map(({ name }) => name);
  const wide = shape.task === 'multiclass' || shape.task === 'quantile';
  if (!wide && (request.scores?.length ?? 1) > 1) {
    throw assayError('E_COMPARE_RULE', { key: 'score', reason: `a ${shape.task} task has one column of predictions` });
  }
  const named = wide ? request.scores : [request.score];
  if (named === undefined) return findScoreColumns(file.name, shape, known);
  for (const name of named) requireColumn(file.columns, name, file.side, file.path);
  return wide ? namedScoreColumns(file.name, shape, named) : [...named];
}

/** The first file that has a column. Throws E_COLUMN_MISSING. */
export function withColumn<T extends PredictionFile>(
  files: readonly T[],
  column: string,
  role: string,
  dataset: string,
): T {
  const found = files.find(({ frame }) => frame.columns.has(column));
  if (found !== undefined) return found;
  const known = [...new Set(files.flatMap(({ frame }) => [...frame.columns.keys()]))];
  throw assayError('E_COLUMN_MISSING', { column, role, dataset, known });
}

/**
 * A column's texts for the examples. Equal texts are one string in memory: a column of a million rows has few of them,
 * and the table that it was read from can go.
 */
export function placedTexts(
  { frame, rows }: PlacedFile,
  column: string,
  textsOf: (frame: Frame, column: string) => readonly (string | null)[] = stringsOf,
): (string | null)[] {
  const values = textsOf(frame, column);
  const shared = new Map<string, string>();
  return Array.from(rows, (row) => {
    const value = values[row] ?? null;
    if (value === null) return null;
    const known = shared.get(value);
    if (known !== undefined) return known;
    shared.set(value, value);
    return value;
  });
}
