import { hasCode } from '../../../errors.ts';
import { md5OfBytes } from '../../../pointers/cache/hash-file.ts';
import { type RunFile, type RunPlace, transferRuns } from '../../../pointers/runs/run-cache.ts';
import { RUN_PATH } from '../../../pointers/runs/run-entry.ts';
import { runFolder } from '../../../pointers/runs/run-folder.ts';
import { externalData } from '../../../stores/external-data.ts';
import { type BucketStoreLocation, openStore, type StoreLocation } from '../../../stores/open-store.ts';
import type { Context } from '../../context.ts';
import type { RunsOutput } from '../data-outputs.ts';

const RUNS = 'runs/';
/** Runs of which the log says why they stayed where they are; the document has all. */
const TOLD = 5;

/** Whether a store's key is that of an entry of its run cache. */
export function isRunKey(key: string): boolean {
  return key.startsWith(RUNS) && RUN_PATH.test(key.slice(RUNS.length));
}

/** The run cache of a store; undefined, with a warning, where stores of that kind have none. */
export function runPlace(context: Pick<Context, 'log'>, location: StoreLocation, jobs: number): RunPlace | undefined {
  if (location.kind === 'folder') return runFolder(location.path, location);
  if (location.kind !== 'http' && location.kind !== 'ref') return bucketRuns(location, context, jobs);
  warnWithout(context, location.kind === 'http' ? 'a web server' : "the repository's own ref");
  return undefined;
}

export function warnWithout({ log }: Pick<Context, 'log'>, what: string): void {
  log.warning(`the run cache is left out: ${what} holds none`);
}

/**
 * As `transferRuns`, and tells what stayed where it is.
 *
 * @throws E_DVC_LIMIT, the places' errors
 */
export async function copyRuns(
  { log }: Pick<Context, 'log'>,
  from: RunPlace,
  to: RunPlace,
  jobs: number,
): Promise<RunsOutput> {
  const { refused, differing, ...counts } = await transferRuns(from, to, jobs);
  for (const { path, reason } of refused.slice(0, TOLD)) {
    log.warning(`the run ${path} is left out: ${reason}`);
  }
  if (differing.length > 0) {
    const [first = ''] = differing;
    log.warning(`${differing.length} runs are there with other bytes, and stay as they are, among them ${first}`);
  }
  return { ...counts, refused: [...refused], differing: [...differing] };
}

function bucketRuns(location: BucketStoreLocation, { log }: Pick<Context, 'log'>, jobs: number): RunPlace {
  return {
    async files() {
      const runs = location.kind === 'http' ? location : { ...location, prefix: below(location.prefix) };
      try {
        const { kind, files } = await externalData(runs, 'runs', { jobs });
        return new Map<string, RunFile>(kind === 'file' ? [] : files.map((file) => [file.relpath, file]));
      } catch (error) {
        if (hasCode(error, 'E_DATA_SOURCE')) return new Map();
        throw error;
      }
    },
    async write(runs) {
      const objects = [...runs].map(([path, bytes]) => ({
        key: `${RUNS}${path}`,
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
