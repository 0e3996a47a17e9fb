import type { Store } from '../../stores/store.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { type DataObject, objectsOf } from '../outputs/output-objects.ts';
import type { TargetedOutput } from '../outputs/output-targets.ts';

/** DVC's words: `new` is here alone, `deleted` is there alone, `missing` is nowhere. */
export type CloudState = 'new' | 'deleted' | 'missing';

export interface CloudDifference {
  readonly path: string;
  readonly state: CloudState;
}

/**
 * Holds the cache against a store.
 *
 * @returns files (and listings, by their folder) that cache and store do not both have, sorted by path
 * @throws the store's errors, E_DIR_OBJECT_CORRUPT
 */
export async function cloudStatus(
  outputs: readonly TargetedOutput[],
  cache: ObjectCache,
  store: Store,
): Promise<CloudDifference[]> {
  const wanted: DataObject[] = [];
  for (const output of outputs) {
    const set = objectsOf(output, cache);
    if (set === undefined) continue;
    if (set.listing !== undefined) wanted.push(set.listing);
    // One by one: a folder can have more files than a call takes arguments.
    for (const file of set.files ?? []) wanted.push(file);
  }
  const there = await store.existing([...new Set(wanted.map((object) => object.key))]);
  const differences: CloudDifference[] = [];
  for (const { md5, hash, key, path } of wanted) {
    const here = cache.has(md5, hash);
    if (!here || !there.has(key))
      differences.push({ path, state: here ? 'new' : there.has(key) ? 'deleted' : 'missing' });
  }
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}
