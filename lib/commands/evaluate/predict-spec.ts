import { join } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { scoreColumnNames } from '../../gate/task-shape.ts';
import type { PredictSpec } from '../train/user-command.ts';
import type { RowsToScore, ScoringModel } from './score-model.ts';

/**
 * Writes the rows that a predict command is to score, without the target, and says what it is told.
 *
 * @param limit the first rows alone; all when left out
 */
export async function predictSpec(
  engine: Engine,
  { record, folder }: ScoringModel,
  { dataset, selection, shape }: Pick<RowsToScore, 'dataset' | 'selection' | 'shape'>,
  work: string,
  limit?: number,
): Promise<PredictSpec> {
  const format = dataset.source.format === 'parquet' ? 'parquet' : 'csv';
  const data = join(work, `rows.${format}`);
  const columns = dataset.columns.map(({ name }) => name).filter((name) => name !== record.inputs.target);
  const rows = { ...selection, columns, ...(limit === undefined ? {} : { limit }) };
  await engine.write(dataset.source, rows, { path: data, format });
  const { task, classes = [], levels = [] } = shape;
  return {
    artifact: folder,
    data,
    format,
    output: join(work, 'predictions.csv'),
    id: dataset.config.id ?? [],
    task,
    ...(task === 'multiclass' ? { classes } : {}),
    ...(task === 'quantile' ? { levels } : {}),
    scores: scoreColumnNames(shape),
  };
}
