import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOf } from '../digest.ts';
import type { Engine } from '../engine/engine.ts';
import { AssayError, assayError } from '../errors.ts';
import { scoreColumnNames } from '../gate/task-shape.ts';
import { type GitStatus, isInHistory, readStatus } from '../git/status.ts';
import { inferSignature } from '../model/infer-signature.ts';
import type { BuiltInTask, Signature } from '../model/signature.ts';
import { profileFrames } from '../profile/profiler.ts';
import type { ModelConfig } from '../project/config.ts';
import { modelOf, type Project } from '../project/project.ts';
import { trainBuiltIn } from '../train/built-in.ts';
import { builtInTask } from '../train/built-in-task.ts';
import { fileDigests } from '../train/file-digests.ts';
import {
  beginRun,
  finishRun,
  modelFolder,
  openRun,
  type RunFolder,
  restampRun,
  runFolderPath,
} from '../train/run-folder.ts';
import { recipeDigest, runKey, shortKey } from '../train/run-key.ts';
import type { RunInputs, RunRecord } from '../train/run-record.ts';
import type { Context } from './context.ts';
import { openDataset, projectFolders, rowIdColumn, timeColumnOf } from './open-dataset.ts';
import { runInputs } from './run-inputs.ts';
import { projectWithSeed, seedsFrom } from './seed-runs.ts';
import { featuresOf, infosOf, type TrainingData, trainingData, trainingFrame } from './training-data.ts';
import { trainingIds } from './training-ids.ts';
import { type TuningData, tuningData } from './tuning-data.ts';
import { readMetrics, runTrainCommand } from './user-command.ts';

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
    const run = await trainAnew(context, engine, { name, model, data, tuned, inputs, key });
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
  if (known !== undefined && (await isInHistory(context.git, known))) return run;
  return restampRun(run, gitFactsOf(status));
}

function gitFactsOf({ commit, branch, dirty }: GitStatus): RunRecord['git'] {
  return { ...(commit === null ? {} : { commit }), ...(branch === null ? {} : { branch }), dirty };
}

interface Work {
  readonly name: string;
  readonly model: ModelConfig;
  readonly data: TrainingData;
  readonly tuned: readonly TuningData[];
  readonly inputs: RunInputs;
  readonly key: Digest;
}

async function trainAnew(context: Context, engine: Engine, work: Work): Promise<RunFolder> {
  const { model, data, inputs, key } = work;
  const status = await readStatus(context.git);
  const started = context.clock.now();
  const making = await beginRun(context.root, key);
  try {
    const trained =
      'run' in model.train
        ? await runCommand(context, engine, work, making)
        : await runTrainer(context, engine, work, making);
    const profile = await profileTraining(engine, data);
    const ids = await trainingIds(engine, [data, ...work.tuned.map(({ dataset }) => ({ dataset, selection: {} }))]);
    const record: RunRecord = {
      schema: 'assay/run/1',
      key,
      inputs,
      recipe: recipeDigest(inputs),
      git: gitFactsOf(status),
      outputs: await fileDigests(modelFolder(making)),
      rows: trained.rows,
      metrics: trained.metrics,
      ...(ids === undefined ? {} : { ids }),
      signature: trained.signature,
      profile: digestOf(profile),
      environment: {
        node: process.version,
        platform: process.platform,
        arch: process.arch,
        assay: context.toolVersion,
      },
      startedAt: started.toISOString(),
      duration: (context.clock.now().getTime() - started.getTime()) / 1_000,
    };
    return await finishRun(context.root, making, record, profile);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    throw error;
  }
}

type Trained = Pick<RunRecord, 'rows' | 'metrics'> & { readonly signature: Signature };

async function runTrainer(context: Context, engine: Engine, { model, data }: Work, making: string): Promise<Trained> {
  if ('run' in model.train) throw new TypeError('not a built-in trainer');
  const features = featuresOf(data.dataset, model);
  const frame = await trainingFrame(engine, data, [...features, model.target]);
  const { rows, metrics } = await trainBuiltIn({
    trainer: model.train.trainer,
    frame,
    features,
    target: model.target,
    task: learntTask(model.task),
    parameters: model.train.parameters,
    seed: model.train.seed,
    folder: modelFolder(making),
    log: context.log,
    progress: context.progress,
    wasmFolder: context.wasmFolder,
  });
  return { rows, metrics, signature: inferSignature({ frame, features, target: model.target, ...outputsOf(model) }) };
}

/** What the model's scores are called. */
function outputsOf(model: ModelConfig) {
  return { task: model.task, outputs: scoreColumnNames(model) };
}

/** What a built-in trainer learns; the project refuses tasks that none of them can. */
function learntTask(task: ModelConfig['task']): BuiltInTask {
  const learnt = builtInTask(task);
  if (learnt === undefined) throw new TypeError(`no built-in trainer learns ${task}`);
  return learnt;
}

async function runCommand(
  context: Context,
  engine: Engine,
  { name, model, data }: Work,
  making: string,
): Promise<Trained> {
  if (!('run' in model.train)) throw new TypeError('not a command');
  const { dataset, selection } = data;
  const format = dataset.source.format === 'parquet' ? 'parquet' : 'csv';
  const work = join(making, 'work');
  await mkdir(work);
  const path = join(work, `train.${format}`);
  const rows = await engine.write(dataset.source, selection, { path, format });
  const output = modelFolder(making);
  const columns = dataset.columns.map((column) => column.name);
  await runTrainCommand(context, model.train.run, context.root, work, {
    model: name,
    parameters: model.train.parameters,
    seed: model.train.seed,
    data: path,
    format,
    output,
    target: model.target,
    id: dataset.config.id ?? [],
    time: dataset.config.time ?? null,
    columns,
  });
  await rm(work, { recursive: true });
  const [written] = await readdir(output).catch(() => []);
  if (written === undefined) throw assayError('E_COMMAND_NO_OUTPUT', { title: 'the train command', path: output });
  const metrics = await readMetrics(output);
  const features = columns.filter((column) => column !== model.target);
  const infos = infosOf(dataset, [...features, model.target]);
  return {
    rows,
    metrics,
    signature: inferSignature({ columns: infos, features, target: model.target, ...outputsOf(model) }),
  };
}

/** The summary of the training rows that drift is later measured against; never rows, nor what names them. */
async function profileTraining(engine: Engine, { dataset, selection }: TrainingData) {
  const time = timeColumnOf(dataset);
  const id = rowIdColumn(dataset);
  return profileFrames(
    () => engine.stream(dataset.source, selection),
    dataset.columns.filter(({ name }) => name !== id || name === time),
    time === undefined ? {} : { time },
  );
}
