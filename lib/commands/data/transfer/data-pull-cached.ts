import { createHash } from 'node:crypto';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../errors.ts';
import { cachedObjects } from '../../../pointers/cache/cached-objects.ts';
import { DAMAGED_FOLDER, type ObjectCache } from '../../../pointers/cache/object-cache.ts';
import type { PointerHash } from '../../../pointers/object-key.ts';
import { requireSound } from '../../../pointers/outputs/output-index.ts';
import { objectsOf } from '../../../pointers/outputs/output-objects.ts';
import { type TargetedOutput, targetedOutputs } from '../../../pointers/outputs/output-targets.ts';
import type { Context } from '../../context.ts';
import type { DataPullOutput } from '../data-outputs.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import type { Outcome } from '../outcome.ts';
import { isLacking } from './data-fetch.ts';
import { type DataPullRequest, dataPull } from './data-pull.ts';
import type { RunnerCache } from './runner-cache.ts';

/** Begins every key; a change of what is kept changes it. */
const KEY_PREFIX = 'assay-data-2-';

/** Hex digits that tell one choice of targets from another. */
const SCOPE_DIGITS = 8;

const HASHES: readonly PointerHash[] = ['md5', 'md5-dos2unix'];

export interface RunnerCachePorts {
  /** None: nothing is restored or kept. */
  readonly runner: RunnerCache | undefined;
  /** False where what is kept could be a stranger's: the cache is then only read. */
  readonly keep: boolean;
}

export interface CachedPull extends Outcome<DataPullOutput> {
  /** `hit`: these very data; `partial`: data of other pointers, which had some of them; `unused`: all was here. */
  readonly runnerCache: 'hit' | 'partial' | 'miss' | 'unused';
}

/**
 * `dataPull` with the local cache brought from, and kept in, the cache of the CI service, under a key made of the pointers'
 * digests. What is restored is believed no more than a download: an object whose bytes are not its address is brought anew.
 *
 * The service keeps the cache's folder as a whole. So nothing is kept of one that has data of others in it too, as a cache has
 * that outlives the job or that a team shares; and data of older pointers are looked for only where there is nothing yet.
 *
 * @throws as `dataPull`
 */
export async function dataPullCached(
  context: Context,
  request: DataPullRequest,
  { runner, keep }: RunnerCachePorts,
): Promise<CachedPull> {
  if (runner === undefined) return { ...(await dataPull(context, request)), runnerCache: 'unused' };
  const state = await withWorkspace(context, {}, async (workspace) => {
    const chosen = await chosenOutputs(workspace, request);
    const { cache, root } = workspace;
    if (!chosen.some((target) => isLacking(target, cache))) return undefined;
    return { ...keysOf(workspace, request, chosen), paths: [cache.folder], fresh: isOwnAndEmpty(cache, root) };
  });
  if (state === undefined) return { ...(await dataPull(context, request)), runnerCache: 'unused' };
  const { key, prefixes, paths, fresh } = state;
  const attempt = <T>(what: string, action: () => Promise<T>) =>
    action().catch((error: unknown) => {
      context.log.info(`the runner's cache ${what}: ${messageOf(error)}`);
      return undefined;
    });
  const found = await attempt('gave nothing', () => runner.restore([...paths], key, fresh ? prefixes : []));
  const outcome = await dataPull(context, request);
  const { failed, present } = outcome.document;
  const some = found !== undefined && present > 0;
  const runnerCache = found === key ? 'hit' : some ? 'partial' : 'miss';
  // A key is never written again: what lacks something would be found under it for good.
  if (keep && runnerCache !== 'hit' && outcome.error === undefined && failed.length === 0) {
    await attempt('kept nothing', async () => {
      if (fresh) await forgetOthers(context, request);
      if (fresh || (await isAllNamed(context))) await runner.save([...paths], key);
      else context.log.info(`the runner's cache kept nothing: ${paths.join()} has data of others too`);
    });
  }
  return { ...outcome, runnerCache };
}

async function chosenOutputs(workspace: DataWorkspace, request: DataPullRequest): Promise<TargetedOutput[]> {
  const { targets, recursive = false } = request;
  const { root, cwd } = workspace;
  const all = targetedOutputs(requireSound(await workspace.index()), targets, { root, cwd, recursive });
  const isPulled = ({ output: { push, import: from } }: TargetedOutput) =>
    push || from !== undefined || targets.length > 0;
  return all.filter((target) => target.output.cache && target.output.md5 !== undefined && isPulled(target));
}

/** The same data of the same targets, the same key, whatever the pointers say besides; older data of these targets come first. */
function keysOf({ cwd }: DataWorkspace, { targets, recursive }: DataPullRequest, chosen: readonly TargetedOutput[]) {
  const addresses = new Set(
    chosen.flatMap(({ output: { md5, hash }, inside = [''] }) => inside.map((part) => `${hash} ${md5 ?? ''} ${part}`)),
  );
  const asked = JSON.stringify([cwd, recursive === true, [...targets].sort()]);
  const scope = `${KEY_PREFIX}${sha256(asked).slice(0, SCOPE_DIGITS)}-`;
  return { key: `${scope}${sha256([...addresses].sort().join('\n'))}`, prefixes: [scope, KEY_PREFIX] };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether all that is in the cache later will be this work tree's: one elsewhere may be others' too, who fill it at the same time. */
function isOwnAndEmpty(cache: ObjectCache, root: string): boolean {
  const { folder } = cache;
  if (!folder.startsWith(join(root, '/'))) return false;
  if (!existsSync(folder)) return true;
  // A link may lead to where others are.
  if (!realpathSync(folder).startsWith(join(realpathSync(root), '/'))) return false;
  return !existsSync(join(folder, DAMAGED_FOLDER)) && HASHES.every((hash) => cachedObjects(cache, hash).length === 0);
}

/** Removes what came from the runner's cache and has no use here: data of older pointers would be kept on and on. */
async function forgetOthers(context: Context, request: DataPullRequest): Promise<void> {
  await withWorkspace(context, {}, async (workspace) => {
    const { cache } = workspace;
    for (const { md5, hash } of unnamed(await chosenOutputs(workspace, request), cache)) cache.remove(md5, hash);
    rmSync(join(cache.folder, DAMAGED_FOLDER), { recursive: true, force: true });
  });
}

/** Whether the pointers of this work tree name all that the cache has. */
async function isAllNamed(context: Context): Promise<boolean> {
  return withWorkspace(context, {}, async (workspace) => {
    const targets = (await workspace.index()).outputs.map((output) => ({ output }));
    return unnamed(targets, workspace.cache).length === 0;
  });
}

/** What a cache has beside the data of these outputs. */
function unnamed(targets: readonly TargetedOutput[], cache: ObjectCache) {
  const used = new Set<string>();
  for (const target of targets) {
    if (target.output.md5 !== undefined) used.add(target.output.md5);
    for (const { md5 } of objectsOf(target, cache)?.files ?? []) used.add(md5);
  }
  return HASHES.flatMap((hash) =>
    cachedObjects(cache, hash).flatMap(({ md5 }) => (used.has(md5) ? [] : [{ md5, hash }])),
  );
}
