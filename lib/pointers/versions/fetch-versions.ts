import { type AssayError, assayError, hasCode } from '../../errors.ts';
import type { VersionedStore } from '../../stores/bucket/versioned-store.ts';
import { inParallel } from '../../stores/in-parallel.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { renderDirObject } from '../listings/dir-object.ts';
import { outputListing } from '../listings/output-listing.ts';
import type { TargetedOutput } from '../outputs/output-targets.ts';
import type { TrackedOutput } from '../outputs/tracked-output.ts';
import type { FetchFailure, FetchOptions, FetchResult } from '../transfer/fetch-outputs.ts';
import { OF_ONE_FILE, type VersionedObject, versionedObjects } from './versioned-files.ts';

/**
 * Brings what the cache lacks from a version-aware remote: each file by the version that its pointer names, verified by its
 * digest. A file without a version there is what its path holds now, if that is it.
 *
 * @param owns whether the versions that pointers keep under a remote's name are this remote's
 * @throws the store's errors that concern more than one file, E_STORE_WRITE
 */
export async function fetchVersions(
  outputs: readonly TargetedOutput[],
  cache: ObjectCache,
  store: VersionedStore,
  { owns, jobs, onTotal, onObject }: FetchOptions & { readonly owns: (remote: string) => boolean },
): Promise<FetchResult> {
  const failed: FetchFailure[] = [];
  const counts = { fetched: 0, present: 0 };
  const wanted = new Map<string, VersionedObject>();
  for (const target of outputs) {
    const objects = versionedObjects(target, cache, owns);
    if (objects === undefined) failed.push(...unlisted(target, store));
    for (const object of objects ?? []) {
      if (cache.has(object.md5, object.hash)) counts.present++;
      // Files of the same bytes are brought once.
      else if (wanted.get(`${object.hash} ${object.md5}`)?.version === undefined)
        wanted.set(`${object.hash} ${object.md5}`, object);
    }
  }
  onTotal?.(wanted.size);
  await inParallel(wanted.values(), jobs, async (object) => {
    const error = await bringOne(object, cache, store);
    if (error === undefined) counts.fetched++;
    else failed.push({ object, error });
    onObject?.();
  });
  if (failed.length === 0) for (const { output } of outputs) keepListing(output, cache);
  return { ...counts, failed };
}

/** DVC calls a folder "not in cache" whose `.dir` object is not there, also where the pointer lists its files. */
function keepListing({ files, md5, hash }: TrackedOutput, cache: ObjectCache): void {
  if (files === undefined || md5 === undefined || hash !== 'md5' || cache.has(md5)) return;
  cache.insertBytes(Buffer.from(renderDirObject(outputListing(cache, { files, md5, hash }))), md5);
}

/** A folder that was committed but never pushed there: its listing is only where it was made. */
function unlisted({ output: { md5, hash, path, cache } }: TargetedOutput, store: VersionedStore): FetchFailure[] {
  if (md5 === undefined || !cache) return [];
  const error = assayError('E_STORE_OBJECT_MISSING', { key: path, store: store.describe().title });
  return [{ object: { key: path, path, md5, hash }, error }];
}

async function bringOne(
  object: VersionedObject,
  cache: ObjectCache,
  store: VersionedStore,
): Promise<AssayError | undefined> {
  const { key, md5, hash, version } = object;
  // DVC 2 counted the bytes of some folders' files otherwise; there the digest alone decides.
  const expected = { md5, hash, ...(hash === 'md5' && object.size !== undefined ? { size: object.size } : {}) };
  try {
    if (version === undefined) await refuseOther(object, store);
    await cache.receive(md5, hash, (path, unfinished) =>
      store.read({ path: key, version }, expected, path, unfinished),
    );
    return undefined;
  } catch (error) {
    if (hasCode(error, ...OF_ONE_FILE)) return error;
    throw error;
  }
}

/** Something else at the path is no damage: this file was never pushed. */
async function refuseOther({ key, md5, hash, size }: VersionedObject, store: VersionedStore): Promise<void> {
  const newest = (await store.find([{ path: key }])).get(key)?.newest;
  const other =
    newest === undefined ||
    (size !== undefined && newest.size !== size) ||
    (hash === 'md5' && newest.md5 !== undefined && newest.md5 !== md5);
  if (other) throw assayError('E_STORE_OBJECT_MISSING', { key, store: store.describe().title });
}
