import { lstatSync, readdirSync } from 'node:fs';
import { assayError } from '../errors.ts';
import { type Git, openGit } from '../git/git.ts';
import { presentObjects } from '../git/read-objects.ts';
import { listRemoteRefs } from '../git/remote.ts';
import { isShallow } from '../git/status.ts';
import type { ObjectCache } from '../pointers/object-cache.ts';
import { MD5_ADDRESS, objectKey } from '../pointers/object-key.ts';
import { type OutputIndex, readIndex, requireSound } from '../pointers/output-index.ts';
import { outputListingIfAny } from '../pointers/output-listing.ts';
import type { TrackedOutput } from '../pointers/tracked-output.ts';
import type { Store } from '../stores/store.ts';
import { type BlobTexts, commitTree } from './commit-tree.ts';
import type { Context } from './context.ts';
import type { DataGcOutput } from './data-outputs.ts';
import { openRemote } from './data-remote.ts';
import { type DataWorkspace, withWorkspace } from './data-workspace.ts';

export interface DataGcRequest {
  /** One of these has to be asked for, as in DVC. */
  readonly workspace?: boolean;
  readonly allBranches?: boolean;
  readonly allTags?: boolean;
  /** Also what only older commits use. */
  readonly allCommits?: boolean;
  /** The remote too, not only the cache. */
  readonly cloud?: boolean;
  readonly remote?: string | undefined;
  /** Remove nothing, tell what would be. */
  readonly dry?: boolean;
  /** What is removed from a remote is gone for everybody. */
  readonly force?: boolean;
}

/** Objects that are younger may belong to an `add` that has not written its pointer yet. Milliseconds: one hour. */
export const YOUNG_MS = 60 * 60 * 1000;
/** The same for a remote: the time that others have to commit what they pushed. Milliseconds: one hour. */
export const UNCOMMITTED_PUSH_MS = 60 * 60 * 1000;

/**
 * Removes objects that nothing uses. Stricter than `dvc gc`: whatever scope is asked for, what the work tree or the tip of any
 * branch (also of remotes), any tag or the registry uses is kept; `allCommits` keeps all of history. Objects of DVC 2 and
 * registered artifacts (`<store>/assay/`) are never looked at. One pointer that cannot be read ends it before anything goes.
 *
 * @throws E_DATA_SCOPE, E_DATA_CONFIRM, the indexes' problems, E_CACHE_MISSING, the store's errors
 */
export async function dataGc(context: Context, request: DataGcRequest): Promise<DataGcOutput> {
  const {
    workspace: w,
    allBranches: a,
    allTags: t,
    allCommits = false,
    cloud = false,
    dry = false,
    force = false,
  } = request;
  if (!w && !a && !t && !allCommits) throw assayError('E_DATA_SCOPE', {});
  if (!dry && !force) throw assayError('E_DATA_CONFIRM', { what: 'removing data' });
  return withWorkspace(context, {}, async (workspace) => {
    const store = cloud ? await openRemote(context, workspace, { name: request.remote }) : undefined;
    const indexes = [requireSound(await workspace.index())];
    const git = openGit(workspace.root, { env: context.environment });
    const texts: BlobTexts = new Map();
    const commits = workspace.config.noScm ? [] : await commitsOf(git, context.remote, allCommits);
    for (const commit of commits) {
      indexes.push(requireSound(await readIndex(workspace.root, { tree: await commitTree(git, commit, texts) })));
    }
    const used = await usedObjects(indexes, workspace, store);
    const cache = unusedInCache(workspace, used, context.clock.now().getTime());
    const remote = store === undefined ? [] : await unusedInStore(store, used, context.clock.now().getTime());
    if (!dry) {
      // The remote first: what is gone there can still be pushed again from here.
      if (remote.length > 0) await store?.remove(remote.map((md5) => objectKey(md5)));
      for (const md5 of cache) workspace.cache.remove(md5);
    }
    return { schema: 'assay/data-gc/1', dry, kept: used.size, cache, remote };
  });
}

