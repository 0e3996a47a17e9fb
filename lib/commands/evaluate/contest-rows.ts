import type { Engine, Selection } from '../../engine/engine.ts';
import type { EarlierContests, Half } from '../../gate/holdout/holdout-window.ts';
import type { GateRules } from '../../gate/rules.ts';
import type { ModelConfig } from '../../project/config.ts';
import type { Project } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { type OpenDataset, openDataset, timeColumnOf } from '../open-dataset.ts';
import { learntUntil } from './earlier-contests.ts';
import { type HoldoutRows, readHoldout } from './holdout-rows.ts';
import { refuseSketched, refuseTrainedOn } from './refuse-trained-on.ts';
import type { ContestedSide } from './score-both.ts';
import { timeBefore } from './time-rows.ts';

/** Both sides of a contest, and where their examples come from. */
export interface ContestPlace {
  readonly context: Context;
  readonly engine: Engine;
  readonly project: Project;
  readonly model: ModelConfig;
  readonly rules: GateRules;
  readonly candidate: ContestedSide;
  readonly baseline: ContestedSide;
  /** Others that are scored on the same rows: these must not have been trained on either. */
  readonly others?: readonly ContestedSide[] | undefined;
  /** What was open in the model's earlier contests, and is never sealed again. */
  readonly earlier?: EarlierContests | undefined;
}

/**
 * The holdout that both sides of a contest can be judged on: after their training and tuning windows, sharing no id with
 * what either has seen. Throws E_HOLDOUT_*, E_PAIR_*, E_COLUMN_MISSING.
 */
export async function contestRows(
  { context, engine, project, model, rules, candidate, baseline, others = [], earlier }: ContestPlace,
  half: Half,
): Promise<HoldoutRows> {
  const dataset = await openDataset(context, project, engine, model.holdout.data ?? model.train.data);
  const sides = [candidate, baseline, ...others];
  const runs = sides.flatMap((side) => ('model' in side ? [side.model.record] : []));
  const request = { model, rules, half, trainedUntil: runs.flatMap(learntUntil), earlier };
  const shared = dataset.name === model.train.data;
  const training = shared ? dataset : await openDataset(context, project, engine, model.train.data);
  const rows = await readHoldout(engine, dataset, shared ? request : { ...request, past: training });
  // Exactly, where the rows are at hand; by what their records keep of them, for runs of other data.
  await refuseTrainedOn(context, engine, training, rows, shared ? trainedPart(dataset, candidate) : {});
  for (const name of model.train.tuned_on ?? []) {
    await refuseTrainedOn(context, engine, await openDataset(context, project, engine, name), rows);
  }
  for (const run of runs) refuseSketched(run, rows);
  return rows;
}

/** The rows of a dataset shared with the holdout that the candidate was trained on. */
function trainedPart(dataset: OpenDataset, candidate: ContestedSide): Selection {
  const time = timeColumnOf(dataset);
  const to = 'model' in candidate ? candidate.model.record.inputs.data.to : undefined;
  if (time === undefined || to === undefined) return { limit: 0 };
  return { where: timeBefore(time, Date.parse(to)) };
}

/** Same code, parameters and trainer: the candidate is the baseline on other data, and need not be better. */
export function sameRecipe(candidate: ContestedSide, baseline: ContestedSide): boolean {
  if (!('model' in candidate && 'model' in baseline)) return false;
  return candidate.model.record.recipe === baseline.model.record.recipe;
}
