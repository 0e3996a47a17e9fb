import { AssayError } from '../../../errors.ts';
import { md5OfBytes } from '../../../pointers/cache/hash-file.ts';
import { type RunFile, type RunPlace, transferRuns } from '../../../pointers/runs/run-cache.ts';
import { runFolder } from '../../../pointers/runs/run-folder.ts';
import { externalData } from '../../../stores/external-data.ts';
import { type BucketStoreLocation, openStore } from '../../../stores/open-store.ts';
import type { Context } from '../../context.ts';
import type { RunsOutput } from '../data-outputs.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { DEFAULT_TRANSFERS, remoteLocation } from '../store/data-remote.ts';

export interface RunCacheRequest {
  /** The remote; the default one when left out. */
  readonly remote?: string | undefined;
  readonly jobs?: number | undefined;
}

/** Runs of which the log says why they stayed where they are; the document has all. */
const TOLD = 5;

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
  const [from, to] = direction === 'push' ? [own, place] : [place, own];
  const { refused, differing, ...counts } = await transferRuns(from, to, jobs);
  for (const { path, reason } of refused.slice(0, TOLD)) {
    context.log.warning(`the run ${path} is left out: ${reason}`);
  }
  if (differing.length > 0) {
    const [first = ''] = differing;
    context.log.warning(
      `${differing.length} runs are there with other bytes, and stay as they are, among them ${first}`,
    );
  }
  return { ...counts, refused: [...refused], differing: [...differing] };
}

/** The run cache of a remote; undefined, with a warning, where the remote has none. */
async function remoteRuns(
  context: Context,
  workspace: DataWorkspace,
  remote: string | undefined,
  jobs: number,
): Promise<RunPlace | undefined> {
  const without = (what: string) => context.log.warning(`the run cache is left out: ${what} holds none`);
  try {
    const location = await remoteLocation(context, workspace, remote);
    if (location.kind === 'folder') return runFolder(location.path, location);
    if (location.kind !== 'http' && location.kind !== 'ref') return bucketRuns(location, context, jobs);
    without(location.kind === 'http' ? 'a web server' : "the repository's own ref");
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== 'E_DATA_VERSIONED') throw error;
    without('a remote that keeps versions');
  }
  return undefined;
}

function bucketRuns(location: BucketStoreLocation, { log }: Context, jobs: number): RunPlace {
  return {
    async files() {
      const runs = location.kind === 'http' ? location : { ...location, prefix: below(location.prefix) };
      try {
        const { kind, files } = await externalData(runs, 'runs', { jobs });
        return new Map<string, RunFile>(kind === 'file' ? [] : files.map((file) => [file.relpath, file]));
      } catch (error) {
        if (error instanceof AssayError && error.code === 'E_DATA_SOURCE') return new Map();
        throw error;
      }
    },
    async write(runs) {
      const objects = [...runs].map(([path, bytes]) => ({
        key: `runs/${path}`,
        expected: { md5: md5OfBytes(bytes, 'md5'), size: bytes.byteLength },
        source: { bytes },
      }));
      await openStore(location, { log, jobs }).write(objects);
    },
  };
}

function below(prefix: string): string {
  return prefix === '' ? 'runs' : `${prefix}/runs`;
}
