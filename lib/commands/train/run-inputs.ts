import { relative } from 'node:path';
import { workingBlobIds } from '../../git/tree-blobs.ts';
import { commandArguments } from '../../process.ts';
import { datasetFiles } from '../../project/dataset-files.ts';
import { modelOf, type Project } from '../../project/project.ts';
import { backendOf } from '../../train/built-in.ts';
import type { RunInputs } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import type { OpenDataset } from '../open-dataset.ts';
import { featuresOf, type TrainingData } from './training-data.ts';

/** Everything that decides what the run makes; see RunInputs. */
export async function runInputs(
  context: Context,
  project: Project,
  name: string,
  { dataset, window }: TrainingData,
  tuned: RunInputs['tuned'] = [],
): Promise<RunInputs> {
  const { model } = modelOf(project, name);
  const { train } = model;
  const isCommand = 'run' in train;
  // A command may read anything in the repository; a built-in trainer reads nothing but the data.
  const patterns = train.deps ?? (isCommand ? ['.'] : []);
  const lock = train.lock ?? [];
  const blobs = async (wanted: readonly string[]) =>
    wanted.length === 0 ? {} : Object.fromEntries(await workingBlobIds(context.git, wanted));
  return {
    schema: 'assay/run-inputs/1',
    model: name,
    recipe: isCommand ? { command: commandArguments(train.run) } : { trainer: train.trainer },
    ...(model.predict === undefined ? {} : { predict: commandArguments(model.predict) }),
    parameters: isCommand ? train.parameters : { ...train.parameters, features: featuresOf(dataset, model).join(',') },
    seed: train.seed,
    target: model.target,
    data: { dataset: dataset.name, digest: dataset.digest, ...window },
    ...(tuned.length === 0 ? {} : { tuned }),
    dependencies: await withoutOwnData(project, dataset, await blobs(patterns)),
    environment: await blobs(lock),
    backend: isCommand ? 'command' : await backendOf(train.trainer, { wasmFolder: context.wasmFolder }),
    tool: context.toolVersion,
  };
}

/**
 * The training data are known by their own digest. Among the dependencies they would make every new month of rows
 * another recipe, which has to be better rather than not worse.
 */
async function withoutOwnData(
  project: Project,
  dataset: OpenDataset,
  blobs: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { pointers } = await datasetFiles(project, dataset.name);
  const own = new Set(
    [...dataset.source.files, ...pointers].map((file) => relative(project.root, file).replaceAll('\\', '/')),
  );
  return Object.fromEntries(Object.entries(blobs).filter(([path]) => !own.has(path)));
}
