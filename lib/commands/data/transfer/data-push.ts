import { assayError } from '../../../errors.ts';
import { pushOutputs } from '../../../pointers/transfer/push-outputs.ts';
import { repairStore } from '../../../pointers/transfer/repair-store.ts';
import type { Context } from '../../context.ts';
import type { DataTransferOutput } from '../data-outputs.ts';
import { byteProgress } from '../data-progress.ts';
import { hasRevisions, type Revisions, revisionOutputs } from '../data-revisions.ts';
import { globTargets, type TargetScope } from '../data-targets.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import type { Outcome } from '../outcome.ts';
import { type RemoteGroup, remoteGroups } from '../store/data-remote.ts';
import { lackingEverywhere, type PushedGroup } from './pushed-group.ts';
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

/**
 * Sends data from the cache to the remote, as `dvc push`: what it has already is not sent again. With `repair` what it has is
 * read, and replaced where it is damaged.
 *
 * @throws E_DATA_NO_REMOTE, E_OUTPUT_TARGET, the index's problems, the store's errors
 */
export async function dataPush(context: Context, request: DataPushRequest): Promise<Outcome<DataTransferOutput>> {
  const { remote, jobs, repair = false } = request;
  return withWorkspace(context, {}, async (workspace) => {
    const targets = request.glob === true ? await globTargets(workspace, request.targets) : request.targets;
    const chosen = await revisionOutputs(context, workspace, targets, request);
    // What comes from another repository stays that one's to keep; some outputs are said not to be pushed.
    const pushed = chosen.filter(({ output }) => output.push && output.import?.kind !== 'repository');
    const progress = byteProgress(context.progress, 'pushing');
    const options = { name: remote, jobs, onBytes: progress.onBytes };
    const { plain, versioned } = await remoteGroups(context, workspace, pushed, options);
    // Before anything is sent. Versions are written into pointers, and those of other commits are as they are.
    const [refused] = hasRevisions(request) ? versioned : [];
    if (refused !== undefined) {
      const reason = `versions on the remote "${refused.remote}" are written into the pointers of the work tree alone`;
      throw assayError('E_DATA_OPTION', { option: '--all-branches, --all-tags or --all-commits', reason });
    }
    const runs = await runCachePart(context, workspace, 'push', request);
    const groups: PushedGroup[] = [];
    for (const group of plain) {
      const damaged = repair ? await failuresOfRepair(workspace, group) : [];
      const done = await pushGroup(context, workspace, group, progress.onTotal);
      groups.push({ ...done, failed: [...damaged, ...done.failed] });
    }
    for (const group of versioned) {
      const { pushVersionedGroup } = await import('./data-push-versions.ts');
      groups.push(await pushVersionedGroup(context, workspace, group, progress.onTotal));
    }
    progress.end();
    const sum = (key: 'transferred' | 'present') => groups.reduce((all, group) => all + group[key], 0);
    const failed = groups.flatMap((group) => group.failed);
    // Two groups may have outputs of one dvc.lock.
    const written = [...new Set(groups.flatMap((group) => group.written))].sort();
    const document: DataTransferOutput = {
      ...{ schema: 'assay/data-transfer/1', direction: 'push', failed },
      ...{ transferred: sum('transferred'), present: sum('present') },
      ...(versioned.length === 0 ? {} : { written }),
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

/** Sends outputs to a remote that keeps them by their content. @param onTotal told once: bytes to send */
async function pushGroup(
  { log }: Context,
  { cache }: DataWorkspace,
  { store, outputs }: RemoteGroup,
  onTotal: (bytes: number) => void,
): Promise<PushedGroup> {
  const result = await pushOutputs(outputs, cache, store, { onTotal: (_objects, bytes) => onTotal(bytes) });
  for (const { path } of result.unlisted) {
    const why = 'DVC takes a listing for the promise that all files of the folder are there';
    log.warning(`the listing of ${path} was not sent, and nobody can pull from it yet: ${why}. Push all of it`);
  }
  const failed = lackingEverywhere(result.missing, store);
  return { transferred: result.pushed, present: result.present, failed, written: [] };
}

/** Takes what is damaged in a store away where it can be sent anew; what cannot, is a failure. */
async function failuresOfRepair(
  { cache, staging }: DataWorkspace,
  { store, jobs, outputs }: RemoteGroup,
): Promise<DataTransferOutput['failed']> {
  const damaged = await repairStore(outputs, cache, store, { jobs, staging });
  return damaged.map(({ path, md5 }) => ({
    path,
    code: 'E_STORE_OBJECT_CORRUPT',
    reason: `${md5} is damaged in ${store.describe().title}, and the cache has no intact copy`,
  }));
}
