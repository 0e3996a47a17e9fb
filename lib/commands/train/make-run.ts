import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOf } from '../../digest.ts';
import type { Engine } from '../../engine/engine.ts';
import { assayError } from '../../errors.ts';
import { scoreColumnNames } from '../../gate/task-shape.ts';
import { builtInTask } from '../../model/built-in-task.ts';
import { inferSignature } from '../../model/infer-signature.ts';
import type { BuiltInTask, Signature } from '../../model/signature.ts';
import { profileFrames } from '../../profile/profiler.ts';
import type { ModelConfig } from '../../project/config.ts';
import { trainBuiltIn } from '../../train/built-in.ts';
import { fileDigests } from '../../train/file-digests.ts';
import { beginRun, finishRun, modelFolder, type RunFolder } from '../../train/run-folder.ts';
import { recipeDigest } from '../../train/run-key.ts';
import type { RunInputs, RunRecord } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import { rowIdColumn, timeColumnOf } from '../open-dataset.ts';
import { featuresOf, infosOf, type TrainingData, trainingFrame } from './training-data.ts';
import { trainingIds } from './training-ids.ts';
import type { TuningData } from './tuning-data.ts';
import { readMetrics, runTrainCommand } from './user-command.ts';

/** A run to be made: what it is called, what it learns from, and by which recipe. */
export interface Work {
  readonly name: string;
  readonly model: ModelConfig;
  readonly data: TrainingData;
  readonly tuned: readonly TuningData[];
  readonly inputs: RunInputs;
  readonly key: Digest;
  /** Where a train command runs and what git says of it: a work tree, or a commit's own. */
  readonly code: { readonly cwd: string; readonly git: RunRecord['git'] };
}

/** Trains, and leaves the run in its folder, whole or not at all. Throws E_COMMAND_*, E_MODEL_*, E_TRAIN_*. */
export async function makeRun(context: Context, engine: Engine, work: Work): Promise<RunFolder> {
  const { model, data, inputs, key } = work;
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
      git: work.code.git,
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
  { name, model, data, code }: Work,
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
  await runTrainCommand(context, model.train.run, code.cwd, work, {
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
