import { rmSync } from 'node:fs';
import { hasCode } from '../../errors.ts';
import { inParallel } from '../../stores/in-parallel.ts';
import type { Store } from '../../stores/store.ts';
import { intactObject } from '../cache/intact-object.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import type { Staging } from '../cache/staging.ts';
import { expectedObject } from '../expected-object.ts';
import { type DataObject, objectsOf } from '../outputs/output-objects.ts';
import type { TargetedOutput } from '../outputs/output-targets.ts';

export interface RepairOptions {
  /** Objects read at a time. */
  readonly jobs: number;
  readonly staging: Staging;
}

/**
 * Reads what a store has of outputs and takes away what is damaged, so that a push that follows brings it from the cache.
 * A listing whose files are not all there goes first: it promises what is not so, and DVC believes it. Only what the cache
 * holds intact is taken away.
 *
 * @returns damaged objects that were left: the cache has no intact copy to put in their place
 * @throws the store's errors, E_DIR_OBJECT_CORRUPT
 */
export async function repairStore(
  outputs: readonly TargetedOutput[],
  cache: ObjectCache,
  store: Store,
  { jobs, staging }: RepairOptions,
): Promise<DataObject[]> {
  const sets = outputs.map((output) => objectsOf(output, cache)).filter((set) => set !== undefined);
  const wanted = new Map<string, DataObject>();
  for (const { files = [], listing } of sets) {
    for (const object of listing === undefined ? files : [...files, listing]) wanted.set(object.key, object);
  }
  const there = new Set(await store.existing([...wanted.keys()]));
  const removed = new Map<string, DataObject>();
  const damaged: DataObject[] = [];
  const present = [...wanted.values()].filter(({ key }) => there.has(key));
  await inParallel(present, jobs, async (object) => {
    if (await isSound(object, store, staging)) return;
    if (await intactObject(object, cache)) removed.set(object.key, object);
    else damaged.push(object);
  });
  const broken = new Set([...removed.keys(), ...damaged.map(({ key }) => key)]);
  for (const { listing, files = [] } of sets) {
    if (listing === undefined || !there.has(listing.key) || broken.has(listing.key)) continue;
    const kept = files.every(({ key }) => there.has(key) && !broken.has(key));
    if (!kept) removed.set(listing.key, listing);
  }
  const listingsFirst = [...removed.keys()].sort((a, b) => Number(b.endsWith('.dir')) - Number(a.endsWith('.dir')));
  const listings = listingsFirst.filter((key) => key.endsWith('.dir'));
  if (listings.length > 0) await store.remove(listings);
  if (listingsFirst.length > listings.length) await store.remove(listingsFirst.slice(listings.length));
  return damaged;
}

async function isSound({ key, md5, hash, outputBytes }: DataObject, store: Store, staging: Staging): Promise<boolean> {
  const expected = expectedObject(md5, hash, outputBytes);
  const target = staging.next();
  try {
    await store.read(key, expected, target);
    return true;
  } catch (error) {
    if (hasCode(error, 'E_STORE_OBJECT_CORRUPT')) return false;
    throw error;
  } finally {
    rmSync(target, { force: true });
  }
}
