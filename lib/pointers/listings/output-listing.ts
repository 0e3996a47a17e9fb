import type { ObjectCache } from '../cache/object-cache.ts';
import type { VersionedFile } from '../formats/output-entry.ts';
import type { TrackedOutput } from '../outputs/tracked-output.ts';
import type { DirEntry } from './dir-object.ts';
import { listingIfAny, loadListing } from './load-listing.ts';

/** What tells the files of a tracked folder. */
export interface ListedOutput extends Pick<TrackedOutput, 'hash'> {
  readonly md5: string;
  readonly files?: readonly VersionedFile[] | undefined;
}

/**
 * The files of a tracked folder: those that its pointer lists itself, as cloud-versioned ones do, else those of the `.dir`
 * object in the cache.
 *
 * @throws E_CACHE_MISSING, E_CACHE_CORRUPT, E_DIR_OBJECT_CORRUPT, E_STORE_READ
 */
export function outputListing(cache: ObjectCache, { files, md5, hash }: ListedOutput): readonly DirEntry[] {
  return files === undefined ? loadListing(cache, md5, hash) : entriesOf(files);
}

/** As `outputListing`; undefined where the cache has it not, or not intact. */
export function outputListingIfAny(
  cache: ObjectCache,
  { files, md5, hash }: ListedOutput,
): readonly DirEntry[] | undefined {
  return files === undefined ? listingIfAny(cache, md5, hash) : entriesOf(files);
}

/** A folder of which one file has no digest has no address either, so nobody asks for its listing. */
function entriesOf(files: readonly VersionedFile[]): readonly DirEntry[] {
  return files.flatMap(({ relpath, md5 }) => (md5 === undefined ? [] : [{ relpath, md5 }]));
}
