import type { Engine } from '../../engine/engine.ts';
import { AssayError } from '../../errors.ts';
import { compareMetric } from '../../gate/compare/compare-metric.ts';
import type { Decision } from '../../gate/decision.ts';
import type { GateRules } from '../../gate/rules.ts';
import { withWorktree } from '../../git/worktree.ts';
import { type ModelConfig, TrainConfig } from '../../project/config.ts';
import type { Project } from '../../project/project.ts';
import { backendOf } from '../../train/built-in.ts';
import { modelFolder, openRun, type RunFolder } from '../../train/run-folder.ts';
import { runKey, shortKey } from '../../train/run-key.ts';
import type { RunInputs, RunRecord } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import { openDataset } from '../open-dataset.ts';
import { makeRun } from '../train/make-run.ts';
import { trainingData } from '../train/training-data.ts';
import type { HoldoutRows } from './holdout-rows.ts';
import { type ContestedSide, type Scored, scoresOf, sideFacts } from './score-both.ts';

/** A contest whose sides may differ in recipe and in data at once. */
export interface RecipeContest {
  readonly context: Context;
  readonly engine: Engine;
  readonly project: Project;
  readonly name: string;
  readonly model: ModelConfig;
  readonly rules: GateRules;
  readonly candidate: ContestedSide;
  readonly baseline: ContestedSide;
}

/**
 * The baseline's recipe (its code, parameters and trainer) fitted on the candidate's rows and scored on the same holdout:
 * tells what better code does from what fresher data do (design §5). Advice: it enters no verdict, and where the old
 * recipe cannot be run any more there is none. Undefined where recipe or data are the same, which leaves nothing to tell.
 */
export async function oldRecipe(
  contest: RecipeContest,
  rows: HoldoutRows,
  scored: Scored,
): Promise<Decision['oldRecipe']> {
  const { context, engine, candidate, baseline, rules } = contest;
  if (candidate.kind !== 'run' || baseline.kind !== 'version' || rows.ids.length === 0) return undefined;
  const [ours, theirs] = [candidate.model.record, baseline.model.record];
  if (ours.recipe === theirs.recipe || sameData(ours.inputs, theirs.inputs)) return undefined;
  try {
    const run = await refit(contest, ours, theirs);
    if (run === undefined) return undefined;
    const label = `the recipe of ${baseline.label} on the new rows`;
    const folder = modelFolder(run.folder);
    const side: ContestedSide = {
      kind: 'run',
      label,
      model: { title: label, folder, record: run.record, code: 'commit' },
    };
    const scores = await scoresOf(context, engine, rows, side);
    const { seeds: _others, thresholds: _chosen, ...examples } = scored.examples;
    const compare = (more: { readonly candidate: Float64Array; readonly baseline: Float64Array }) =>
      compareMetric(rules.primary, 'primary', 'not-worse', { ...examples, ...more }, { rules, alpha: rules.alpha });
    return {
      side: sideFacts(rows, rules, { side, scores }),
      recipe: compare({ candidate: examples.candidate, baseline: scores }),
      data: compare({ candidate: scores, baseline: examples.baseline }),
    };
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    context.log.info(`the old recipe cannot be fitted on the new rows: ${error.message}`);
    return undefined;
  }
}

function sameData({ data: ours }: RunInputs, { data: theirs }: RunInputs): boolean {
  return ours.digest === theirs.digest && ours.from === theirs.from && ours.to === theirs.to;
}

/** The run of the old recipe on the new rows; found again when it was made before. */
async function refit(contest: RecipeContest, ours: RunRecord, theirs: RunRecord): Promise<RunFolder | undefined> {
  const { context, engine, project, name } = contest;
  const model = modelOfRun(contest.model, theirs.inputs);
  const dataset = await openDataset(context, project, engine, contest.model.train.data);
  const data = await trainingData(engine, dataset, { ...model, holdout: contest.model.holdout });
  // Only on the very rows that the candidate learnt from.
  if (dataset.digest !== ours.inputs.data.digest || data.window.to !== ours.inputs.data.to) return undefined;
  const { train } = model;
  const { tuned: _tuned, ...old } = theirs.inputs;
  const backend = 'run' in train ? 'command' : await backendOf(train.trainer, { wasmFolder: context.wasmFolder });
  const inputs: RunInputs = { ...old, data: ours.inputs.data, backend, tool: context.toolVersion };
  const key = runKey(inputs);
  const here = await openRun(context.root, key);
  if (here !== undefined) return here;
  const { commit } = theirs.git;
  const git = { ...(commit === undefined ? {} : { commit }), dirty: false };
  const work = { name, model, data, tuned: [], inputs, key };
  const make = (cwd: string) => makeRun(context, engine, { ...work, code: { cwd, git } });
  return context.log.group(`training the old recipe on the new rows (run ${shortKey(key)})`, async () => {
    if (!('run' in train)) return make(context.root);
    if (commit === undefined) return undefined;
    return withWorktree(context.git, context.remote, commit, make);
  });
}

/** The model as the run's inputs declare it; holdout, gate and data are the present ones'. */
function modelOfRun(model: ModelConfig, { recipe, parameters, seed, target, predict }: RunInputs): ModelConfig {
  const { data } = model.train;
  const { features, ...others } = parameters;
  const train =
    'command' in recipe
      ? { run: recipe.command, data, parameters, seed }
      : { trainer: recipe.trainer, data, features: String(features ?? '').split(','), parameters: others, seed };
  const { predict: _present, ...rest } = model;
  return {
    ...rest,
    train: TrainConfig.parse(train),
    target,
    ...(predict === undefined ? {} : { predict: [...predict] }),
  };
}
