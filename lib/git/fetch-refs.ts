import { setTimeout as wait } from 'node:timers/promises';
import { type AssayError, assayError } from '../errors.ts';
import type { Git } from './git.ts';
import { gitFailure } from './git-failure.ts';
import { requireRemote } from './remote.ts';
import { isShallow } from './status.ts';
import { STREAMED } from './streamed.ts';

export interface FetchItem {
  /** A full ref name of the remote, or a commit id. */
  readonly source: string;
  /** The local ref to set to it, whatever that ref was before; without it the objects come alone. */
  readonly into?: string;
}

export interface FetchOptions {
  /** Commits of history to bring. Cuts the history of what is fetched off, so only ask it of shallow repositories. */
  readonly depth?: number;
  /** A partial clone gets all objects too, not each by itself when it is looked at. */
  readonly whole?: boolean;
}

/** Longest list of refs in one command line. */
const MAX_ITEMS = 200;

/** Another process of this repository holds a ref for milliseconds, and each of them moves it one time. */
const LOCK_ATTEMPTS = 8;

/** Milliseconds after the first lost lock; twice as many after the second, and so on. */
const LOCK_PAUSE_MS = 20;

/**
 * Brings refs and commits, and nothing else: no other tags, no FETCH_HEAD. Waits for other processes that fetch the same.
 * Throws E_GIT_NO_REMOTE, E_GIT_AUTH, E_GIT_UNREACHABLE, or E_GIT_FAILED when the remote lacks one of them.
 */
export async function fetchRefs(
  git: Git,
  remote: string,
  items: readonly FetchItem[],
  options: FetchOptions = {},
): Promise<void> {
  if (items.length === 0) return;
  await requireRemote(git, remote);
  for (let i = 0; i < items.length; i += MAX_ITEMS) {
    const part = items.slice(i, i + MAX_ITEMS);
    let failure = await tryFetch(git, remote, part, options);
    for (let attempt = 1; failure?.code === 'E_GIT_LOCKED' && attempt < LOCK_ATTEMPTS; attempt++) {
      await wait(LOCK_PAUSE_MS * attempt);
      failure = await tryFetch(git, remote, part, options);
    }
    if (failure !== undefined) throw failure;
  }
}

async function tryFetch(
  git: Git,
  remote: string,
  items: readonly FetchItem[],
  { depth, whole = false }: FetchOptions,
): Promise<AssayError | undefined> {
  const args = [
    ...STREAMED,
    'fetch',
    '--quiet',
    '--force',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-recurse-submodules',
    // The refspecs given here are the whole of it: no configured ones besides.
    '--refmap=',
    ...(depth === undefined ? [] : [`--depth=${depth}`]),
    ...(whole ? ['--no-filter'] : []),
    '--',
    remote,
    ...items.map(({ source, into }) => (into === undefined ? source : `+${source}:${into}`)),
  ];
  const outcome = await git.attempt(args);
  return outcome.code === 0 ? undefined : gitFailure({ folder: git.folder, args, ...outcome, remote });
}

/** Whether the commit and its tree are in the repository. */
export async function hasCommit(git: Git, commit: string): Promise<boolean> {
  const outcome = await git.attempt(['cat-file', '-e', `${commit}^{tree}`], { env: { GIT_NO_LAZY_FETCH: '1' } });
  return outcome.code === 0;
}

/**
 * Sees to it that `commit` (its full id) is here, with its tree; fetches it by its id where a shallow clone lacks it.
 * Throws E_GIT_UNKNOWN_COMMIT when the remote does not give it out.
 */
export async function ensureCommit(git: Git, remote: string, commit: string): Promise<void> {
  if (!(await hasCommit(git, commit))) await fetchCommit(git, remote, commit);
}

/** Fetches a commit that is not here by its full id. Throws like `ensureCommit`. */
export async function fetchCommit(git: Git, remote: string, commit: string): Promise<void> {
  await requireRemote(git, remote);
  const depth = (await isShallow(git)) ? { depth: 1 } : {};
  const failure = await tryFetch(git, remote, [{ source: commit }], depth);
  if (failure === undefined) return;
  if (failure.code === 'E_GIT_AUTH' || failure.code === 'E_GIT_UNREACHABLE') throw failure;
  throw assayError('E_GIT_UNKNOWN_COMMIT', { commit, reason: failure.message }, failure);
}
