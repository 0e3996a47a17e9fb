import type { Engine, Selection } from '../../engine/engine.ts';
import { openSketch } from '../../registry/id-sketch.ts';
import type { RunRecord } from '../../train/run-record.ts';
import { idsOf } from '../evaluate/row-ids.ts';
import type { OpenDataset } from '../open-dataset.ts';

/**
 * Hashes that a run keeps of its rows' ids. Up to so many rows an overlap with a holdout is always found; of a million
 * rows one that is a hundredth of a holdout of 100,000 is, with a chance of 64 in 100 (1 − (1 − 1,024/10⁶)^1,000).
 */
export const RUN_SKETCH_SIZE = 1_024;

/** Rows that a run learnt or was tuned from. */
export interface LearntRows {
  readonly dataset: OpenDataset;
  readonly selection: Selection;
}

/**
 * What a run record keeps of the ids of its rows, never a row (design §5). Undefined where the first dataset has no id;
 * others count where they have the same id columns.
 */
export async function trainingIds(engine: Engine, learnt: readonly LearntRows[]): Promise<RunRecord['ids']> {
  const columns = learnt[0]?.dataset.config.id;
  if (columns === undefined) return undefined;
  const sketch = openSketch(RUN_SKETCH_SIZE);
  for (const { dataset, selection } of learnt) {
    const known = new Set(dataset.columns.map(({ name }) => name));
    if (!columns.every((column) => known.has(column))) continue;
    for await (const frame of engine.stream(dataset.source, { ...selection, columns })) {
      for (const id of idsOf(frame, columns)) if (id !== null) sketch.add(id);
    }
  }
  return { columns: [...columns], sketch: sketch.hashes() };
}
