import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Digest, sha256 } from '../../digest.ts';
import { collect } from '../../engine/collect.ts';
import type { Engine, Selection } from '../../engine/engine.ts';
import type { Frame } from '../../engine/frame.ts';
import type { TableFormat } from '../../engine/table.ts';
import { tableSource } from '../../engine/table-source.ts';
import { scoresInOrder } from '../../gate/evidence/pair-by-id.ts';
import { findScoreColumns, scoreColumnNames, type TaskShape } from '../../gate/task-shape.ts';
import { readStatus } from '../../git/status.ts';
import { withWorktree } from '../../git/worktree.ts';
import { loadBuiltInModel } from '../../model/built-in-model.ts';
import { stateFolder } from '../../train/run-folder.ts';
import type { RunRecord } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import { type OpenDataset, requireColumn } from '../open-dataset.ts';
import { runPredictCommand } from '../train/user-command.ts';
import { predictSpec } from './predict-spec.ts';
import { idsOf } from './row-ids.ts';
import { scoresOfFrame } from './scores-of-frame.ts';

export { SCORE_COLUMN } from '../../gate/task-shape.ts';

/** A trained model on disk and what is known of it. */
export interface ScoringModel {
  /** For messages: `candidate`, `baseline 1.0.0`. */
  readonly title: string;
  /** Its files. */
  readonly folder: string;
  readonly record: RunRecord;
  /** `here`: its code is the work tree's. `commit`: it is scored by its own commit's code, in a worktree. */
  readonly code: 'here' | 'commit';
}

/** Rows to be scored, in the order the scores are wanted. */
export interface RowsToScore {
  readonly dataset: OpenDataset;
  /** What the scores of a row are: one, or one for each class or level. */
  readonly shape: TaskShape;
  readonly frame: Frame;
  readonly ids: readonly string[];
  /** Rows of the dataset that have them all; a predict command may score more than is asked. */
  readonly selection: Selection;
}

/**
 * The finite scores of each row (rows × classes or levels, else one a row): by the built-in model, or by the model's own
 * predict command, run without the target column and without tokens. Throws E_MODEL_*, E_COMMAND_*, E_PAIR_* and E_SCORE_*.
 */
export async function scoreModel(
  context: Context,
  engine: Engine,
  model: ScoringModel,
  rows: RowsToScore,
): Promise<Float64Array> {
  if (model.record.inputs.predict === undefined) {
    const scores = (await loadBuiltInModel(model.folder)).score(rows.frame);
    return scoresInOrder(model.title, rows.ids, { ids: rows.ids, scores });
  }
  const work = await mkdtemp(join(await stateFolder(context.root), 'predict-'));
  try {
    return await inItsCode(context, model, (cwd) => scoreByCommand(context, engine, model, rows, cwd, work));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The digest of scores in id order: what "these predictions" means in a decision and in the ledger. */
export function predictionsDigest(scores: Float64Array): Digest {
  return sha256(new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength));
}

/** Runs `body` where the model's code is: here, or in a worktree of its commit when the work tree has moved on. */
export async function inItsCode<T>(
  context: Context,
  { record, code }: ScoringModel,
  body: (cwd: string) => Promise<T>,
): Promise<T> {
  const { commit } = record.git;
  if (code === 'here' || commit === undefined) return body(context.root);
  const status = await readStatus(context.git);
  if (status.commit === commit && !status.dirty) return body(context.root);
  return withWorktree(context.git, context.remote, commit, body);
}

async function scoreByCommand(
  context: Context,
  engine: Engine,
  model: ScoringModel,
  rows: RowsToScore,
  cwd: string,
  work: string,
): Promise<Float64Array> {
  const spec = await predictSpec(engine, model, rows, work);
  await runPredictCommand(context, model.record.inputs.predict ?? [], cwd, work, spec);
  return readScores(engine, model.title, spec.output, rows, 'csv');
}

/** Scores of a file with the dataset's id columns and those of the scores. Throws E_COLUMN_MISSING, E_PAIR_*, E_SCORE_*. */
export async function readScores(
  engine: Engine,
  title: string,
  file: string,
  rows: Pick<RowsToScore, 'dataset' | 'shape' | 'ids'>,
  format?: TableFormat,
): Promise<Float64Array> {
  const id = rows.dataset.config.id ?? [];
  const name = `predictions of the ${title}`;
  const source = tableSource({ name, files: [file], ...(format === undefined ? {} : { format }) });
  const known = (await engine.describe(source)).map((column) => column.name);
  for (const column of id)
    requireColumn(
      known.map((one) => ({ name: one })),
      column,
      `of the ${title}`,
      basename(file),
    );
  const columns = scoreColumnsOf(title, rows.shape, known, basename(file));
  const predictions = await collect(engine.stream(source, { columns: [...new Set([...id, ...columns])] }));
  return scoresInOrder(title, rows.ids, {
    ids: idsOf(predictions, id),
    scores: scoresOfFrame(predictions, columns),
    width: columns.length,
    columns,
  });
}

/** The columns of the scores. Where a row has one, its absence is a column's like any other. */
function scoreColumnsOf(title: string, shape: TaskShape, known: readonly string[], file: string): string[] {
  const names = scoreColumnNames(shape);
  if (names.length > 1) return findScoreColumns(title, shape, known);
  const named = known.map((name) => ({ name }));
  return names.map((name) => requireColumn(named, name, `of the ${title}`, file).name);
}
