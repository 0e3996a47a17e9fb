import { type AssayError, assayError } from '../errors.ts';
import { type FetchResult, fetchOutputs } from '../pointers/fetch-outputs.ts';
import type { ObjectCache } from '../pointers/object-cache.ts';
import { requireSound } from '../pointers/output-index.ts';
import { objectsOf } from '../pointers/output-objects.ts';
import { type TargetedOutput, targetedOutputs } from '../pointers/output-targets.ts';
import type { Context } from './context.ts';
import { bringFrom, modernOf, outputOf } from './data-bring.ts';
import type { DataTransferOutput } from './data-outputs.ts';
import { fileProgress } from './data-progress.ts';
import type { DataTransferRequest, TransferOutcome } from './data-push.ts';
import { DEFAULT_TRANSFERS, remoteGroups } from './data-remote.ts';
import { withSource } from './data-source.ts';
import { type DataWorkspace, withWorkspace } from './data-workspace.ts';

/**
 * Brings data from the remote into the cache, as `dvc fetch`. The work tree stays as it is.
 *
 * @throws E_DATA_NO_REMOTE, E_OUTPUT_TARGET, the index's problems, the store's errors
 */
export async function dataFetch(
  context: Context,
  request: DataTransferRequest,
): Promise<TransferOutcome<DataTransferOutput>> {
  const { targets, recursive = false } = request;
  return withWorkspace(context, {}, async (workspace) => {
    const chosen = targetedOutputs(requireSound(await workspace.index()), targets, { cwd: workspace.cwd, recursive });
    const { transferred, present, failed, error } = await fetchAll(context, workspace, chosen, request);
    return {
      document: { schema: 'assay/data-transfer/1', direction: 'fetch', transferred, present, failed },
      ...(error === undefined ? {} : { error }),
    };
  });
}

export interface Fetched {
  readonly transferred: number;
  readonly present: number;
  readonly failed: DataTransferOutput['failed'];
  readonly error?: AssayError;
}

/** Brings what outputs need from their remotes. What the cache has entirely asks no remote at all. */
export async function fetchAll(
  context: Context,
  workspace: DataWorkspace,
  chosen: readonly TargetedOutput[],
  { remote, jobs }: Pick<DataTransferRequest, 'remote' | 'jobs'>,
): Promise<Fetched> {
  const wanted = chosen.filter(({ output }) => output.cache && output.push && output.import?.kind !== 'repository');
  const progress = fileProgress(context.progress, 'fetching');
  const sum = { transferred: 0, present: 0 };
  const failures: FetchResult['failed'][number][] = [];
  // A repository that has everything needs no remote.
  const lacking = wanted.filter((target) => isLacking(target, workspace.cache));
  for (const target of wanted) {
    if (!lacking.includes(target)) sum.present += countOf(target, workspace.cache);
  }
  const { plain, versioned } = await remoteGroups(context, workspace, lacking, { name: remote, jobs });
  const options = { jobs: jobs ?? DEFAULT_TRANSFERS, onTotal: progress.onTotal, onObject: progress.onFile };
  const note = (result: FetchResult) => {
    sum.transferred += result.fetched;
    sum.present += result.present;
    failures.push(...result.failed);
  };
  for (const { store, outputs } of plain) note(await fetchOutputs(outputs, workspace.cache, store, options));
  for (const { store, outputs, owns } of versioned) {
    const { fetchVersions } = await import('../pointers/fetch-versions.ts');
    note(await fetchVersions(outputs, workspace.cache, store, { ...options, owns }));
  }
  sum.transferred += await fetchImports(context, workspace, chosen);
  progress.end();
  const failed = failures.map(({ object, error }) => ({ path: object.path, code: error.code, reason: error.message }));
  const [first] = failures;
  if (first === undefined) return { ...sum, failed };
  if (failures.length === 1) return { ...sum, failed, error: first.error };
  const details = {
    verb: 'fetch',
    what: 'objects could not be brought',
    count: failures.length,
    first: first.object.path,
  };
  return { ...sum, failed, error: assayError('E_DATA_INCOMPLETE', details, first.error) };
}

/** Whether the cache lacks something of an output. */
export function isLacking(target: TargetedOutput, cache: ObjectCache): boolean {
  const set = objectsOf(target, cache);
  const { md5, files, hash } = target.output;
  // DVC wants the listing of a folder too, where we go by its pointer.
  if (files !== undefined && md5 !== undefined && !cache.has(md5, hash)) return true;
  return set !== undefined && (set.files === undefined || set.files.some(({ md5, hash }) => !cache.has(md5, hash)));
}

function countOf(target: TargetedOutput, cache: ObjectCache): number {
  const set = objectsOf(target, cache);
  return (set?.listing === undefined ? 0 : 1) + (set?.files?.length ?? 0);
}

/** What was imported comes from where it was imported from, at the very commit. Gives the imports that were brought. */
async function fetchImports(
  context: Context,
  { cache, staging }: DataWorkspace,
  chosen: readonly TargetedOutput[],
): Promise<number> {
  let brought = 0;
  for (const target of chosen) {
    const { import: from, md5 } = target.output;
    if (from?.kind !== 'repository' || md5 === undefined || !isLacking(target, cache)) continue;
    await withSource(context, { url: from.url, rev: from.revLock ?? from.rev }, async (source) => {
      const brought = await bringFrom(source, from.path, from.url, { cache, stage: staging.next });
      const { md5: actual, listing } = outputOf(
        target.output.hash === 'md5' ? await modernOf(brought, cache) : brought,
      );
      if (listing !== undefined) cache.insertBytes(Buffer.from(listing), actual);
      if (actual !== md5)
        throw assayError('E_DATA_IMPORT_CHANGED', { path: target.output.path, url: from.url, expected: md5, actual });
    });
    brought++;
  }
  return brought;
}
