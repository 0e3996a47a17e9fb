import type { Engine } from '../engine/engine.ts';
import type { Half } from '../gate/holdout-window.ts';
import type { GateRules } from '../gate/rules.ts';
import type { ModelConfig } from '../project/config.ts';
import type { Project } from '../project/project.ts';
import type { Context } from './context.ts';
import { type HoldoutRows, readHoldout } from './holdout-rows.ts';
import { openDataset } from './open-dataset.ts';
import { refuseTrainedOn } from './refuse-trained-on.ts';
import type { ContestedSide } from './score-both.ts';

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
}

/** The holdout that both sides of a contest can be judged on. Throws E_HOLDOUT_*, E_PAIR_*, E_COLUMN_MISSING. */
export async function contestRows(
  { context, engine, project, model, rules, candidate, baseline, others = [] }: ContestPlace,
  half: Half,
): Promise<HoldoutRows> {
  const dataset = await openDataset(context, project, engine, model.holdout.data ?? model.train.data);
  const trained = trainedUntil([candidate, baseline, ...others]);
  const request = { model, rules, half, trainedUntil: trained };
  if (dataset.name === model.train.data) return readHoldout(engine, dataset, request);
  const training = await openDataset(context, project, engine, model.train.data);
  const rows = await readHoldout(engine, dataset, { ...request, past: training });
  await refuseTrainedOn(context, engine, training, rows);
  return rows;
}

/** Where each side's training ended, for those that were trained on rows with a time. */
function trainedUntil(sides: readonly ContestedSide[]): number[] {
  return sides.flatMap((side) => {
    const to = 'model' in side ? side.model.record.inputs.data.to : undefined;
    return to === undefined ? [] : [Date.parse(to)];
  });
}

/** Same code, parameters and trainer: the candidate is the baseline on other data, and need not be better. */
export function sameRecipe(candidate: ContestedSide, baseline: ContestedSide): boolean {
  if (!('model' in candidate && 'model' in baseline)) return false;
  return candidate.model.record.recipe === baseline.model.record.recipe;
}
