import { type AssayError, assayError, type ErrorCode, hasCode } from '../../errors.ts';
import { readSmallBytes, smallFileBuffer } from '../../stores/bytes/small-file.ts';
import { inParallel } from '../../stores/in-parallel.ts';
import type { Store } from '../../stores/store.ts';
import { md5OfBytes } from '../cache/hash-file.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { expectedObject } from '../expected-object.ts';
import { type DataObject, objectsOf } from '../outputs/output-objects.ts';
import type { TargetedOutput } from '../outputs/output-targets.ts';

export interface FetchFailure {
  readonly object: DataObject;
  readonly error: AssayError;
}

export interface FetchResult {
  /** Objects that were brought. */
  readonly fetched: number;
  /** Objects that the cache had. */
  readonly present: number;
  /** Objects that the store does not have, or not intact. */
  readonly failed: readonly FetchFailure[];
}

export interface FetchOptions {
  readonly jobs: number;
  /** Told whenever more is known: objects to bring. */
  readonly onTotal?: (objects: number) => void;
  readonly onObject?: () => void;
}

/** What one object's failure does not end: the others are still worth bringing. */
const OF_ONE_OBJECT: readonly ErrorCode[] = [
  'E_STORE_OBJECT_MISSING',
  'E_STORE_OBJECT_CORRUPT',
  'E_DIR_OBJECT_CORRUPT',
];

/**
 * Brings what the cache lacks from a store: listings first, then their files, each object once and verified before it has
 * its name. What was brought before an interruption stays.
 *
 * @throws the store's errors that concern more than one object, E_STORE_WRITE
 */
export async function fetchOutputs(
  outputs: readonly TargetedOutput[],
  cache: ObjectCache,
  store: Store,
  options: FetchOptions,
): Promise<FetchResult> {
  const failed: FetchFailure[] = [];
  const buffer = smallFileBuffer();
  const counts = { fetched: 0, present: 0 };
  const bring = async (objects: Iterable<DataObject>) => {
    const wanted = new Map<string, DataObject>();
    for (const object of objects) {
      if (cache.has(object.md5, object.hash)) counts.present++;
      else wanted.set(object.key, object);
    }
    options.onTotal?.(wanted.size);
    await inParallel(wanted.values(), options.jobs, async (object) => {
      const error = await bringOne(object, cache, store, buffer);
      if (error === undefined) counts.fetched++;
      else failed.push({ object, error });
      options.onObject?.();
    });
    cache.settle();
  };
  const listings = outputs.map((output) => objectsOf(output, cache)?.listing).filter((one) => one !== undefined);
  await bring(listings);
  const files: DataObject[] = [];
  for (const output of outputs) {
    try {
      // One by one: a folder can have more files than a call takes arguments.
      for (const file of objectsOf(output, cache)?.files ?? []) files.push(file);
    } catch (error) {
      if (!hasCode(error, ...OF_ONE_OBJECT)) throw error;
      const listing = listings.find(({ md5 }) => md5 === output.output.md5);
      if (listing !== undefined) failed.push({ object: listing, error });
    }
  }
  await bring(files);
  return { ...counts, failed };
}

async function bringOne(
  object: DataObject,
  cache: ObjectCache,
  store: Store,
  buffer: Buffer,
): Promise<AssayError | undefined> {
  const { key, md5, hash, outputBytes } = object;
  const expected = expectedObject(md5, hash, outputBytes);
  try {
    if (copiedFromFolder(object, cache, store, buffer)) return undefined;
    await cache.receive(md5, hash, async (path, unfinished) => {
      const small: Uint8Array[] = [];
      // What DVC 2 left lies at another address than that of its bytes, which the cache puts bytes at.
      await store.read(key, expected, path, hash === 'md5' ? (bytes) => void small.push(bytes) : undefined, unfinished);
      return small[0];
    });
    return undefined;
  } catch (error) {
    if (hasCode(error, ...OF_ONE_OBJECT)) return error;
    throw error;
  }
}

/** A small file of a folder is copied in a fifth of the time that a stream takes, hashed on the way like there. */
function copiedFromFolder({ key, md5, hash }: DataObject, cache: ObjectCache, store: Store, buffer: Buffer): boolean {
  const { kind, location, title } = store.describe();
  if (kind !== 'folder' || hash !== 'md5' || md5.endsWith('.dir')) return false;
  const bytes = readSmallBytes(`${location}/${key}`, buffer);
  if (typeof bytes === 'string') return false;
  const actual = md5OfBytes(bytes, 'md5');
  if (actual !== md5) {
    throw assayError('E_STORE_OBJECT_CORRUPT', { key, store: title, expected: `md5 ${md5}`, actual: `md5 ${actual}` });
  }
  cache.recent.keep(md5, bytes);
  cache.insertSoon(bytes, md5);
  return true;
}
