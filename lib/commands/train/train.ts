import { rm } from 'node:fs/promises';
import type { Digest } from '../../digest.ts';
import type { Engine } from '../../engine/engine.ts';
import { AssayError } from '../../errors.ts';
import { type GitStatus, isInHistory, readStatus } from '../../git/status.ts';
import { modelOf, type Project } from '../../project/project.ts';
import { openRun, type RunFolder, restampRun, runFolderPath } from '../../train/run-folder.ts';
import { runKey, shortKey } from '../../train/run-key.ts';
import type { RunInputs, RunRecord } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import { openDataset, projectFolders } from '../open-dataset.ts';
import { makeRun } from './make-run.ts';
import { runInputs } from './run-inputs.ts';
import { projectWithSeed, seedsFrom } from './seed-runs.ts';
import { type TrainingData, trainingData } from './training-data.ts';
import { type TuningData, tuningData } from './tuning-data.ts';

export interface TrainRequest {
  readonly project: Project;
  readonly model?: string | undefined;
  /** Train even when a run with the same inputs is here. */
  readonly force?: boolean;
  /** Looks for the run elsewhere (an artifact of an earlier job) before training; returns true when it brought it. */
  readonly bring?: (key: Digest) => Promise<boolean>;
}

export interface TrainResult {
  readonly model: string;
  readonly run: RunFolder;
  /** The run was here (or brought) already: its inputs are the same, so are its outputs. */
  readonly reused: boolean;
}

/**
 * Trains a model, or finds the run that did, with every seed that its gate asks for. The run of the declared seed is the
 * one that is judged and registered; the others say how much of what it gives is luck.
 */
export async function train(context: Context, request: TrainRequest): Promise<TrainResult> {
  const { name, model } = modelOf(request.project, request.model);
  const result = await trainOnce(context, request);
  for (const seed of seedsFrom(model.train.seed, model.gate.seeds ?? 1).slice(1)) {
    await trainOnce(context, { ...request, project: projectWithSeed(request.project, name, seed), model: name });
  }
  return result;
}

/**
 * Trains a model with its declared seed, or finds the run that did: a run is known by its inputs (design §7). Leaves
 * `.assay/runs/<key>/{run.json,profile.json,model/}`, whole or not at all.
 */
export async function trainOnce(context: Context, request: TrainRequest): Promise<TrainResult> {
  const { project } = request;
  const { name, model } = modelOf(project, request.model);
  const engine = await context.openEngine(projectFolders(project));
  try {
    const { data, tuned, inputs, key } = await identifyRun(context, engine, project, name);
    const found = request.force === true ? undefined : await findRun(context, request, key);
    if (found !== undefined) {
      const existing = await atThisCommit(context, found);
      context.log.info(`run ${shortKey(key)} of ${name} is here already: same inputs, nothing to train`);
      return { model: name, run: existing, reused: true };
    }
    context.log.info(`training ${name} (run ${shortKey(key)})`);
    const code = { cwd: context.root, git: gitFactsOf(await readStatus(context.git)) };
    const run = await makeRun(context, engine, { name, model, data, tuned, inputs, key, code });
    return { model: name, run, reused: false };
  } finally {
    await engine.close();
  }
}

/** The run that the present data, code and configuration would make: its inputs and key, without training. */
export async function identifyRun(
  context: Context,
  engine: Engine,
  project: Project,
  name: string,
): Promise<{
  readonly data: TrainingData;
  readonly tuned: readonly TuningData[];
  readonly inputs: RunInputs;
  readonly key: Digest;
}> {
  const { model } = modelOf(project, name);
  const dataset = await openDataset(context, project, engine, model.train.data);
  const data = await trainingData(engine, dataset, model);
  const tuned = await tuningData(context, project, engine, model);
  const inputs = await runInputs(
    context,
    project,
    name,
    data,
    tuned.map(({ facts }) => facts),
  );
  return { data, tuned, inputs, key: runKey(inputs) };
}

async function findRun(context: Context, { bring }: TrainRequest, key: Digest): Promise<RunFolder | undefined> {
  const here = await openRun(context.root, key);
  if (here !== undefined || (await bring?.(key)) !== true) return here;
  try {
    return await openRun(context.root, key);
  } catch (error) {
    // What another job left is not this one's to repair: it is not believed, and goes out of the way.
    if (!(error instanceof AssayError)) throw error;
    context.log.warning(`${error.message}: training anew`);
    await rm(runFolderPath(context.root, key), { recursive: true, force: true });
    return undefined;
  }
}

/**
 * A run that is found again, as one of the present commit: its inputs are the same here, so it can be repeated from
 * here. Asked for when its own commit is not in the history (a squash merge, a throw-away merge commit of a pull
 * request) or it was made before the changes were committed. From a work tree with changes nothing can be repeated.
 */
export async function atThisCommit(context: Context, run: RunFolder): Promise<RunFolder> {
  const { git } = run.record;
  const status = await readStatus(context.git);
  if (status.dirty || status.commit === null) return run;
  const known = git.dirty || git.commit === undefined ? undefined : git.commit;
  if (known !== undefined && (known === status.commit || (await isInHistory(context.git, known)))) return run;
  return restampRun(run, gitFactsOf(status));
}

function gitFactsOf({ commit, branch, dirty }: GitStatus): RunRecord['git'] {
  return { ...(commit === null ? {} : { commit }), ...(branch === null ? {} : { branch }), dirty };
}
