import { posix } from 'node:path';
import type { ObjectCache } from '../cache/object-cache.ts';
import type { StatScope } from '../cache/stat-cache.ts';
import { outputListingIfAny } from '../listings/output-listing.ts';
import type { TrackedOutput } from '../outputs/tracked-output.ts';
import { describeData, digestOnly, type WorkData } from './describe-data.ts';
import type { Ignored } from './scan-tree.ts';

/** DVC's words for an output in the work tree. */
export type OutputState = 'unchanged' | 'modified' | 'deleted' | 'new' | 'not in cache';

export interface OutputStatus {
  readonly state: OutputState;
  /** Files of a changed folder, where the cache knows what they were. Sorted by path. */
  readonly changes?: {
    readonly added: readonly string[];
    readonly modified: readonly string[];
    readonly deleted: readonly string[];
  };
}

export interface StatusPorts {
  readonly root: string;
  readonly cache: ObjectCache;
  readonly scope: StatScope;
  readonly jobs: number;
  readonly ignored?: Ignored | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly onTotal?: ((bytes: number) => void) | undefined;
}

/**
 * How the work tree differs from what the pointer of an output says, and whether the cache holds that. Files that did not
 * change since they were last read are not read again.
 *
 * @throws E_STORE_READ, E_STORE_SOURCE_CHANGED, E_DIR_OBJECT_CORRUPT
 */
export async function outputStatus(output: TrackedOutput, ports: StatusPorts): Promise<OutputStatus> {
  const { md5, hash } = output;
  const present = await describeData(`${ports.root}/${output.path}`, { ...ports, digest: digestOnly(hash) });
  if (present === undefined) return { state: 'deleted' };
  if (md5 === undefined) return { state: 'new' };
  if (present.md5 === md5)
    return { state: output.cache && !isCached(present, output, ports.cache) ? 'not in cache' : 'unchanged' };
  return { state: 'modified', ...changes(present, output, ports.cache) };
}

function isCached({ files, kind, md5 }: WorkData, { hash, files: listed }: TrackedOutput, cache: ObjectCache): boolean {
  return (
    (kind === 'file' || listed !== undefined || cache.has(md5, hash)) &&
    files.every((file) => cache.has(file.md5, hash))
  );
}

function changes(
  present: WorkData,
  { path, md5, hash, files }: TrackedOutput,
  cache: ObjectCache,
): Pick<OutputStatus, 'changes'> {
  if (md5 === undefined) return {};
  const folder = md5.endsWith('.dir');
  const before = folder ? outputListingIfAny(cache, { md5, hash, files }) : [{ relpath: posix.basename(path), md5 }];
  if (before === undefined || (present.kind === 'directory') !== folder) return {};
  const old = new Map(before.map((entry) => [entry.relpath, entry.md5]));
  const now = new Map(present.files.map((file) => [file.relpath, file.md5]));
  return {
    changes: {
      added: [...now.keys()].filter((name) => !old.has(name)).sort(),
      modified: [...now]
        .filter(([name, address]) => old.has(name) && old.get(name) !== address)
        .map(([name]) => name)
        .sort(),
      deleted: [...old.keys()].filter((name) => !now.has(name)).sort(),
    },
  };
}