/** The commits whose data is kept. A clone that lacks some of the remote's branches or tags cannot know. */
async function commitsOf(git: Git, remote: string, all: boolean): Promise<string[]> {
  const inside = await git.attempt(['rev-parse', '--git-dir']);
  if (inside.code !== 0) return [];
  if (all && (await isShallow(git))) throw assayError('E_DATA_GC_CLONE', { what: 'its history is cut off' });
  const remotes = (await git.text(['remote'])).split('\n');
  const refs = remotes.includes(remote) ? await listRemoteRefs(git, remote, ['refs/heads/*', 'refs/tags/*']) : [];
  const ids = [...new Set(refs.map((ref) => ref.id))];
  const here = await presentObjects(git, ids);
  const missing = refs.find((ref) => !here.has(ref.id));
  if (missing !== undefined) throw assayError('E_DATA_GC_CLONE', { what: `${missing.ref} of ${remote} is not here` });
  const head = await git.attempt(['rev-parse', '--verify', '--quiet', 'HEAD']);
  // The stash is a ref as well.
  const args = ['rev-list', ...(all ? [] : ['--no-walk']), '--all', ...(head.code === 0 ? ['HEAD'] : []), ...ids];
  const listed = await git.text(args);
  return [...new Set(listed.split('\n').filter((line) => line !== ''))];
}

async function usedObjects(
  indexes: readonly OutputIndex[],
  workspace: DataWorkspace,
  store: Store | undefined,
): Promise<Set<string>> {
  const outputs = new Map<string, TrackedOutput>();
  for (const index of indexes) {
    for (const output of index.outputs)
      if (output.md5 !== undefined) outputs.set(`${output.hash} ${output.md5}`, output);
  }
  const used = new Set<string>();
  for (const output of outputs.values()) {
    const { md5 } = output;
    if (md5 === undefined) continue;
    used.add(md5);
    if (!md5.endsWith('.dir')) continue;
    for (const entry of await entriesOf({ ...output, md5 }, workspace, store)) used.add(entry);
  }
  return used;
}

/** The files of a folder. One whose listing is nowhere to be had ends the collection: its files cannot be told from others. */
async function entriesOf(
  output: TrackedOutput & { readonly md5: string },
  workspace: DataWorkspace,
  store: Store | undefined,
): Promise<string[]> {
  const { cache } = workspace;
  const { md5, hash, path, files } = output;
  if (files === undefined && !cache.has(md5, hash) && store !== undefined && (await store.has(objectKey(md5, hash)))) {
    const expected = { md5: md5.slice(0, -'.dir'.length) };
    await cache.receive(md5, hash, (target) => store.read(objectKey(md5, hash), expected, target));
  }
  const entries = outputListingIfAny(cache, output);
  if (entries === undefined) throw assayError('E_CACHE_MISSING', { object: md5, output: path });
  return entries.map((entry) => entry.md5);
}

function unusedInCache({ cache }: DataWorkspace, used: ReadonlySet<string>, now: number): string[] {
  return cachedObjects(cache)
    .filter(({ md5, changedMs }) => !used.has(md5) && now - changedMs > YOUNG_MS)
    .map(({ md5 }) => md5)
    .sort();
}

/** The objects of DVC 3 that a cache holds, and when they last changed, milliseconds since 1970. */
export function cachedObjects({ folder: root }: ObjectCache): { readonly md5: string; readonly changedMs: number }[] {
  const folder = `${root}/files/md5`;
  const objects: { md5: string; changedMs: number }[] = [];
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return objects;
  for (const prefix of readdirSync(folder)) {
    if (!/^[0-9a-f]{2}$/.test(prefix)) continue;
    for (const rest of readdirSync(`${folder}/${prefix}`)) {
      const md5 = `${prefix}${rest}`;
      if (!MD5_ADDRESS.test(md5)) continue;
      const found = lstatSync(`${folder}/${prefix}/${rest}`, { throwIfNoEntry: false });
      if (found !== undefined) objects.push({ md5, changedMs: found.ctimeMs });
    }
  }
  return objects;
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
