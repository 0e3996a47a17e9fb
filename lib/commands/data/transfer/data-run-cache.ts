import { hasCode } from '../../../errors.ts';
import type { RunPlace } from '../../../pointers/runs/run-cache.ts';
import { runFolder } from '../../../pointers/runs/run-folder.ts';
import type { Context } from '../../context.ts';
import type { RunsOutput } from '../data-outputs.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { DEFAULT_TRANSFERS, remoteLocation } from '../store/data-remote.ts';
import { copyRuns, runPlace, warnWithout } from '../store/run-places.ts';

export interface RunCacheRequest {
  /** The remote; the default one when left out. */
  readonly remote?: string | undefined;
  readonly jobs?: number | undefined;
}

/**
 * Sends DVC's run cache to the remote, or brings it: what stages made before, so that `dvc repro` need not run them again.
 * Where a remote cannot hold one (a web server, versions of a bucket, the repository's own ref), that is a warning.
 *
 * @throws E_DATA_NO_REMOTE, the store's errors, E_STORE_WRITE
 */
export async function dataRunCache(
  context: Context,
  workspace: DataWorkspace,
  direction: 'push' | 'fetch',
  { remote, jobs = DEFAULT_TRANSFERS }: RunCacheRequest,
): Promise<RunsOutput> {
  const place = await remoteRuns(context, workspace, remote, jobs);
  if (place === undefined) return { transferred: 0, present: 0, refused: [], differing: [] };
  const own = runFolder(workspace.cache.folder, { shared: workspace.config.cacheShared });
  return direction === 'push' ? copyRuns(context, own, place, jobs) : copyRuns(context, place, own, jobs);
}

/** The run cache of a remote; undefined, with a warning, where the remote has none. */
async function remoteRuns(
  context: Context,
  workspace: DataWorkspace,
  remote: string | undefined,
  jobs: number,
): Promise<RunPlace | undefined> {
  try {
    return runPlace(context, await remoteLocation(context, workspace, remote), jobs);
  } catch (error) {
    if (!hasCode(error, 'E_DATA_VERSIONED')) throw error;
    warnWithout(context, 'a remote that keeps versions');
    return undefined;
  }
}
