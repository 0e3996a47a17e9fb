import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assayError } from '../../../errors.ts';
import { openGit } from '../../../git/git.ts';
import { isInGit } from '../../../git/status.ts';
import { realFolders } from '../../../pointers/checkout/real-folder.ts';
import { type IgnoreFiles, openIgnoreFiles } from '../../../pointers/ignore/ignore-files.ts';
import { foldersOf } from '../../../pointers/outputs/overlapping-outputs.ts';
import type { OutputIndex, TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { parentOf, pathProblem } from '../../../pointers/relative-paths.ts';
import { workTree } from '../../../pointers/repository-tree.ts';
import type { Context } from '../../context.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { partNowhere } from '../require-parts.ts';

/** What is to be added where. */
export interface AddPlan {
  /** As it was typed. */
  readonly target: string;
  /** The output's path. */
  readonly path: string;
  /** Paths in the output's folder, when only these parts of it are added. */
  readonly parts?: readonly string[];
  readonly pointer: string;
  /** The output, when the pointer is there already. */
  readonly known?: TrackedOutput;
}

/**
 * Where each target goes, and that it may.
 *
 * @throws E_DATA_NOTHING, E_DATA_STAGE_OUTPUT, E_DATA_IMPORTED, E_DATA_INSIDE_OUTPUT, E_DATA_CONTAINS_OUTPUT,
 * E_DATA_POINTER_IGNORED, E_DATA_DVC_IGNORED, E_DVC_IGNORE, E_POINTER_OUTSIDE
 */
export async function planAdding(
  targets: readonly string[],
  workspace: DataWorkspace,
  { outputs }: OutputIndex,
): Promise<AddPlan[]> {
  const tracked = openTracked(outputs);
  const plans = onePerOutput(targets.map((target) => planOf(target, workspace, tracked)));
  // Each may be new by itself, and one of them the folder of another.
  const below = new Map(plans.flatMap((plan) => foldersOf(plan.path).map((folder) => [folder, plan])));
  for (const { target, path } of plans) {
    const other = below.get(path);
    if (other === undefined) continue;
    throw assayError('E_DATA_CONTAINS_OUTPUT', { target, output: other.path, declaredIn: other.pointer });
  }
  for (const { known, path, parts } of plans) {
    const part = known && parts ? partNowhere(workspace, { output: known, inside: parts }) : undefined;
    if (part === undefined) continue;
    throw assayError('E_DATA_NOTHING', { target: `${path}/${part}`, reason: 'it is not there' });
  }
  const ignored = openIgnored(workspace.root);
  for (const plan of plans) if (plan.known === undefined) await refuseIgnored(workspace, plan, ignored);
  return plans;
}

/** What is tracked at a path or around it, and below it. */
interface Tracked {
  readonly at: ReadonlyMap<string, TrackedOutput>;
  /** An output below each folder. */
  readonly below: ReadonlyMap<string, TrackedOutput>;
}

function openTracked(outputs: readonly TrackedOutput[]): Tracked {
  return {
    at: new Map(outputs.map((output) => [output.path, output])),
    below: new Map(outputs.flatMap((output) => foldersOf(output.path).map((folder) => [folder, output]))),
  };
}

/** What is named twice is added once, and parts of one folder together: each by itself would take back what the other added. */
function onePerOutput(plans: readonly AddPlan[]): AddPlan[] {
  const byPath = new Map<string, AddPlan>();
  for (const plan of plans) {
    const { parts: before, ...whole } = byPath.get(plan.path) ?? plan;
    const all = before === undefined || plan.parts === undefined ? undefined : new Set([...before, ...plan.parts]);
    if (all === undefined) byPath.set(plan.path, whole);
    else {
      const parts = [...all].filter((part) => !foldersOf(part).some((folder) => all.has(folder)));
      byPath.set(plan.path, { ...whole, parts });
    }
  }
  return [...byPath.values()];
}

/** What git and DVC do not look at in a work tree. */
interface IgnoredFiles {
  readonly git: IgnoreFiles;
  readonly dvc: IgnoreFiles;
}

function openIgnored(root: string): IgnoredFiles {
  const tree = workTree(root);
  return { git: openIgnoreFiles(tree, 'git'), dvc: openIgnoreFiles(tree, 'dvc') };
}

/**
 * A pointer that git or DVC does not look at would be seen by nobody, us included; data that DVC does not look at are none to it.
 *
 * @throws E_DATA_POINTER_IGNORED, E_DATA_DVC_IGNORED, E_DVC_IGNORE
 */
export async function refuseIgnored(
  { root, config }: DataWorkspace,
  { path, pointer }: Pick<AddPlan, 'path' | 'pointer'>,
  ignored: IgnoredFiles = openIgnored(root),
): Promise<void> {
  if (!config.noScm && (await ignored.git.hide(pointer, 'file'))) {
    throw assayError('E_DATA_POINTER_IGNORED', { pointer });
  }
  const folder = lstatSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true;
  for (const [one, kind] of [
    [path, folder ? 'directory' : 'file'],
    [pointer, 'file'],
  ] as const) {
    if (await ignored.dvc.hide(one, kind)) throw assayError('E_DATA_DVC_IGNORED', { path: one });
  }
}

function planOf(target: string, workspace: DataWorkspace, tracked: Tracked): AddPlan {
  const path = workspace.below(target);
  const [first = ''] = path.split('/');
  if (path === '' || first === '.dvc' || first === '.git') {
    throw assayError('E_DATA_NOTHING', { target, reason: 'it is not data' });
  }
  if (path.endsWith('.dvc')) throw assayError('E_DATA_NOTHING', { target, reason: 'it is a pointer itself' });
  // Its pointer's name is the longer one.
  const problem = pathProblem([`${path}.dvc`], 'contained');
  if (problem !== undefined) throw assayError('E_DATA_NOTHING', { target, reason: problem.reason });
  realFolders(workspace.root, target).check(parentOf(path));
  const found = lstatSync(join(workspace.root, path), { throwIfNoEntry: false });
  const holder = [path, ...foldersOf(path)].map((one) => tracked.at.get(one)).find((one) => one !== undefined);
  // A part of a folder may have gone.
  if (found === undefined && (holder === undefined || holder.path === path)) {
    throw assayError('E_DATA_NOTHING', { target, reason: 'it is not there' });
  }
  if (found?.isSymbolicLink() && statSync(join(workspace.root, path), { throwIfNoEntry: false })?.isDirectory()) {
    // What it leads to may be anybody's, and would get links into the cache in place of its files.
    throw assayError('E_DATA_NOTHING', { target, reason: 'it is a link to a folder' });
  }
  if (holder !== undefined) {
    if (holder.stage !== undefined) throw assayError('E_DATA_STAGE_OUTPUT', { target, declaredIn: holder.declaredIn });
    if (holder.import !== undefined) throw assayError('E_DATA_IMPORTED', { target, declaredIn: holder.declaredIn });
    if (holder.path === path) return { target, path, pointer: holder.declaredIn, known: holder };
    if (!holder.md5?.endsWith('.dir')) throw assayError('E_DATA_INSIDE_OUTPUT', { target, output: holder.path });
    const parts = [path.slice(holder.path.length + 1)];
    return { target, path: holder.path, parts, pointer: holder.declaredIn, known: holder };
  }
  const below = tracked.below.get(path);
  if (below !== undefined) {
    throw assayError('E_DATA_CONTAINS_OUTPUT', { target, output: below.path, declaredIn: below.declaredIn });
  }
  if (!found?.isFile() && !found?.isDirectory()) {
    throw assayError('E_DATA_NOTHING', { target, reason: 'it is neither a file nor a folder (a link, a device)' });
  }
  return { target, path, pointer: `${path}.dvc` };
}

/** One content, two keepers: git would go on committing what DVC tracks. @throws E_DATA_IN_GIT, E_GIT_* where git cannot tell */
export async function refuseTracked(
  context: Pick<Context, 'environment'>,
  { root, config }: Pick<DataWorkspace, 'root' | 'config'>,
  plans: readonly AddPlan[],
): Promise<void> {
  if (config.noScm) return;
  const git = openGit(root, { env: context.environment });
  const paths = new Set(plans.filter(({ known }) => known?.cache !== false).map((plan) => plan.path));
  if (paths.size === 0) return;
  // All that git tracks, because there can be more paths than a process takes arguments.
  const args = ['ls-files', '-z'];
  const found = await git.attempt(args);
  // Not a git repository: DVC can do without one.
  if (found.code !== 0 && !(await isInGit(git))) return;
  const listed = found.code === 0 ? found.stdout : await git.run(args);
  for (const file of listed.toString('utf8').split('\0')) {
    const target = [...foldersOf(file), file].find((path) => paths.has(path));
    if (target !== undefined) throw assayError('E_DATA_IN_GIT', { target, file });
  }
}
