import { resolve } from 'node:path';
import { assayError } from '../../../errors.ts';
import { cachedObjects } from '../../../pointers/cache/cached-objects.ts';
import { objectKey } from '../../../pointers/object-key.ts';
import type { Store } from '../../../stores/store.ts';
import type { Context } from '../../context.ts';
import type { DataGcOutput } from '../data-outputs.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import { openRemote } from '../store/data-remote.ts';
import { lackedByRemotes, listingRemotes } from './gc-remotes.ts';
import { type UsedData, type UsedRequest, usedData } from './gc-used.ts';
import { usedInWorktrees, withWorktrees } from './gc-worktrees.ts';

/**
 * One of `workspace`, `allBranches`, `allTags`, `allCommits`, `allExperiments`, `rev` and `date` has to be asked for, as in
 * DVC.
 */
export interface DataGcRequest extends UsedRequest {
  readonly workspace?: boolean;
  readonly allTags?: boolean;
  /** Keep only what is on no remote: the rest can be brought again. */
  readonly notInRemote?: boolean;
  readonly remote?: string | undefined;
  /** Other repositories that share the cache: what they use stays. */
  readonly projects?: readonly string[];
  /** Remove nothing, tell what would be. */
  readonly dry?: boolean;
  /** What is removed from a remote is gone for everybody. */
  readonly force?: boolean;
  readonly jobs?: number | undefined;
}

/** Objects that are younger may belong to an `add` that has not written its pointer yet. Milliseconds: one hour. */
export const YOUNG_MS = 60 * 60 * 1000;
/** The same for a remote: the time that others have to commit what they pushed. Milliseconds: one hour. */
export const UNCOMMITTED_PUSH_MS = 60 * 60 * 1000;

/**
 * Removes objects that nothing uses. Stricter than `dvc gc`: whatever scope is asked for, what a work tree of the repository or
 * the tip of any branch (also of remotes), any tag, the stash or the registry uses is kept; the scopes keep more of history.
 * With `notInRemote` what is kept goes from the cache as well where its remote has it. Objects of DVC 2 and registered
 * artifacts (`<store>/assay/`) are never looked at. One pointer that cannot be read ends it before anything goes, unless
 * `skipFailed`.
 *
 * @throws E_DATA_SCOPE, E_DATA_OPTION, E_DATA_OPTIONS, E_DATA_CONFIRM, E_DATA_NO_REPOSITORY, E_DATA_GC_CLONE,
 *   E_DATA_GC_WORKTREE, E_GIT_UNKNOWN_COMMIT, E_GIT_NO_REVISION, the indexes' problems, E_CACHE_MISSING, the store's errors
 */
export async function dataGc(context: Context, request: DataGcRequest): Promise<DataGcOutput> {
  const { cloud = false, dry = false, force = false, notInRemote = false, projects = [], remote, jobs } = request;
  checkOptions(request);
  if (!dry && !force) throw assayError('E_DATA_CONFIRM', { what: 'removing data' });
  return withWorkspace(context, {}, async (workspace) => {
    const store = cloud ? await openRemote(context, workspace, { name: remote, jobs }) : undefined;
    const asked = store === undefined ? {} : { asked: store };
    const { own, worktrees } = await withWorktrees(context, workspace, async (worktrees) => {
      const caches = [workspace.cache, ...worktrees.map(({ cache }) => cache)] as const;
      const ports = { caches, remoteOf: listingRemotes(context, workspace, { jobs, ...asked }) };
      const own = await usedData(context, workspace, request, ports);
      return { own, worktrees: await usedInWorktrees(context, worktrees, ports) };
    });
    const others: UsedData[] = [...worktrees];
    for (const project of projects) others.push(await usedElsewhere(context, workspace, request, project));
    const used = addressesOf([own, ...others]);
    const kept = notInRemote ? addressesOf(others) : used;
    if (notInRemote) {
      const lacked = await lackedByRemotes(context, workspace, own.outputs, { name: remote, jobs });
      for (const address of lacked) kept.add(address);
    }
    const now = context.clock.now().getTime();
    const unused = unusedInCache(workspace, kept, now);
    const unusedThere = store === undefined ? [] : await unusedInStore(store, used, now);
    if (!dry) {
      // The remote first: what is gone there can still be pushed again from here.
      if (unusedThere.length > 0) await store?.remove(unusedThere.map((md5) => objectKey(md5)));
      for (const md5 of unused) workspace.cache.remove(md5);
    }
    const skipped = [own, ...others].flatMap((one) => one.skipped);
    for (const { commit, reason } of skipped) context.log.warning(`the commit ${commit} is left out: ${reason}`);
    return {
      ...{ schema: 'assay/data-gc/1', dry, kept: kept.size, cache: unused, remote: unusedThere },
      ...(request.skipFailed === true ? { skipped } : {}),
    };
  });
}

/** As DVC has them. */
function checkOptions(request: DataGcRequest): void {
  const { workspace, allBranches, allTags, allCommits, allExperiments, rev, date, num, cloud, notInRemote } = request;
  if (cloud && notInRemote) throw assayError('E_DATA_OPTIONS', { one: '--cloud', other: '--not-in-remote' });
  if (request.remote !== undefined && !cloud && !notInRemote) {
    throw assayError('E_DATA_OPTION', { option: '--remote', reason: 'only --cloud and --not-in-remote ask a remote' });
  }
  if (num !== undefined && rev === undefined && !allBranches) {
    throw assayError('E_DATA_OPTION', { option: '--num', reason: 'it counts commits of --rev or --all-branches' });
  }
  const scopes = [workspace, allBranches, allTags, allCommits, allExperiments, rev, date];
  if (!scopes.some((scope) => scope !== undefined && scope !== false)) throw assayError('E_DATA_SCOPE', {});
}

/** What another repository uses, by the same scope; a revision is a name of this one alone. */
function usedElsewhere(context: Context, { cache }: DataWorkspace, request: DataGcRequest, project: string) {
  const elsewhere = { ...context, root: resolve(context.root, project) };
  return withWorkspace(elsewhere, {}, (other) =>
    usedData(
      context,
      other,
      { ...request, rev: undefined },
      {
        caches: [cache, other.cache],
        remoteOf: listingRemotes(elsewhere, other, {}),
      },
    ),
  );
}

function addressesOf(data: readonly UsedData[]): Set<string> {
  const found = new Set<string>();
  for (const { outputs } of data) {
    for (const { addresses } of outputs) for (const address of addresses) found.add(address);
  }
  return found;
}

function unusedInCache({ cache }: DataWorkspace, used: ReadonlySet<string>, now: number): string[] {
  return cachedObjects(cache)
    .filter(({ md5, changedMs }) => !used.has(md5) && now - changedMs > YOUNG_MS)
    .map(({ md5 }) => md5)
    .sort();
}

/** What is younger may belong to a push whose pointers are not in git yet; what is of unknown age is taken for young. */
async function unusedInStore(store: Store, used: ReadonlySet<string>, now: number): Promise<string[]> {
  const unused: string[] = [];
  for (const { key, changedMs } of await store.listTimed('files/md5')) {
    const [, prefix, rest] = /^files\/md5\/([0-9a-f]{2})\/([0-9a-f]{30}(?:\.dir)?)$/.exec(key) ?? [];
    if (prefix === undefined || rest === undefined) continue;
    const md5 = `${prefix}${rest}`;
    if (!used.has(md5) && changedMs !== undefined && now - changedMs > UNCOMMITTED_PUSH_MS) unused.push(md5);
  }
  return unused.sort();
}
