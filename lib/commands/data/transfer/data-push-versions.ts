import { pushVersions } from '../../../pointers/versions/push-versions.ts';
import type { Context } from '../../context.ts';
import type { DataTransferOutput } from '../data-outputs.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import type { VersionedGroup } from '../store/data-remote.ts';
import { writeVersions } from './data-versions.ts';

/** What `pushGroup` did: a part of what the whole push tells. */
export type PushedGroup = Pick<DataTransferOutput, 'transferred' | 'present' | 'failed'> & {
  /** Pointers that were written. */
  readonly written: readonly string[];
};

/**
 * Pushes outputs to their version-aware remote and writes the versions into their pointers.
 *
 * @param onTotal told once: bytes to send
 * @throws as `pushVersions` and `writeVersions`
 */
export async function pushGroup(
  context: Context,
  workspace: DataWorkspace,
  { remote, owns, store, jobs, outputs }: VersionedGroup,
  onTotal?: (bytes: number) => void,
): Promise<PushedGroup> {
  const result = await pushVersions(outputs, workspace.cache, store, {
    owns,
    jobs,
    onTotal: (_files, bytes) => onTotal?.(bytes),
  });
  const written = await writeVersions(context, workspace, result.pushedVersions, remote);
  const failed = result.missing.map(({ path, md5 }) => ({
    path,
    code: 'E_CACHE_MISSING',
    reason: `neither the cache nor ${store.describe().title} has ${md5}`,
  }));
  return { transferred: result.pushed, present: result.present, failed, written };
}
