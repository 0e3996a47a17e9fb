import type { Profile } from '../profile/profile.ts';
import type { DriftConfig } from '../project/config.ts';
import { type OpenDataset, requireColumn, rowIdColumn } from './open-dataset.ts';
import type { RegisteredModel } from './registry/registered-model.ts';

/**
 * The declared columns, else what the model takes, without those that are new by nature: the id and the time itself.
 * Throws E_COLUMN_MISSING for a declared column that the registered profile does not count.
 */
export function watchedColumns(
  config: DriftConfig,
  dataset: OpenDataset,
  { run }: RegisteredModel,
  reference: Profile,
): { columns: string[] } {
  const counted = (reference.days?.bins ?? []).map((bins) => ({ name: bins.column }));
  if (config.columns !== undefined) {
    const known = reference.columns.filter(({ name }) => counted.some((bins) => bins.name === name));
    for (const column of config.columns) requireColumn(known, column, 'drift.columns', dataset.name);
    return { columns: [...config.columns] };
  }
  const apart = new Set([dataset.config.time, rowIdColumn(dataset)]);
  const inputs = run.signature.inputs.map(({ name }) => name).filter((name) => !apart.has(name));
  return { columns: inputs.filter((name) => counted.some((bins) => bins.name === name)) };
}

/** Columns that the model takes and new rows do not have: drift reports them, but such rows cannot be scored. */
export function absentInputs(dataset: OpenDataset, { run }: RegisteredModel): string[] {
  const known = new Set(dataset.columns.map(({ name }) => name));
  return run.signature.inputs.map(({ name }) => name).filter((name) => !known.has(name));
}
