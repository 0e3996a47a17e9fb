import type { Engine } from '../../engine/engine.ts';
import { endOfData } from '../../gate/holdout/holdout-window.ts';
import type { ModelConfig } from '../../project/config.ts';
import type { Project } from '../../project/project.ts';
import type { RunInputs } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import { timeRange } from '../evaluate/time-rows.ts';
import { type OpenDataset, openDataset, timeColumnOf } from '../open-dataset.ts';

/** A dataset that parameters, features or thresholds were chosen on. */
export interface TuningData {
  readonly dataset: OpenDataset;
  /** As the run's inputs name it: with its digest and, where it has times, its span. */
  readonly facts: NonNullable<RunInputs['tuned']>[number];
}

/** The datasets of `train.tuned_on`: whoever chose parameters on rows has seen them, trained on them or not (design §5). */
export async function tuningData(
  context: Context,
  project: Project,
  engine: Engine,
  { train }: ModelConfig,
): Promise<TuningData[]> {
  const tuned: TuningData[] = [];
  for (const name of [...new Set(train.tuned_on ?? [])].sort()) {
    const dataset = await openDataset(context, project, engine, name);
    const time = timeColumnOf(dataset);
    const range = time === undefined ? undefined : await timeRange(engine, dataset.source, time);
    const span =
      range === undefined
        ? {}
        : { from: new Date(range.oldest).toISOString(), to: new Date(endOfData(range.newest)).toISOString() };
    tuned.push({ dataset, facts: { dataset: name, digest: dataset.digest, ...span } });
  }
  return tuned;
}
