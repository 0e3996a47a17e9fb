import type { VersionedStore } from '../../stores/bucket/versioned-store.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import type { TargetedOutput } from '../outputs/output-targets.ts';
import type { CloudDifference } from '../transfer/cloud-status.ts';
import { lacksDigests } from './complete-versions.ts';
import { notedVersions, versionedObjects } from './versioned-files.ts';

/**
 * Holds the cache against a version-aware remote: a file is there when the version that its pointer names is.
 *
 * @param owns whether the versions that pointers keep under a remote's name are this remote's
 * @throws the store's errors
 */
export async function versionsStatus(
  outputs: readonly TargetedOutput[],
  cache: ObjectCache,
  store: VersionedStore,
  owns: (remote: string) => boolean,
): Promise<CloudDifference[]> {
  const differences: CloudDifference[] = [];
  for (const target of outputs) {
    const { output } = target;
    if (lacksDigests(output)) {
      // Nothing can be in the cache of what has no digest yet.
      const noted = notedVersions(target, owns);
      const found = await store.find(noted.filter(({ version }) => version !== undefined));
      for (const { path } of noted) {
        differences.push({ path, state: found.get(path)?.named === undefined ? 'missing' : 'deleted' });
      }
      continue;
    }
    const objects = versionedObjects(target, cache, owns);
    if (objects === undefined && output.md5 !== undefined && output.cache)
      differences.push({ path: output.path, state: 'missing' });
    const named = (objects ?? []).filter(({ version }) => version !== undefined);
    const folder = output.md5?.endsWith('.dir') ? output.path : undefined;
    const found = await store.find(
      named.map(({ key, version }) => ({ path: key, version })),
      folder,
    );
    for (const { key, path, md5, hash } of objects ?? []) {
      const here = cache.has(md5, hash);
      const there = found.get(key)?.named !== undefined;
      if (!here || !there) differences.push({ path, state: here ? 'new' : there ? 'deleted' : 'missing' });
    }
  }
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}
