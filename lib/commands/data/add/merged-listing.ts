import { assayError } from '../../../errors.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import type { WorkData } from '../../../pointers/checkout/describe-data.ts';
import { type DirEntry, dirAddress, renderDirObject } from '../../../pointers/listings/dir-object.ts';
import { outputListing } from '../../../pointers/listings/output-listing.ts';
import { foldersOf } from '../../../pointers/outputs/overlapping-outputs.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';

/** A folder's new content: its address, bytes, number of files, and the listing's text. */
export interface MergedListing {
  readonly md5: string;
  readonly size: number;
  readonly files: number;
  readonly listing: string;
  readonly entries: readonly DirEntry[];
}

/**
 * A tracked folder with parts of it as they are now, everything else as it was committed: `dvc add data/part` of a tracked
 * `data`.
 *
 * @param parts what is at each, none below another; undefined where it has gone
 * @throws E_CACHE_MISSING, E_CACHE_CORRUPT
 */
export function mergedListing(
  parts: ReadonlyMap<string, WorkData | undefined>,
  output: TrackedOutput | undefined,
  cache: ObjectCache,
): MergedListing {
  if (output?.md5 === undefined || output.hash !== 'md5') {
    throw assayError('E_DATA_INSIDE_OUTPUT', { target: [...parts.keys()].join(', '), output: output?.path ?? '' });
  }
  // A file of old that is a folder now goes too.
  const folders = new Set([...parts.keys()].flatMap(foldersOf));
  if (output.files === undefined && !cache.has(output.md5)) {
    throw assayError('E_CACHE_MISSING', { object: output.md5, output: output.path, part: true });
  }
  const kept = outputListing(cache, { ...output, md5: output.md5 }).filter(
    ({ relpath }) => ![relpath, ...foldersOf(relpath)].some((path) => parts.has(path)) && !folders.has(relpath),
  );
  const now = [...parts].flatMap(([part, data]) =>
    (data?.files ?? []).map(({ md5, relpath }) => ({
      md5,
      relpath: data?.kind === 'directory' ? `${part}/${relpath}` : part,
    })),
  );
  const entries = [...kept, ...now];
  const listing = renderDirObject(entries);
  let size = 0;
  for (const data of parts.values()) size += data?.size ?? 0;
  for (const { md5 } of kept) {
    const stamp = cache.stampOf(md5);
    // Its size is nowhere else; without it the pointer would say something wrong.
    if (stamp === undefined) throw assayError('E_CACHE_MISSING', { object: md5, output: output.path, part: true });
    size += stamp.size;
  }
  return { md5: dirAddress(listing), size, files: entries.length, listing, entries };
}
