import { type AssayError, assayError } from '../../../errors.ts';
import type { DataObject } from '../../../pointers/outputs/output-objects.ts';
import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import { pushOutputs } from '../../../pointers/transfer/push-outputs.ts';
import { repairStore } from '../../../pointers/transfer/repair-store.ts';
import type { Store } from '../../../stores/store.ts';
import type { Context } from '../../context.ts';
import type { DataTransferOutput } from '../data-outputs.ts';
import { byteProgress } from '../data-progress.ts';
import { hasRevisions, type Revisions, revisionOutputs } from '../data-revisions.ts';
import { globTargets, type TargetScope } from '../data-targets.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import { remoteGroups } from '../store/data-remote.ts';
import { runCachePart } from './run-cache-part.ts';

export interface DataTransferRequest extends Revisions, TargetScope {
  readonly targets: readonly string[];
  /** Targets are patterns over what is tracked, as Python's `glob` has them. */
  readonly glob?: boolean;
  /** DVC's run cache too. */
  readonly runCache?: boolean;
  /** Instead of the remotes that the outputs name. */
  readonly remote?: string | undefined;
  readonly jobs?: number | undefined;
}

export interface DataPushRequest extends DataTransferRequest {
  /** Read what the remote has first, and replace what is damaged there. */
  readonly repair?: boolean;
}

export interface TransferOutcome<D> {
  readonly document: D;
  /** What was left over; everything else was done. */
  readonly error?: AssayError;
}

/**
 * Sends data from the cache to the remote, as `dvc push`: what it has already is not sent again. With `repair` what it has is
 * read, and replaced where it is damaged.
 *
 * @throws E_DATA_NO_REMOTE, E_OUTPUT_TARGET, the index's problems, the store's errors
 */
export async function dataPush(
  context: Context,
  request: DataPushRequest,
): Promise<TransferOutcome<DataTransferOutput>> {
  const { remote, jobs, repair = false } = request;
  return withWorkspace(context, {}, async (workspace) => {
    const targets = request.glob === true ? await globTargets(workspace, request.targets) : request.targets;
    const chosen = await revisionOutputs(context, workspace, targets, request);
    // What comes from another repository stays that one's to keep; some outputs are said not to be pushed.
    const pushed = chosen.filter(({ output }) => output.push && output.import?.kind !== 'repository');
    const progress = byteProgress(context.progress, 'pushing');
    const sum = { transferred: 0, present: 0 };
    const failed: DataTransferOutput['failed'] = [];
    const options = { name: remote, jobs, onBytes: progress.onBytes };
    const { plain, versioned } = await remoteGroups(context, workspace, pushed, options);
    // Before anything is sent. Versions are written into pointers, and those of other commits are as they are.
    const [refused] = hasRevisions(request) ? versioned : [];
    if (refused !== undefined) {
      const reason = `versions on the remote "${refused.remote}" are written into the pointers of the work tree alone`;
      throw assayError('E_DATA_OPTION', { option: '--all-branches, --all-tags or --all-commits', reason });
    }
    const runs = await runCachePart(context, workspace, 'push', request);
    for (const { store, outputs, ...group } of plain) {
      const damaged = repair ? await repaired(outputs, workspace, store, group.jobs) : [];
      for (const { path, md5 } of damaged) {
        failed.push({
          path,
          code: 'E_STORE_OBJECT_CORRUPT',
          reason: `${md5} is damaged in ${store.describe().title}, and the cache has no intact copy`,
        });
      }
      const result = await pushOutputs(outputs, workspace.cache, store, {
        onTotal: (_objects, bytes) => progress.onTotal(bytes),
      });
      sum.transferred += result.pushed;
      sum.present += result.present;
      for (const { path } of result.unlisted) {
        const why = 'DVC takes a listing for the promise that all files of the folder are there';
        context.log.warning(
          `the listing of ${path} was not sent, and nobody can pull from it yet: ${why}. Push all of it`,
        );
      }
      for (const { path, md5 } of result.missing) {
        failed.push({
          path,
          code: 'E_CACHE_MISSING',
          reason: `neither the cache nor ${store.describe().title} has ${md5}`,
        });
      }
    }
    // Two groups may have outputs of one dvc.lock.
    const written = new Set<string>();
    for (const group of versioned) {
      const { pushGroup } = await import('./data-push-versions.ts');
      const result = await pushGroup(context, workspace, group, progress.onTotal);
      sum.transferred += result.transferred;
      sum.present += result.present;
      for (const one of result.failed) failed.push(one);
      for (const file of result.written) written.add(file);
    }
    progress.end();
    const document: DataTransferOutput = {
      ...{ schema: 'assay/data-transfer/1', direction: 'push', ...sum, failed },
      ...(versioned.length === 0 ? {} : { written: [...written].sort() }),
      ...runs,
    };
    const [first] = failed;
    if (first === undefined) return { document };
    const what =
      failed.length === 1 ? 'file is intact neither here nor there' : 'files are intact neither here nor there';
    return {
      document,
      error: assayError('E_DATA_INCOMPLETE', { verb: 'push', what, count: failed.length, first: first.path }),
    };
  });
}

/** What is damaged in the store and cannot be replaced. */
async function repaired(
  outputs: readonly TargetedOutput[],
  { cache, staging }: DataWorkspace,
  store: Store,
  jobs: number,
): Promise<readonly DataObject[]> {
  return (await repairStore(outputs, cache, store, { jobs, staging })).damaged;
}
