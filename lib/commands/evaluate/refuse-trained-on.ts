import type { Engine, Selection } from '../../engine/engine.ts';
import { assayError } from '../../errors.ts';
import { SHOWN_ROWS } from '../../metrics/check-examples.ts';
import { sketchedIds } from '../../registry/id-sketch.ts';
import type { RunRecord } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import type { OpenDataset } from '../open-dataset.ts';
import type { HoldoutRows } from './holdout-rows.ts';
import { idsOf } from './row-ids.ts';

/**
 * The holdout shares no id with the training rows (design §5): a model knows what it was trained on. Where the training
 * rows have no such ids, only time can tell them apart, and a warning says when there is none either.
 *
 * @param selection the rows of `training` that were trained on; all of them when left out

 * Throws E_HOLDOUT_OVERLAP.
 */
export async function refuseTrainedOn(
  context: Context,
  engine: Engine,
  training: OpenDataset,
  { dataset, ids }: HoldoutRows,
  selection: Selection = {},
): Promise<void> {
  const columns = dataset.config.id ?? [];
  const known = new Set(training.columns.map(({ name }) => name));
  if (!columns.every((column) => known.has(column))) {
    if (dataset.config.time === undefined || training.config.time === undefined) {
      context.log.warning(
        `nobody can tell whether rows of "${dataset.name}" were trained on: "${training.name}" has no ${columns.join(', ')}`,
      );
    }
    return;
  }
  const held = new Set(ids);
  const shared = new Set<string>();
  for await (const frame of engine.stream(training.source, { ...selection, columns })) {
    for (const id of idsOf(frame, columns)) if (id !== null && held.has(id)) shared.add(id);
  }
  refuseShared(dataset.name, [...shared].sort());
}

/**
 * As `refuseTrainedOn`, for a run whose rows are not at hand any more: by the sketch of their ids that its record keeps. An
 * id in the sketch was trained on for certain; a few that were may be in no sketch of many rows. Throws E_HOLDOUT_OVERLAP.
 */
export function refuseSketched({ ids: trained }: RunRecord, { dataset, ids }: HoldoutRows): void {
  const columns = dataset.config.id ?? [];
  if (trained === undefined || trained.columns.join() !== columns.join()) return;
  refuseShared(dataset.name, sketchedIds(trained.sketch, ids));
}

function refuseShared(dataset: string, shared: readonly string[]): void {
  const [id] = shared;
  if (id === undefined) return;
  throw assayError('E_HOLDOUT_OVERLAP', { dataset, id, ids: shared.slice(0, SHOWN_ROWS), count: shared.length });
}
