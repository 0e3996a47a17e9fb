import type { Store, StoreObject } from '../../stores/store.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { type DataObject, objectsOf } from '../outputs/output-objects.ts';
import type { TargetedOutput } from '../outputs/output-targets.ts';

export interface PushResult {
  /** Objects that were sent. */
  readonly pushed: number;
  /** Objects that the store had. */
  readonly present: number;
  /** Objects that are neither here nor there; the listings of their folders were not sent. */
  readonly missing: readonly DataObject[];
  /** Listings of folders that were not sent because only a part of their files was asked for, and others are not there. */
  readonly unlisted: readonly DataObject[];
}

export interface PushOptions {
  /** Told once: objects and bytes to send. */
  readonly onTotal?: (objects: number, bytes: number) => void;
}

/**
 * Sends what the store lacks from the cache, verified, each object once. A listing goes after its files, and not at all
 * when one of them is missing, or was not asked for and is not there: DVC takes a listing on a remote for the promise that everything
 * in it is there, and would send none of it any more.
 *
 * @throws E_STORE_SOURCE_CHANGED when an object of the cache is damaged, and the store's errors
 */
export async function pushOutputs(
  outputs: readonly TargetedOutput[],
  cache: ObjectCache,
  store: Store,
  options: PushOptions = {},
): Promise<PushResult> {
  const sets = outputs.flatMap((target) => setsOf(target, cache));
  const wanted = new Map<string, DataObject>();
  const asked = new Set<string>();
  for (const { files, listing, all } of sets) {
    for (const object of listing === undefined ? files : [...files, listing]) wanted.set(object.key, object);
    for (const { key } of all) asked.add(key);
  }
  for (const key of wanted.keys()) asked.add(key);
  // Every file is looked for, also when the listing is there: one that came too early, or whose files are gone, is no promise.
  const there = asked.size === 0 ? new Set<string>() : await store.existing([...asked], { writing: true });
  const sendable = new Map<string, StoreObject>();
  const missing = new Map<string, DataObject>();
  let present = 0;
  for (const object of wanted.values()) {
    if (there.has(object.key)) {
      present++;
      continue;
    }
    const source = sourceOf(object, cache);
    if (source === undefined) missing.set(object.key, object);
    else sendable.set(object.key, source);
  }
  const listings = new Map<string, StoreObject>();
  const unlisted = new Map<string, DataObject>();
  for (const { listing, files, all, told } of sets) {
    const object = listing === undefined ? undefined : sendable.get(listing.key);
    if (listing === undefined || object === undefined || !told || files.some(({ key }) => missing.has(key))) continue;
    if (all.every(({ key }) => there.has(key) || sendable.has(key))) listings.set(listing.key, object);
    else unlisted.set(listing.key, listing);
  }
  const files = [...sendable].flatMap(([key, object]) => (key.endsWith('.dir') ? [] : [object]));
  const all = [...files, ...listings.values()];
  options.onTotal?.(
    all.length,
    all.reduce((sum, object) => sum + object.expected.size, 0),
  );
  const summary = await store.write(files, [...listings.values()]);
  return {
    pushed: summary.written,
    present: present + summary.present,
    missing: [...missing.values()],
    unlisted: [...unlisted.values()].filter(({ key }) => !listings.has(key)),
  };
}

/** What is asked for of an output. */
interface PushedSet {
  readonly listing?: DataObject | undefined;
  readonly files: readonly DataObject[];
  /** Whether the listing is here, so that the files are known. */
  readonly told: boolean;
  /** All that the listing lists. */
  readonly all: readonly DataObject[];
}

function setsOf(target: TargetedOutput, cache: ObjectCache): PushedSet[] {
  const set = objectsOf(target, cache);
  if (set === undefined) return [];
  const { listing, files } = set;
  const all = target.inside === undefined ? files : objectsOf({ output: target.output }, cache)?.files;
  return [{ listing, files: files ?? [], told: files !== undefined, all: all ?? [] }];
}

function sourceOf({ key, md5, hash, path }: DataObject, cache: ObjectCache): StoreObject | undefined {
  const stamp = cache.stampOf(md5, hash);
  if (stamp === undefined) return undefined;
  const expected = md5.endsWith('.dir') ? { md5: md5.slice(0, -'.dir'.length) } : { md5, hash };
  const source = { file: cache.pathOf(md5, hash), regular: true } as const;
  return { key, expected: { ...expected, size: stamp.size }, source, title: path };
}
