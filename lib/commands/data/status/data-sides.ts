import type { AssayError } from '../../../errors.ts';
import { openGit } from '../../../git/git.ts';
import { resolveCommit } from '../../../git/status.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import { isInside } from '../../../pointers/checkout/checkout-output.ts';
import { describeData, digestOnly } from '../../../pointers/checkout/describe-data.ts';
import { byCodePoint } from '../../../pointers/code-point-order.ts';
import type { SideContents } from '../../../pointers/listings/content-difference.ts';
import type { DirEntry } from '../../../pointers/listings/dir-object.ts';
import { outputListingIfAny } from '../../../pointers/listings/output-listing.ts';
import { readIndex, requireSound } from '../../../pointers/outputs/output-index.ts';
import {
  type TargetedOutput,
  targetedOutputs,
  targetFinder,
  unknownTarget,
} from '../../../pointers/outputs/output-targets.ts';
import type { OutputIndex } from '../../../pointers/outputs/tracked-output.ts';
import type { Context } from '../../context.ts';
import { commitTree } from '../commit-tree.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { whereNoCommit } from '../where-no-commit.ts';

/** The outputs of one side that are compared, and how they are to be read. */
export interface Side {
  readonly chosen: readonly TargetedOutput[];
  /** Targets that name nothing there, with the error that says so: to look for the nearest name takes long. */
  readonly unknown: ReadonlyMap<string, () => AssayError>;
}

/** The pointers of a commit. @throws E_GIT_UNKNOWN_COMMIT, E_GIT_NO_REVISION, E_GIT_NO_COMMIT, the index's problems */
export async function indexAt(context: Context, { root }: DataWorkspace, revision: string): Promise<OutputIndex> {
  const git = openGit(root, { env: context.environment });
  const commit = await resolveCommit(git, revision);
  return requireSound(await readIndex(root, { tree: await commitTree(git, commit) }));
}

const NOTHING_TRACKED: OutputIndex = { outputs: [], external: [], pipelines: [], problems: [] };

/** What the last commit tracks: nothing where there is none yet, or no git. @throws as `indexAt` */
export function headIndex(context: Context, workspace: DataWorkspace): Promise<OutputIndex> {
  return indexAt(context, workspace, 'HEAD').catch(whereNoCommit(NOTHING_TRACKED));
}

/**
 * The outputs that targets name on one side; folders stand for what is tracked below them. What a stage leaves to git
 * (`cache: false`) is told by git.
 */
export function sideOf(
  index: OutputIndex,
  targets: readonly string[],
  { root, cwd }: Pick<DataWorkspace, 'root' | 'cwd'>,
): Side {
  const options = { root, cwd, recursive: true };
  const find = targetFinder(index, options);
  const unknown = new Map<string, () => AssayError>();
  const known: string[] = [];
  for (const target of targets) {
    if (find(target).length > 0) known.push(target);
    else unknown.set(target, () => unknownTarget(index, target, options));
  }
  const none = targets.length > 0 && known.length === 0;
  const named = none ? [] : targetedOutputs(index, known, options);
  return { chosen: named.filter(({ output }) => output.cache), unknown };
}

/** What pointers say, with the files of folders whose listings are here. */
export function listedContents(chosen: readonly TargetedOutput[], { cache }: DataWorkspace): SideContents {
  const side = { files: new Map<string, string>(), folders: new Map<string, string>() };
  const unlisted = new Set<string>();
  for (const target of chosen) {
    const { path, md5 } = target.output;
    if (md5 === undefined) continue;
    if (!md5.endsWith('.dir')) side.files.set(path, md5);
    else {
      side.folders.set(path, md5);
      const entries = entriesOf(target, cache);
      if (entries === undefined) unlisted.add(path);
      for (const { relpath, md5: address } of entries ?? []) side.files.set(`${path}/${relpath}`, address);
    }
  }
  return { ...side, unlisted, partly: partlyChosen(chosen) };
}

/** The files of a folder that are compared. */
function entriesOf({ output, inside }: TargetedOutput, cache: ObjectCache): readonly DirEntry[] | undefined {
  const { md5, hash, files } = output;
  const entries = md5 === undefined ? undefined : outputListingIfAny(cache, { md5, hash, files });
  return inside === undefined ? entries : entries?.filter(({ relpath }) => isInside(relpath, inside));
}

function partlyChosen(chosen: readonly TargetedOutput[]): Set<string> {
  return new Set(chosen.flatMap(({ output, inside }) => (inside === undefined ? [] : [output.path])));
}

/** What lies in the work tree. @throws E_STORE_READ, E_STORE_SOURCE_CHANGED */
export async function presentContents(
  chosen: readonly TargetedOutput[],
  workspace: DataWorkspace,
): Promise<SideContents> {
  const side = { files: new Map<string, string>(), folders: new Map<string, string>() };
  for (const { output, inside } of chosen) {
    const { path, hash } = output;
    const data = await describeData(`${workspace.root}/${path}`, {
      scope: workspace.scopeOf(output),
      digest: digestOnly(hash),
      jobs: workspace.jobs,
      ignored: await workspace.ignoredIn(path),
    });
    if (data?.kind === 'directory') side.folders.set(path, data.md5);
    for (const { relpath, md5 } of data?.files ?? []) {
      if (data?.kind !== 'directory') side.files.set(path, md5);
      else if (inside === undefined || isInside(relpath, inside)) side.files.set(`${path}/${relpath}`, md5);
    }
  }
  return { ...side, unlisted: new Set(), partly: partlyChosen(chosen) };
}

/** Paths whose objects the cache lacks, sorted; a folder's own, with a slash, is its listing. */
export function missingOf(chosen: readonly TargetedOutput[], cache: ObjectCache): string[] {
  const missing: string[] = [];
  for (const target of chosen) {
    const { path, md5, hash, files, cache: cached } = target.output;
    if (!cached || md5 === undefined) continue;
    const folder = md5.endsWith('.dir');
    // A pointer that lists its files itself needs no listing in the cache.
    if (files === undefined && !cache.has(md5, hash)) missing.push(folder ? `${path}/` : path);
    for (const entry of folder ? (entriesOf(target, cache) ?? []) : []) {
      if (!cache.has(entry.md5, hash)) missing.push(`${path}/${entry.relpath}`);
    }
  }
  return missing.sort(byCodePoint);
}
