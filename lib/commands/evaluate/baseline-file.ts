import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type Digest, sha256 } from '../../digest.ts';
import { assayError } from '../../errors.ts';
import { ensureCommit } from '../../git/fetch-refs.ts';
import { readFileAt } from '../../git/read-objects.ts';
import { type Project, projectPath } from '../../project/project.ts';
import { stateFolder } from '../../train/run-folder.ts';
import type { Context } from '../context.ts';
import { bringPointers } from '../data/transfer/bring-pointers.ts';

/** What a pointer's name ends with. */
const POINTER = '.dvc';

/**
 * A baseline's predictions: a file in the repository, or beside its pointer.
 *
 * @param commit whose file is meant: the target branch's on a pull request, which must not bring its own baseline; the
 * work tree's when left out
 * @returns the absolute path of a file with these bytes
 * @throws E_BASELINE_FILE, E_PATH_OUTSIDE, E_POINTER_*, E_STORE_*, E_GIT_*
 */
export async function baselineFile(context: Context, project: Project, path: string, commit?: string): Promise<string> {
  const file = await projectPath(project, path);
  if (commit === undefined) return fileHere(context, project, path, file);
  await ensureCommit(context.git, context.remote, commit);
  const bytes = await bytesAt(context, project, file, commit);
  if (bytes !== null) return keptFile(context, basename(file), bytes);
  const pointer = await bytesAt(context, project, `${file}${POINTER}`, commit);
  if (pointer === null) throw assayError('E_BASELINE_FILE', { path, commit });
  const kept = await keptFile(context, basename(`${file}${POINTER}`), pointer);
  const [brought = kept] = await bringPointers(context, project, [kept]);
  return brought;
}

/** Whether a pull request brings other predictions under the name of the baseline's file; also when it takes them away. */
export async function changesBaselineFile(
  context: Context,
  project: Project,
  path: string,
  commit: string,
): Promise<boolean> {
  const file = await projectPath(project, path);
  await ensureCommit(context.git, context.remote, commit);
  const sides = await Promise.all(
    [file, `${file}${POINTER}`].map(async (one) => [
      digestOfBytes(await bytesAt(context, project, one, commit)),
      digestOfBytes(await readFile(one).catch(() => null)),
    ]),
  );
  const [predictions = [], pointer = []] = sides;
  // Data that a pointer names are in the work tree only once they were brought: the pointer says what they are.
  const [theirs, ours] = pointer[0] === undefined && pointer[1] === undefined ? predictions : pointer;
  return theirs !== ours;
}

function digestOfBytes(bytes: Buffer | null): Digest | undefined {
  return bytes === null ? undefined : sha256(bytes);
}

async function fileHere(context: Context, project: Project, path: string, file: string): Promise<string> {
  const isHere = (one: string) =>
    access(one).then(
      () => true,
      () => false,
    );
  if (await isHere(file)) return file;
  const pointer = `${file}${POINTER}`;
  if (!(await isHere(pointer))) throw assayError('E_BASELINE_FILE', { path });
  const [brought = file] = await bringPointers(context, project, [pointer]);
  return brought;
}

async function bytesAt(context: Context, project: Project, file: string, commit: string): Promise<Buffer | null> {
  const { prefix } = await context.git.places();
  const below = relative(project.root, file).split(sep).join('/');
  return readFileAt(context.git, commit, `${prefix}${below}`);
}

/** The bytes as a file of this name; the folder is named by them, so that nothing there is ever another's. */
async function keptFile(context: Context, name: string, bytes: Buffer): Promise<string> {
  const folder = join(await stateFolder(context.root), 'cache', 'baselines', sha256(bytes).slice('sha256:'.length));
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
}
