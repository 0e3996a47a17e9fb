import { createHash } from 'node:crypto';
import { messageOf } from '../../../errors.ts';
import { requireSound } from '../../../pointers/outputs/output-index.ts';
import { objectsOf } from '../../../pointers/outputs/output-objects.ts';
import { type TargetedOutput, targetedOutputs } from '../../../pointers/outputs/output-targets.ts';
import type { Context } from '../../context.ts';
import type { DataPullOutput } from '../data-outputs.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import { cachedObjects } from '../gc/data-gc.ts';
import { isLacking } from './data-fetch.ts';
import { type DataPullRequest, dataPull } from './data-pull.ts';
import type { TransferOutcome } from './data-push.ts';
import type { RunnerCache } from './runner-cache.ts';

/** Begins every key; a change of what is kept changes it. */
const KEY_PREFIX = 'assay-data-1-';

export interface RunnerCachePorts {
  /** None: nothing is restored or kept. */
  readonly runner: RunnerCache | undefined;
  /** False where what is kept could be a stranger's: the cache is then only read. */
  readonly keep: boolean;
}

export interface CachedPull extends TransferOutcome<DataPullOutput> {
  /** `hit`: these very data; `partial`: data of other pointers, which had some of them; `unused`: all was here. */
  readonly runnerCache: 'hit' | 'partial' | 'miss' | 'unused';
}

/**
 * `dataPull` with the local cache brought from, and kept in, the cache of the CI service, under a key made of the pointers'
 * digests. What is restored is believed no more than a download: an object whose bytes are not its address is brought anew.
 *
 * @throws as `dataPull`
 */
export async function dataPullCached(
  context: Context,
  request: DataPullRequest,
  { runner, keep }: RunnerCachePorts,
): Promise<CachedPull> {
  const state = await withWorkspace(context, {}, async (workspace) => {
    const chosen = await chosenOutputs(workspace, request);
    const { cache } = workspace;
    const lacking = chosen.some((target) => isLacking(target, cache));
    return { lacking, key: keyOf(chosen), paths: [cache.folder], fresh: cachedObjects(cache).length === 0 };
  });
  const { key, paths, fresh } = state;
  if (runner === undefined || !state.lacking) return { ...(await dataPull(context, request)), runnerCache: 'unused' };
  const attempt = <T>(what: string, action: () => Promise<T>) =>
    action().catch((error: unknown) => {
      context.log.info(`the runner's cache ${what}: ${messageOf(error)}`);
      return undefined;
    });
  const found = await attempt('gave nothing', () => runner.restore([...paths], key, [KEY_PREFIX]));
  const outcome = await dataPull(context, request);
  const runnerCache = found === undefined ? 'miss' : found === key ? 'hit' : 'partial';
  if (keep && runnerCache !== 'hit' && outcome.error === undefined) {
    // Only what came from the runner's cache may go: data of older pointers would be kept on and on.
    if (fresh && runnerCache === 'partial') await forgetOthers(context, request);
    await attempt('kept nothing', () => runner.save([...paths], key));
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

/** The same data, the same key, whatever the pointers are called. */
function keyOf(chosen: readonly TargetedOutput[]): string {
  const addresses = new Set(
    chosen.flatMap(({ output: { md5, hash }, inside = [''] }) => inside.map((part) => `${hash} ${md5 ?? ''} ${part}`)),
  );
  const text = [...addresses].sort().join('\n');
  return `${KEY_PREFIX}${createHash('sha256').update(text).digest('hex')}`;
}

async function forgetOthers(context: Context, request: DataPullRequest): Promise<void> {
  await withWorkspace(context, {}, async (workspace) => {
    const { cache } = workspace;
    const used = new Set<string>();
    for (const target of await chosenOutputs(workspace, request)) {
      const { listing, files = [] } = objectsOf(target, cache) ?? {};
      for (const { md5 } of listing === undefined ? files : [listing, ...files]) used.add(md5);
    }
    for (const { md5 } of cachedObjects(cache)) if (!used.has(md5)) cache.remove(md5);
  });
}
