import type { ErrorCode } from '../../errors.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { isInside } from '../checkout/checkout-output.ts';
import type { CloudVersion, VersionedFile } from '../formats/output-entry.ts';
import { outputListingIfAny } from '../listings/output-listing.ts';
import type { DataObject } from '../outputs/output-objects.ts';
import type { TargetedOutput } from '../outputs/output-targets.ts';

/** What one file's failure does not end: the others are still worth bringing. */
export const OF_ONE_FILE: readonly ErrorCode[] = ['E_STORE_OBJECT_MISSING', 'E_STORE_OBJECT_CORRUPT'];

/** One file of an output on a version-aware remote; its key is its path there. */
export interface VersionedObject extends DataObject {
  /** Below the output, forward slashes; '' for an output that is one file. */
  readonly relpath: string;
  /** The version that the pointer names; undefined where it was never pushed to this remote. */
  readonly version?: string;
  /** Bytes, where the pointer tells. */
  readonly size?: number;
}

/**
 * The files of an output as a version-aware remote holds them: at their paths from the repository's top. Undefined where
 * nothing tells them: an output that was never committed or is not cached, or a folder whose listing is not in the cache.
 *
 * @param owns whether the versions that a pointer keeps under a remote's name are those of the remote that is asked
 */
export function versionedObjects(
  { output, inside }: TargetedOutput,
  cache: ObjectCache,
  owns: (remote: string) => boolean,
): VersionedObject[] | undefined {
  const { md5, hash, path, size, files, cloud } = output;
  if (md5 === undefined || !output.cache) return undefined;
  if (!md5.endsWith('.dir')) {
    return [{ key: path, path, md5, hash, relpath: '', ...sizeOf(size), ...versionOf(cloud, owns) }];
  }
  const listed: readonly VersionedFile[] | undefined =
    files ?? outputListingIfAny(cache, { md5, hash })?.map((entry) => ({ ...entry, isexec: false }));
  return listed
    ?.filter(({ relpath }) => inside === undefined || isInside(relpath, inside))
    .flatMap((file) => {
      if (file.md5 === undefined) return [];
      const at = `${path}/${file.relpath}`;
      const facts = { key: at, path: at, md5: file.md5, hash, relpath: file.relpath };
      return [{ ...facts, ...sizeOf(file.size), ...versionOf(file.cloud, owns) }];
    });
}

/** The paths and versions that a pointer names, whether or not it names digests. */
export function notedVersions(
  { output: { path, files, cloud }, inside }: TargetedOutput,
  owns: (remote: string) => boolean,
): { readonly path: string; readonly version?: string }[] {
  if (files === undefined) return [{ path, ...versionOf(cloud, owns) }];
  return files
    .filter(({ relpath }) => inside === undefined || isInside(relpath, inside))
    .map((file) => ({ path: `${path}/${file.relpath}`, ...versionOf(file.cloud, owns) }));
}

function versionOf(cloud: CloudVersion | undefined, owns: (remote: string) => boolean): { version?: string } {
  return cloud?.versionId !== undefined && owns(cloud.remote) ? { version: cloud.versionId } : {};
}

function sizeOf(size: number | undefined): { size?: number } {
  return size === undefined ? {} : { size };
}
