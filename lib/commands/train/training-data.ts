import { isoDay } from '../../duration.ts';
import { collect } from '../../engine/collect.ts';
import type { Engine, Selection } from '../../engine/engine.ts';
import { column, min } from '../../engine/expression.ts';
import type { ColumnInfo } from '../../engine/table.ts';
import { assayError } from '../../errors.ts';
import { trainingEnd } from '../../gate/holdout/holdout-window.ts';
import type { ModelConfig } from '../../project/config.ts';
import { timeBefore, timeRange } from '../evaluate/time-rows.ts';
import { columnOf, type OpenDataset, timeColumnOf } from '../open-dataset.ts';

/** The rows that a run may learn from. */
export interface TrainingData {
  readonly dataset: OpenDataset;
  readonly selection: Selection;
  /** ISO times; `to` is exclusive. Absent when the dataset has no time column. */
  readonly window: { readonly from?: string; readonly to?: string };
}

/**
 * Everything before the holdout, when both come from one dataset (design §5); the whole dataset when the holdout is
 * another one. Throws E_TRAINING_EMPTY when nothing is left.
 */
export async function trainingData(engine: Engine, dataset: OpenDataset, model: ModelConfig): Promise<TrainingData> {
  columnOf(dataset, model.target, 'target');
  // A declared id that is not there would leave the real one among the features.
  for (const id of dataset.config.id ?? []) columnOf(dataset, id, 'id');
  await requireTimes(engine, dataset);
  const time = timeColumnOf(dataset);
  if (time === undefined) return { dataset, selection: {}, window: {} };
  const range = await timeRange(engine, dataset.source, time);
  if (range === undefined) throw assayError('E_DATASET_NO_TIMES', { dataset: dataset.name, column: time });
  const shared = model.holdout.data === undefined || model.holdout.data === model.train.data;
  const to = trainingEnd(range.newest, shared ? (model.holdout.last ?? 0) : 0);
  if (range.oldest >= to) throw assayError('E_TRAINING_EMPTY', { dataset: dataset.name, before: isoDay(to) });
  return {
    dataset,
    selection: { where: timeBefore(time, to) },
    window: { from: new Date(range.oldest).toISOString(), to: new Date(to).toISOString() },
  };
}

/** A text file without rows has columns of text: then the rows are missing, and not the type of the time column wrong. */
async function requireTimes(engine: Engine, dataset: OpenDataset): Promise<void> {
  const { time } = dataset.config;
  if (time === undefined || columnOf(dataset, time, 'time').type !== 'string') return;
  const [row] = await engine.aggregate(dataset.source, { aggregates: { first: min(column(time)) } });
  if ((row?.first ?? null) === null) throw assayError('E_DATASET_NO_TIMES', { dataset: dataset.name, column: time });
}

/** Columns that a built-in trainer learns from: the declared ones, else all but target, ids and time. */
export function featuresOf(dataset: OpenDataset, model: ModelConfig): string[] {
  if ('trainer' in model.train && model.train.features !== undefined) {
    for (const feature of model.train.features) columnOf(dataset, feature, 'feature');
    return [...model.train.features];
  }
  const apart = new Set([model.target, dataset.config.time, ...(dataset.config.id ?? [])]);
  return dataset.columns.map(({ name }) => name).filter((name) => !apart.has(name));
}

/** The training rows' features and target in memory, for a built-in trainer. */
export function trainingFrame(engine: Engine, { dataset, selection }: TrainingData, columns: readonly string[]) {
  return collect(engine.stream(dataset.source, { ...selection, columns }));
}

/** Infos of the named columns, in their order. */
export function infosOf(dataset: OpenDataset, names: readonly string[]): ColumnInfo[] {
  return names.map((name) => columnOf(dataset, name, 'input'));
}
