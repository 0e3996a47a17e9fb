import type { ObjectCache } from '../cache/object-cache.ts';
import { isInside } from '../checkout/checkout-output.ts';
import { outputListingIfAny } from '../listings/output-listing.ts';
import { objectKey, type PointerHash } from '../object-key.ts';
import type { TargetedOutput } from './output-targets.ts';

/** One object that an output needs. */
export interface DataObject {
  /** Where it lies in a cache or remote. */
  readonly key: string;
  /** `<32 hex>`, with `.dir` for a listing. */
  readonly md5: string;
  readonly hash: PointerHash;
  /** Path of the file that it is, from the repository's top, for messages. */
  readonly path: string;
  /** Bytes of its output as the pointer says them. */
  readonly outputBytes?: number | undefined;
}

/** An output as objects. */
export interface OutputObjects {
  /** Its listing, when it is a folder. */
  readonly listing?: DataObject;
  /** Its files; undefined when the cache does not have the listing. */
  readonly files?: readonly DataObject[];
}

/**
 * The objects of an output, as far as the cache's listing tells; undefined for one that was never committed or is not cached.
 *
 * @throws E_DIR_OBJECT_CORRUPT
 */
export function objectsOf({ output, inside }: TargetedOutput, cache: ObjectCache): OutputObjects | undefined {
  const { md5, hash, path, size, files } = output;
  if (md5 === undefined || !output.cache) return undefined;
  if (!md5.endsWith('.dir')) return { files: [dataObject(md5, hash, path, size)] };
  // A pointer that lists its files itself needs no listing among the objects.
  const listing = files === undefined ? { listing: dataObject(md5, hash, path) } : {};
  const entries = outputListingIfAny(cache, { md5, hash, files });
  if (entries === undefined) return listing;
  const chosen = inside === undefined ? entries : entries.filter((entry) => isInside(entry.relpath, inside));
  return {
    ...listing,
    files: chosen.map((entry) => dataObject(entry.md5, hash, `${path}/${entry.relpath}`, size)),
  };
}

function dataObject(md5: string, hash: PointerHash, path: string, outputBytes?: number): DataObject {
  return { key: objectKey(md5, hash), md5, hash, path, outputBytes };
}
