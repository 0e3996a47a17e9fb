import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assayError, hasCode } from '../errors.ts';
import type { Git } from './git.ts';
import { gitFailure } from './git-failure.ts';

export interface GitStatus {
  /** The commit that is checked out; null in a repository without one. */
  readonly commit: string | null;
  /** The branch that is checked out; null when HEAD is detached, as in most workflow jobs. */
  readonly branch: string | null;
  /** Tracked files are changed, or there are files that are neither tracked nor ignored. */
  readonly dirty: boolean;
  /** Those files, relative to the repository's top, sorted. A folder of new files is named once, with a slash. */
  readonly changes: readonly string[];
}

/** HEAD, branch and dirtiness of the whole work tree. Throws E_GIT_NOT_A_REPOSITORY. */
export async function readStatus(git: Git): Promise<GitStatus> {
  const out = await git.text([
    'status',
    '--porcelain=v2',
    '--branch',
    '-z',
    '--untracked-files=normal',
    '--no-renames',
  ]);
  let commit: string | null = null;
  let branch: string | null = null;
  const changes: string[] = [];
  for (const line of out.split('\0')) {
    if (line.startsWith('# branch.oid ')) commit = nullWhen('(initial)', line.slice('# branch.oid '.length));
    else if (line.startsWith('# branch.head ')) branch = nullWhen('(detached)', line.slice('# branch.head '.length));
    else if (line.startsWith('? ')) changes.push(line.slice(2));
    else if (line.startsWith('1 ')) changes.push(fieldsAfter(line, 8));
    else if (line.startsWith('u ')) changes.push(fieldsAfter(line, 10));
  }
  return { commit, branch, dirty: changes.length > 0, changes: changes.sort() };
}

function nullWhen(none: string, value: string): string | null {
  return value === none ? null : value;
}

/** What stands after `count` space-separated fields: porcelain v2 puts the path last, spaces and all. */
function fieldsAfter(line: string, count: number): string {
  return line.split(' ').slice(count).join(' ');
}

/** Files below git's folder that are neither tracked nor ignored, relative to it, sorted. Throws E_GIT_NOT_A_REPOSITORY. */
export async function untrackedFiles(git: Git): Promise<string[]> {
  const out = await git.text(['ls-files', '--others', '--exclude-standard', '-z']);
  return out.split('\0').filter(Boolean).sort();
}

/** What names a commit and nothing else, in full or by its first letters as git shows them. */
const COMMIT_ID = /^[0-9a-f]{7,64}$/;

/**
 * The commit id of `name` (`HEAD`, a branch, a tag, an id).
 *
 * @throws E_GIT_NO_COMMIT, E_GIT_UNKNOWN_COMMIT for an id, E_GIT_NO_REVISION for any other name
 */
export async function resolveCommit(git: Git, name = 'HEAD'): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const outcome = await git.attempt(args);
  if (outcome.code === 0) return outcome.stdout.toString('utf8').trim();
  if (outcome.stderr.trim() !== '') throw gitFailure({ folder: git.folder, args, ...outcome });
  if (name === 'HEAD') throw assayError('E_GIT_NO_COMMIT', { folder: git.folder });
  if (!COMMIT_ID.test(name)) throw assayError('E_GIT_NO_REVISION', { name });
  throw assayError('E_GIT_UNKNOWN_COMMIT', { commit: name, reason: 'no such commit, branch or tag' });
}

/** Whether a commit is HEAD or one of its ancestors; false too for a commit that is not here. */
export async function isInHistory(git: Git, commit: string): Promise<boolean> {
  return (await git.attempt(['merge-base', '--is-ancestor', commit, 'HEAD'])).code === 0;
}

/** Whether the repository's history is cut off (a checkout with a fetch depth). */
export async function isShallow(git: Git): Promise<boolean> {
  return (await git.text(['rev-parse', '--is-shallow-repository'])) === 'true';
}

/**
 * Whether git keeps the folder. One that has a `.git` at or above it which git refuses, or finds broken, is not outside of git:
 * a checkout of another user in a container, a work tree whose repository is not there.
 *
 * @throws E_GIT_UNSAFE, E_GIT_NOT_A_REPOSITORY
 */
export async function isInGit(git: Git): Promise<boolean> {
  try {
    await git.run(['rev-parse', '--git-dir']);
    return true;
  } catch (error) {
    if (!hasCode(error, 'E_GIT_NOT_A_REPOSITORY')) throw error;
    for (let folder = git.folder; ; folder = dirname(folder)) {
      if (existsSync(join(folder, '.git'))) throw error;
      if (folder === dirname(folder)) return false;
    }
  }
}

/** The top folder of the work tree. Throws E_GIT_NOT_A_REPOSITORY. */
export async function topFolder(git: Git): Promise<string> {
  return git.text(['rev-parse', '--show-toplevel']);
}
