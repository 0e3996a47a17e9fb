import type { FileVersion, VersionedStore } from '../../stores/bucket/versioned-store.ts';
import { inParallel } from '../../stores/in-parallel.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import type { DataObject } from '../outputs/output-objects.ts';
import type { TargetedOutput } from '../outputs/output-targets.ts';
import type { TrackedOutput } from '../outputs/tracked-output.ts';
import type { PushOptions, PushResult } from '../transfer/push-outputs.ts';
import { type VersionedObject, versionedObjects } from './versioned-files.ts';

/** The versions of an output's files, by their path below it ('' for one file): those that the pointer has to name. */
export interface PushedVersions {
  readonly output: TrackedOutput;
  readonly versions: ReadonlyMap<string, FileVersion>;
}

export interface PushVersionsResult extends Omit<PushResult, 'unlisted'> {
  /** Of the outputs whose pointers have to be written. */
  readonly pushedVersions: readonly PushedVersions[];
}

export interface PushVersionsOptions extends PushOptions {
  /** Whether the versions that pointers keep under a remote's name are this remote's. */
  readonly owns: (remote: string) => boolean;
  readonly jobs: number;
}

/**
 * Sends what a version-aware remote lacks from the cache, each file to its own path, verified. A version that a pointer names
 * and that is there is kept; a file whose newest version has the same bytes gets that one's name; else a new version is
 * made. Nothing is ever deleted: as DVC leaves them, files that went are still there, in their versions too.
 *
 * @throws E_STORE_UNVERSIONED after one file, E_STORE_SOURCE_CHANGED when an object of the cache is damaged, the store's errors
 */
export async function pushVersions(
  outputs: readonly TargetedOutput[],
  cache: ObjectCache,
  store: VersionedStore,
  { owns, jobs, onTotal }: PushVersionsOptions,
): Promise<PushVersionsResult> {
  const missing: DataObject[] = [];
  const known: { output: TrackedOutput; versions: Map<string, FileVersion> }[] = [];
  const sending: Sending[] = [];
  let present = 0;
  for (const target of outputs) {
    const { output } = target;
    const objects = versionedObjects(target, cache, owns);
    if (objects === undefined) {
      const { md5, hash, path } = output;
      if (md5 !== undefined && output.cache) missing.push({ key: path, path, md5, hash });
      continue;
    }
    const versions = new Map<string, FileVersion>();
    known.push({ output, versions });
    const wanted = objects.map(({ key, version }) => ({ path: key, version }));
    const folder = output.md5?.endsWith('.dir') ? output.path : undefined;
    const found = await store.find(wanted, folder, { writing: true });
    for (const object of objects) {
      const { named, newest } = found.get(object.key) ?? {};
      if (named !== undefined || (newest !== undefined && isSame(newest, object, cache))) {
        if (named === undefined && newest !== undefined) versions.set(object.relpath, newest);
        present++;
      } else {
        const stamp = cache.stampOf(object.md5, object.hash);
        if (stamp === undefined) missing.push(object);
        else sending.push({ object, size: stamp.size, versions });
      }
    }
  }
  onTotal?.(
    sending.length,
    sending.reduce((sum, { size }) => sum + size, 0),
  );
  const send = async ({ object: { key, md5, hash, relpath }, size, versions }: Sending) => {
    const source = { file: cache.pathOf(md5, hash) };
    versions.set(relpath, await store.write(key, { expected: { md5, hash, size }, source }));
  };
  // Alone: a bucket without versions is then told by one file, not by all of them.
  const [first, ...rest] = sending;
  if (first !== undefined) await send(first);
  await inParallel(rest, jobs, send);
  return {
    pushed: sending.length,
    present,
    missing,
    pushedVersions: known.filter(({ versions }) => versions.size > 0),
  };
}

interface Sending {
  readonly object: VersionedObject;
  /** Bytes. */
  readonly size: number;
  readonly versions: Map<string, FileVersion>;
}

/** Whether a version certainly has the object's bytes: the service knows their digest. */
function isSame(version: FileVersion, { md5, hash }: VersionedObject, cache: ObjectCache): boolean {
  if (hash !== 'md5' || version.md5 !== md5) return false;
  const stamp = cache.stampOf(md5, hash);
  return stamp === undefined || stamp.size === version.size;
}
