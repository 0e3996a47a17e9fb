import { assayError, hasCode } from '../../errors.ts';
import { wholeFile } from '../../stores/bytes/reading.ts';
import { md5OfBytes } from '../cache/hash-file.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { MD5_ADDRESS, type PointerHash } from '../object-key.ts';
import { type DirEntry, MAX_DIR_OBJECT_BYTES, parseDirObject } from './dir-object.ts';

/**
 * The files of a folder, from the `.dir` object in the cache. Its bytes have to have its address: whoever changed them would
 * decide where files are written. A damaged one is set aside.
 *
 * @throws E_CACHE_MISSING, E_CACHE_CORRUPT, E_DIR_OBJECT_CORRUPT, E_STORE_READ
 */
export function loadListing(cache: ObjectCache, md5: string, hash: PointerHash): readonly DirEntry[] {
  const path = cache.pathOf(md5, hash);
  const known = cache.listings.get(path);
  if (known !== undefined) return known;
  if (!MD5_ADDRESS.test(md5)) throw assayError('E_DIR_OBJECT_CORRUPT', { object: md5, reason: 'it is no address' });
  const stamp = cache.stampOf(md5, hash);
  if (stamp === undefined) throw assayError('E_CACHE_MISSING', { object: md5 });
  if (stamp.size > MAX_DIR_OBJECT_BYTES) {
    throw assayError('E_DIR_OBJECT_CORRUPT', {
      object: md5,
      reason: `it is larger than ${MAX_DIR_OBJECT_BYTES} bytes`,
    });
  }
  const bytes = wholeFile(path);
  const actual = `${md5OfBytes(bytes, 'md5')}.dir`;
  if (actual !== md5) {
    throw assayError('E_CACHE_CORRUPT', { object: md5, actual, aside: cache.setAside(md5, hash) });
  }
  const entries = parseDirObject(bytes, md5);
  cache.listings.set(path, entries);
  return entries;
}

/** As `loadListing`; undefined where the cache has it not, or not intact. */
export function listingIfAny(cache: ObjectCache, md5: string, hash: PointerHash): readonly DirEntry[] | undefined {
  try {
    return loadListing(cache, md5, hash);
  } catch (error) {
    if (hasCode(error, 'E_CACHE_MISSING', 'E_CACHE_CORRUPT')) return undefined;
    throw error;
  }
}
