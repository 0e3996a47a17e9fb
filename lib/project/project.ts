import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { containedPath } from '../contained-path.ts';
import { assayError } from '../errors.ts';
import { checkRules } from './check-rules.ts';
import { taskProblem } from './check-task.ts';
import { type DatasetConfig, type ModelConfig, ProjectConfig } from './config.ts';
import { parseConfig } from './parse-config.ts';
import { parseYamlDocument } from './yaml-document.ts';

/** The file that makes a folder a project. */
export const PROJECT_FILE = 'assay.yaml';

/** assay.yaml, checked: every name resolves, every metric fits its task. */
export interface Project {
  /** Absolute folder of assay.yaml; all its paths are relative to it and stay in it. */
  readonly root: string;
  /** assay.yaml as the user knows it, for messages. */
  readonly file: string;
  readonly config: ProjectConfig;
}

/** Reads and checks `<root>/assay.yaml`. Throws E_PROJECT_*. */
export async function loadProject(root: string): Promise<Project> {
  const file = join(root, PROJECT_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw assayError('E_PROJECT_MISSING', { file }, error);
  }
  return parseProject(text, root);
}

/** A project from the text of its assay.yaml, e.g. the target branch's. */
export function parseProject(text: string, root: string): Project {
  const config = parseConfig(text, PROJECT_FILE, ProjectConfig);
  const document = parseYamlDocument(text, PROJECT_FILE);
  for (const [name, model] of Object.entries(config.models)) {
    const refuse = (path: readonly string[], reason: string) => {
      const keys = ['models', name, ...path];
      return assayError('E_PROJECT_VALUE', { ...document.place(keys), key: keys.join('.'), reason });
    };
    checkDataReference(
      config,
      document.place(['models', name, 'train', 'data']),
      `models.${name}.train.data`,
      model.train.data,
    );
    for (const [key, dataset] of [
      ['holdout', model.holdout.data],
      ['drift', model.drift?.data],
    ] as const) {
      if (dataset === undefined) continue;
      checkDataReference(config, document.place(['models', name, key, 'data']), `models.${name}.${key}.data`, dataset);
    }
    for (const dataset of model.train.tuned_on ?? []) {
      const key = `models.${name}.train.tuned_on`;
      checkDataReference(config, document.place(['models', name, 'train', 'tuned_on']), key, dataset);
      if (dataset === (model.holdout.data ?? model.train.data) || dataset === model.train.data) {
        throw refuse(
          ['train', 'tuned_on'],
          `"${dataset}" is the training data or the holdout; name what else was used`,
        );
      }
    }
    const holdoutTime = config.data[model.holdout.data ?? model.train.data]?.time;
    checkRules(model, holdoutTime, refuse);
    const problem = taskProblem(model, holdoutTime !== undefined);
    if (problem !== undefined) throw refuse(problem.path, problem.reason);
    const trainingData = config.data[model.train.data];
    const sameData = model.holdout.data === undefined || model.holdout.data === model.train.data;
    if (sameData && model.holdout.last === undefined) {
      throw refuse(
        ['holdout'],
        'say how much of the newest data is left for the holdout (last: 56d), or name another dataset (data:)',
      );
    }
    if (sameData && trainingData?.time === undefined) {
      throw refuse(
        ['holdout'],
        `the dataset "${model.train.data}" needs a time: column, so that the holdout can be its newest part`,
      );
    }
    const holdoutData = config.data[model.holdout.data ?? model.train.data];
    if (holdoutData?.id === undefined) {
      throw refuse(
        ['holdout'],
        `the dataset "${model.holdout.data ?? model.train.data}" needs an id:, so that both sides can be paired`,
      );
    }
    if ('run' in model.train && model.predict === undefined) {
      throw refuse(
        ['train'],
        'a model that is trained by a command needs predict:, the command that scores rows with it',
      );
    }
  }
  return { root, file: PROJECT_FILE, config };
}

function checkDataReference(config: ProjectConfig, place: { file: string }, key: string, dataset: string): void {
  if (Object.hasOwn(config.data, dataset)) return;
  throw assayError('E_PROJECT_REFERENCE', {
    ...place,
    key,
    name: dataset,
    kind: 'dataset',
    known: Object.keys(config.data),
  });
}

/** The model of that name; without a name, the only one. */
export function modelOf(
  project: Project,
  name: string | undefined,
): { readonly name: string; readonly model: ModelConfig } {
  const known = Object.keys(project.config.models);
  const wanted = name ?? (known.length === 1 ? known[0] : undefined);
  const model =
    wanted === undefined || !Object.hasOwn(project.config.models, wanted) ? undefined : project.config.models[wanted];
  if (wanted === undefined || model === undefined) throw assayError('E_PROJECT_MODEL', { model: name ?? '', known });
  return { name: wanted, model };
}

/** The dataset of that name. Throws E_PROJECT_DATASET. */
export function datasetOf(project: Project, name: string): DatasetConfig {
  const dataset = Object.hasOwn(project.config.data, name) ? project.config.data[name] : undefined;
  if (dataset === undefined)
    throw assayError('E_PROJECT_DATASET', { dataset: name, known: Object.keys(project.config.data) });
  return dataset;
}

/** A path of assay.yaml, contained in the repository. Throws E_PATH_OUTSIDE. */
export async function projectPath(project: Project, path: string): Promise<string> {
  if (isAbsolute(path)) throw assayError('E_PATH_OUTSIDE', { path, root: project.root });
  return containedPath(project.root, path);
}
