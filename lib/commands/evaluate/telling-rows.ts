import type { Engine } from '../../engine/engine.ts';
import { tableSource } from '../../engine/table-source.ts';
import type { ModelConfig } from '../../project/config.ts';
import type { Project } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { openDataset } from '../open-dataset.ts';
import { namedSide, placesInTable, withPlaces } from './row-places.ts';
import type { ContestedSide } from './score-both.ts';

/** Where the examples of a contest come from, and its sides as far as they are known. */
export interface ToldContest {
  readonly context: Context;
  readonly engine: Engine;
  readonly project: Project;
  readonly model: ModelConfig;
  readonly sides?: readonly ContestedSide[];
}

/**
 * Does something with a contest's rows. An error that names ids is told with the rows that they are in: of the file of
 * predictions that it is about, else of the holdout's dataset. Looked up only then: it takes a pass over the table.
 */
export async function tellingRows<T>(contest: ToldContest, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw await withPlaces(error, async (ids, found) => {
      const { context, engine, project, model, sides = [] } = contest;
      const { source, config } = await openDataset(context, project, engine, model.holdout.data ?? model.train.data);
      const id = config.id ?? [];
      const side = sides.find((one) => one.kind === 'predictions' && one.label === namedSide(found));
      // An id that a file lacks is in the dataset alone.
      const isInFile = side?.kind === 'predictions' && found.code !== 'E_PAIR_MISSING_ID';
      const table = isInFile ? tableSource({ name: side.label, files: [side.file] }) : source;
      return placesInTable({ engine, source: table, id }, ids);
    });
  }
}
