import { lstatSync, rmSync } from 'node:fs';
import { type Git, openGit } from '../../../git/git.ts';
import { checkUnchanged } from '../../../pointers/cache/hash-file.ts';
import { writing } from '../../../pointers/cache/write-object.ts';
import { describeData, digestOnly, stampAt, type WorkData } from '../../../pointers/checkout/describe-data.ts';
import { type PlacedData, placedData, rememberPlaced } from '../../../pointers/checkout/placed-data.ts';
import { realFolders } from '../../../pointers/checkout/real-folder.ts';
import { removeEmptied } from '../../../pointers/checkout/remove-emptied.ts';
import { readIndex, requireSound } from '../../../pointers/outputs/output-index.ts';
import { foldersOf } from '../../../pointers/outputs/overlapping-outputs.ts';
import { parentOf } from '../../../pointers/relative-paths.ts';
import { removeIfEmpty } from '../../../stores/folder/remove-if-empty.ts';
import type { Context } from '../../context.ts';
import { type BlobTexts, commitTree } from '../commit-tree.ts';
import type { CheckedOut } from '../data-outputs.ts';
import type { DataWorkspace } from '../data-workspace.ts';

/** Places of HEAD's log that are looked at for who tracked the data. */
const MAX_LOG = 50;

/**
 * Removes data from the work tree whose pointer has gone since an earlier call put the data there, as after `git switch`: what
 * `dvc checkout` does with what it had linked. Only data that are as they were, that the cache has, that git does not track,
 * and that a commit names where HEAD has been: the way back brings them again. Everything else stays, and is told once.
 *
 * @throws the index's problems, E_GIT_*, E_STORE_READ, E_STORE_WRITE, E_STORE_SOURCE_CHANGED
 */
export async function removeLeft(context: Context, workspace: DataWorkspace): Promise<CheckedOut[]> {
  const { root, config } = workspace;
  const { outputs } = requireSound(await workspace.index());
  const used = new Set(outputs.map(({ path }) => path));
  const gone = [...placedData(root).values()].filter(({ path }) => !used.has(path));
  if (gone.length === 0) return [];
  // What lies in something that is tracked is that one's to keep or to remove.
  const left = gone.filter(({ path }) => !foldersOf(path).some((folder) => used.has(folder)) && isThere(root, path));
  const removed: CheckedOut[] = [];
  if (left.length > 0 && !config.noScm) {
    const git = openGit(root, { env: context.environment });
    const named = await namedByCommits(git, root, left);
    // Where none is, there may be no git to ask.
    const tracked = named.size === 0 ? named : await trackedByGit(git, named);
    for (const output of left) {
      const { path } = output;
      const inTheWay = tracked.has(path)
        ? 'git tracks it'
        : named.has(path)
          ? undefined
          : 'no commit that HEAD was at names it';
      const done = inTheWay ?? (await removeOne(workspace, output));
      if (typeof done === 'string') context.log.warning(`${path} stays, although its pointer has gone: ${done}`);
      else removed.push(done);
    }
  }
  rememberPlaced(
    root,
    [],
    gone.map(({ path }) => path),
  );
  return removed;
}

function isThere(root: string, path: string): boolean {
  try {
    realFolders(root, path).check(parentOf(path));
    return lstatSync(`${root}/${path}`, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Behind a link, or below a file.
    return false;
  }
}

/** Those that a commit names as they are, of the last ones that HEAD was at. */
async function namedByCommits(git: Git, root: string, left: readonly PlacedData[]): Promise<Set<string>> {
  const open = new Map(left.map((output) => [output.path, output]));
  const named = new Set<string>();
  const listed = await git.attempt(['rev-list', '--walk-reflogs', `--max-count=${MAX_LOG}`, 'HEAD', '--']);
  const commits = listed.code === 0 ? listed.stdout.toString('utf8').split('\n').filter(Boolean) : [];
  const texts: BlobTexts = new Map();
  for (const commit of new Set(commits)) {
    if (open.size === 0) break;
    const { outputs } = await readIndex(root, { tree: await commitTree(git, commit, { texts }) });
    for (const { path, md5, hash } of outputs) {
      const wanted = open.get(path);
      if (wanted?.md5 !== md5 || wanted?.hash !== hash) continue;
      named.add(path);
      open.delete(path);
    }
  }
  return named;
}

/** Those that git's index has, or files in them. */
async function trackedByGit(git: Git, paths: ReadonlySet<string>): Promise<Set<string>> {
  const tracked = new Set<string>();
  for (const file of (await git.text(['ls-files', '-z'])).split('\0')) {
    for (const path of [file, ...foldersOf(file)]) if (paths.has(path)) tracked.add(path);
  }
  return tracked;
}

/** What was removed, or why nothing was. */
async function removeOne(workspace: DataWorkspace, { path, md5, hash }: PlacedData): Promise<CheckedOut | string> {
  const { root, cache, jobs } = workspace;
  const target = `${root}/${path}`;
  const directory = md5.endsWith('.dir');
  const stats = lstatSync(target, { throwIfNoEntry: false });
  // DVC links files, never folders.
  if (directory !== (stats?.isDirectory() === true)) return 'something else is there';
  const data = await describeData(target, {
    scope: workspace.scopeOf({ path, hash, kind: directory ? 'directory' : 'file' }),
    digest: digestOnly(hash),
    jobs,
    ignored: await workspace.ignoredIn(path),
  });
  if (data?.md5 !== md5 || data.skipped.length > 0) return 'it was changed';
  if (![md5, ...data.files.map((file) => file.md5)].every((address) => cache.has(address, hash))) {
    return 'the cache does not have all of it';
  }
  removeData(target, data);
  return { path, state: 'deleted', added: 0, modified: 0, deleted: data.files.length };
}

/** Removes the files of data, and the folders that are empty then: what `.dvcignore` hides in them stays. */
function removeData(target: string, { kind, files, folders }: WorkData): void {
  for (const { path, stamp } of files) {
    const now = stampAt(path);
    if (now === undefined) continue;
    checkUnchanged(path, stamp, now, now.size);
    writing(path, () => rmSync(path));
  }
  if (kind === 'file') return;
  removeEmptied(
    files.map(({ relpath }) => relpath),
    target,
  );
  for (const folder of [...folders].reverse()) removeIfEmpty(`${target}/${folder}`);
  removeIfEmpty(target);
}
