import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { AssayError } from '../../errors.ts';
import { readIndex } from '../../pointers/outputs/output-index.ts';
import { datasetFiles } from '../../project/dataset-files.ts';
import type { Project } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { dvcRoot } from '../data/store/dvc-folder.ts';

/** GitHub refuses a file of this size, in bytes. Source: GitHub Docs, "About large files on GitHub". */
const REFUSED_BYTES = 100 * 1024 * 1024;

/** What a job that checks the repository out will miss of its datasets, or what cannot be pushed. */
export async function dataWarnings(context: Context, project: Project): Promise<string[]> {
  const warnings: string[] = [];
  const staged = await stageOutputs(project);
  for (const name of Object.keys(project.config.data)) {
    const files = await localFiles(project, name);
    const lost: string[] = [];
    for (const file of files) {
      const path = relative(project.root, file).replaceAll('\\', '/');
      if (staged.some((output) => covers(output, file)) || (await hasPointer(file))) continue;
      const ignored =
        (await context.git.attempt(['check-ignore', '--quiet', '--', path]).catch(() => undefined))?.code === 0;
      if (ignored) lost.push(path);
      else if ((await stat(file)).size >= REFUSED_BYTES)
        warnings.push(`${path} is too large for git: assay data add ${path} leaves a pointer in its place`);
    }
    const [first] = lost;
    if (first !== undefined) {
      const others = lost.length === 1 ? '' : ` and ${lost.length - 1} more`;
      warnings.push(`git ignores ${first}${others}, so no job has it: assay data add, then assay data push`);
    }
  }
  return warnings;
}

/** Absolute paths that DVC's stages make: in a job `pull-data` has to bring them. */
export async function stageOutputs({ root }: Pick<Project, 'root'>): Promise<string[]> {
  const dvc = dvcRoot(root);
  if (dvc === undefined) return [];
  try {
    const { outputs } = await readIndex(dvc);
    return outputs.filter(({ declaredIn }) => !declaredIn.endsWith('.dvc')).map(({ path }) => `${dvc}/${path}`);
  } catch (error) {
    if (error instanceof AssayError) return [];
    throw error;
  }
}

/** Whether a file is an output, or lies in one. */
export function covers(output: string, file: string): boolean {
  return file === output || file.startsWith(`${output}/`);
}

async function localFiles(project: Project, name: string): Promise<readonly string[]> {
  try {
    return (await datasetFiles(project, name)).files;
  } catch (error) {
    if (error instanceof AssayError) return [];
    throw error;
  }
}

/** A `.dvc` file beside a file, or beside a folder that holds it. */
async function hasPointer(file: string): Promise<boolean> {
  for (let here = file; here.includes('/'); here = here.slice(0, here.lastIndexOf('/'))) {
    if (
      await stat(`${here}.dvc`).then(
        (info) => info.isFile(),
        () => false,
      )
    )
      return true;
  }
  return false;
}
