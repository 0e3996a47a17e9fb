import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { assayError, hasCode } from '../../errors.ts';
import type { VersionedStore } from '../../stores/bucket/versioned-store.ts';
import { inParallel } from '../../stores/in-parallel.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { placeFile } from '../cache/place-file.ts';
import type { Staging } from '../cache/staging.ts';
import type { CloudVersion, VersionedFile } from '../formats/output-entry.ts';
import { dirAddress, renderDirObject } from '../listings/dir-object.ts';
import type { TrackedOutput } from '../outputs/tracked-output.ts';
import type { FetchFailure } from '../transfer/fetch-outputs.ts';
import { OF_ONE_FILE } from './versioned-files.ts';

/** Whether an output is known by the versions of its files while the digest of some is not. */
export function lacksDigests({ md5, cloud, files, cache }: TrackedOutput): boolean {
  return cache && md5 === undefined && (cloud !== undefined || files !== undefined);
}

export interface CompletedOutput {
  /** The output with all digests; undefined where something could not be brought. */
  readonly completed?: TrackedOutput & { readonly md5: string };
  /** Files that were brought. */
  readonly brought: number;
  readonly failed: readonly FetchFailure[];
}

export interface CompleteOptions {
  /** Whether the versions that pointers keep under a remote's name are this remote's. */
  readonly owns: (remote: string) => boolean;
  readonly jobs: number;
  readonly staging: Pick<Staging, 'unfinished' | 'leave'>;
  readonly onTotal?: ((files: number) => void) | undefined;
  readonly onFile?: (() => void) | undefined;
}

/**
 * Brings the files of an output whose digests its pointer does not name, by their versions, and finds the digests out: each is held
 * against the size and the tag that were noted and what the service says. What has a digest is left to `fetchVersions`.
 *
 * @throws the store's errors that concern more than one file, E_STORE_WRITE
 */
export async function completeVersions(
  output: TrackedOutput,
  cache: ObjectCache,
  store: Pick<VersionedStore, 'describe' | 'receive'>,
  { owns, jobs, staging, onTotal, onFile }: CompleteOptions,
): Promise<CompletedOutput> {
  const { path, cloud, isexec, size } = output;
  const single: VersionedFile = {
    ...{ relpath: '', isexec },
    ...(cloud === undefined ? {} : { cloud }),
    ...(size === undefined ? {} : { size }),
  };
  const files = output.files ?? [single];
  const { title } = store.describe();
  const open = files.filter(({ md5 }) => md5 === undefined);
  const failed: FetchFailure[] = [];
  const known = new Map<string, { readonly md5: string; readonly size: number }>();
  onTotal?.(open.length);
  await inParallel(open, jobs, async (file) => {
    const key = file.relpath === '' ? path : `${path}/${file.relpath}`;
    try {
      const version = versionOf(file.cloud, owns);
      if (version === undefined) throw assayError('E_STORE_OBJECT_MISSING', { key, store: title });
      const noted = { path: key, version, tag: file.cloud?.etag, size: file.size };
      // A version never has other bytes: what a call that was stopped left of it is gone on with.
      const unfinished = staging.unfinished(`version-${nameOf(title, key, version)}`);
      const received = await store.receive(noted, unfinished).catch((error: unknown) => {
        if (hasCode(error, 'E_STORE_OBJECT_CORRUPT')) rmSync(unfinished.path, { force: true });
        else staging.leave(unfinished);
        throw error;
      });
      await placeFile(cache, received.md5, unfinished.path);
      known.set(file.relpath, { md5: received.md5, size: received.size });
      onFile?.();
    } catch (error) {
      if (!hasCode(error, ...OF_ONE_FILE)) throw error;
      failed.push({ object: { key, path: key, md5: '', hash: 'md5' }, error });
    }
  });
  if (failed.length > 0) return { brought: known.size, failed };
  const whole = files.map((file) => ({ ...file, ...known.get(file.relpath) }));
  return { brought: known.size, failed, completed: completed(output, whole) };
}

function nameOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function versionOf(cloud: CloudVersion | undefined, owns: (remote: string) => boolean): string | undefined {
  return cloud !== undefined && owns(cloud.remote) ? cloud.versionId : undefined;
}

function completed(output: TrackedOutput, files: readonly VersionedFile[]): TrackedOutput & { readonly md5: string } {
  const size = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  const entries = files.map(({ relpath, md5 = '' }) => ({ relpath, md5 }));
  if (output.files === undefined) return { ...output, md5: entries[0]?.md5 ?? '', size, kind: 'file', hash: 'md5' };
  const md5 = dirAddress(renderDirObject(entries));
  return { ...output, md5, size, nfiles: files.length, files, kind: 'directory', hash: 'md5' };
}
