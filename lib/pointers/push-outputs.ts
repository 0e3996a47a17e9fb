import type { Store, StoreObject } from '../stores/store.ts';
import type { ObjectCache } from './object-cache.ts';
import { type DataObject, objectsOf } from './output-objects.ts';
import type { TargetedOutput } from './output-targets.ts';

export interface PushResult {
  /** Objects and bytes that were sent. */
  readonly pushed: number;
  readonly pushedBytes: number;
  /** Objects that the store had. */
  readonly present: number;
  /** Objects that are neither here nor there; the listings of their folders were not sent. */
  readonly missing: readonly DataObject[];
}

export interface PushOptions {
  /** Told once: objects and bytes to send. */
  readonly onTotal?: (objects: number, bytes: number) => void;
}

/**
 * Sends what the store lacks from the cache, verified, each object once. A listing goes after its files, and not at all
 * when one of them is missing: DVC takes a listing on a remote for the promise that everything in it is there.
 *
 * @throws E_STORE_SOURCE_CHANGED when an object of the cache is damaged, and the store's errors
 */
export async function pushOutputs(
  outputs: readonly TargetedOutput[],
  cache: ObjectCache,
  store: Store,
  options: PushOptions = {},
): Promise<PushResult> {
  const sets = outputs.map((output) => objectsOf(output, cache)).filter((set) => set !== undefined);
  const wanted = new Map<string, DataObject>();
  for (const { files = [], listing } of sets) {
    for (const object of listing === undefined ? files : [...files, listing]) wanted.set(object.key, object);
  }
  // Every file is looked for, also when the listing is there: one that came too early, or whose files are gone, is no promise.
  const there = wanted.size === 0 ? new Set<string>() : await store.existing([...wanted.keys()]);
  const sendable = new Map<string, StoreObject>();
  const missing = new Map<string, DataObject>();
  for (const object of wanted.values()) {
    if (there.has(object.key)) continue;
    const source = sourceOf(object, cache);
    if (source === undefined) missing.set(object.key, object);
    else sendable.set(object.key, source);
  }
  const files: StoreObject[] = [];
  const listings: StoreObject[] = [];
  for (const { files: entries, listing } of sets) {
    const object = listing === undefined ? undefined : sendable.get(listing.key);
    if (object !== undefined && entries !== undefined && !entries.some(({ key }) => missing.has(key)))
      listings.push(object);
  }
  for (const [key, object] of sendable) if (!key.endsWith('.dir')) files.push(object);
  const all = [...files, ...listings];
  options.onTotal?.(
    all.length,
    all.reduce((sum, object) => sum + object.expected.size, 0),
  );
  const unique = [...new Map(listings.map((object) => [object.key, object])).values()];
  const summary = await store.write(files, unique);
  return {
    pushed: summary.written,
    pushedBytes: summary.writtenBytes,
    present: there.size + summary.present,
    missing: [...missing.values()],
  };
}

function sourceOf({ key, md5, hash, path }: DataObject, cache: ObjectCache): StoreObject | undefined {
  const stamp = cache.stampOf(md5, hash);
  if (stamp === undefined) return undefined;
  const expected = md5.endsWith('.dir') ? { md5: md5.slice(0, -'.dir'.length) } : { md5, hash };
  const source = { file: cache.pathOf(md5, hash), regular: true } as const;
  return { key, expected: { ...expected, size: stamp.size }, source, title: path };
}
