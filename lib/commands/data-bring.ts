import { type AssayError, assayError } from '../errors.ts';
import { fetchOutputs } from '../pointers/fetch-outputs.ts';
import { loadListing } from '../pointers/load-listing.ts';
import type { ObjectCache } from '../pointers/object-cache.ts';
import type { TrackedOutput } from '../pointers/tracked-output.ts';
import { DEFAULT_TRANSFERS } from './data-remote.ts';
import type { DataSource } from './data-source.ts';

/** Data of another repository that is in a cache of ours now. */
export interface BroughtData {
  /** `<32 hex>`, with `.dir` for a folder. */
  readonly md5: string;
  readonly hash: TrackedOutput['hash'];
  readonly isexec: boolean;
  readonly files: readonly { readonly relpath: string; readonly md5: string }[];
  /** Bytes. */
  readonly size: number;
}

/**
 * Brings what a repository tracks at `path` (an output, or a part of one) into a cache of ours, verified.
 *
 * @throws E_DATA_NOT_TRACKED, E_STORE_OBJECT_MISSING, E_STORE_OBJECT_CORRUPT, the stores' errors
 */
export async function bringFrom(
  source: DataSource,
  path: string,
  where: string,
  cache: ObjectCache,
): Promise<BroughtData> {
  const output = source.index.outputs.find((one) => path === one.path || path.startsWith(`${one.path}/`));
  if (output?.md5 === undefined) throw assayError('E_DATA_NOT_TRACKED', { path, where });
  const inside = path === output.path ? undefined : path.slice(output.path.length + 1);
  const target = inside === undefined ? { output } : { output, inside: [inside] };
  let failure: AssayError | undefined;
  for (const store of source.stores(output)) {
    const { failed } = await fetchOutputs([target], cache, store, { jobs: DEFAULT_TRANSFERS });
    failure = failed[0]?.error;
    if (failure === undefined) break;
  }
  if (failure !== undefined) throw failure;
  const { md5, hash, isexec } = output;
  const sizeOf = (address: string) => cache.stampOf(address, hash)?.size ?? 0;
  if (!md5.endsWith('.dir')) return { md5, hash, isexec, files: [{ relpath: '', md5 }], size: sizeOf(md5) };
  const entries = loadListing(cache, md5, hash);
  const only = entries.find(({ relpath }) => relpath === inside);
  if (only !== undefined)
    return { md5: only.md5, hash, isexec: false, files: [{ relpath: '', md5: only.md5 }], size: sizeOf(only.md5) };
  const part = inside === undefined ? entries : entries.filter(({ relpath }) => relpath.startsWith(`${inside}/`));
  if (part.length === 0 && inside !== undefined) throw assayError('E_DATA_NOT_TRACKED', { path, where });
  const files = part.map((entry) => ({
    md5: entry.md5,
    relpath: inside === undefined ? entry.relpath : entry.relpath.slice(inside.length + 1),
  }));
  return { md5, hash, isexec: false, files, size: files.reduce((sum, file) => sum + sizeOf(file.md5), 0) };
}
