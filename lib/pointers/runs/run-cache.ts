import { assayError } from '../../errors.ts';
import { inParallel } from '../../stores/in-parallel.ts';
import { md5OfBytes } from '../cache/hash-file.ts';
import { byCodePoint } from '../code-point-order.ts';
import { MAX_RUN_BYTES, RUN_PATH, runProblem } from './run-entry.ts';

/** One file of a run cache. */
export interface RunFile {
  /** Bytes; undefined where nothing tells. */
  readonly size: number | undefined;
  /** MD5 of the bytes in hex, where it is known without them. */
  readonly md5?: string | undefined;
  bytes(): AsyncIterable<Uint8Array>;
}

/** A place of DVC's run cache: the folder `runs` of a cache or of a remote. */
export interface RunPlace {
  /** By their paths below `runs`; what has no name of a run may be among them. */
  files(): Promise<ReadonlyMap<string, RunFile>>;
  /** Puts runs there that were not there before; nothing is half visible, and what came in between stays. */
  write(runs: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

export interface RunTransfer {
  readonly transferred: number;
  /** Runs that were there already. */
  readonly present: number;
  /** Runs that are not what their names say: they stay where they are. */
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
  /** Runs that are there with other bytes, and stay as they are on both sides. */
  readonly differing: readonly string[];
}

/** Runs of one cache. Each takes about 0.5 kB of memory here, and one with more is somebody's mistake. */
const MAX_RUNS = 1_000_000;
/** Runs in memory at a time, a few kilobytes each. */
const BATCH = 200;

/**
 * Copies the runs that are in one run cache and not in another, each held against its name. Unlike in DVC nothing that is
 * there is ever replaced.
 *
 * @throws E_DVC_LIMIT, the places' errors
 */
export async function transferRuns(from: RunPlace, to: RunPlace, jobs: number): Promise<RunTransfer> {
  const [source, target] = await Promise.all([from.files(), to.files()]);
  const paths = [...source.keys()].filter((path) => RUN_PATH.test(path)).sort(byCodePoint);
  if (paths.length > MAX_RUNS)
    throw assayError('E_DVC_LIMIT', { what: 'the run cache', limit: MAX_RUNS, unit: 'runs' });
  const refused: { path: string; reason: string }[] = [];
  const differing: string[] = [];
  let [transferred, present] = [0, 0];
  for (let start = 0; start < paths.length; start += BATCH) {
    const runs = new Map<string, Uint8Array>();
    await inParallel(paths.slice(start, start + BATCH), jobs, async (path) => {
      const [file, there] = [source.get(path), target.get(path)];
      if (file === undefined) return;
      if (there !== undefined) {
        present++;
        if (await differ(file, there)) differing.push(path);
        return;
      }
      const bytes = await boundedBytes(file);
      const reason = runProblem(path, bytes);
      if (reason === undefined) runs.set(path, bytes);
      else refused.push({ path, reason });
    });
    if (runs.size > 0) await to.write(runs);
    transferred += runs.size;
  }
  refused.sort((a, b) => byCodePoint(a.path, b.path));
  return { transferred, present, refused, differing: differing.sort(byCodePoint) };
}

/** Sizes tell for nothing; digests where the place with fewer costs is asked for bytes. */
async function differ(file: RunFile, there: RunFile): Promise<boolean> {
  if (file.size !== undefined && there.size !== undefined && file.size !== there.size) return true;
  const known = file.md5 ?? there.md5;
  if (known === undefined) return false;
  const other = known === file.md5 ? there : file;
  return (other.md5 ?? md5OfBytes(await boundedBytes(other), 'md5')) !== known;
}

/** One byte more than allowed tells that there are too many. */
async function boundedBytes({ bytes }: RunFile): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of bytes()) {
    parts.push(part);
    length += part.byteLength;
    if (length > MAX_RUN_BYTES) break;
  }
  return parts.length === 1 ? (parts[0] ?? new Uint8Array(0)) : Buffer.concat(parts);
}
