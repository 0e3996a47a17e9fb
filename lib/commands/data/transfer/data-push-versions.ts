import { pushVersions } from '../../../pointers/versions/push-versions.ts';
import type { Context } from '../../context.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import type { VersionedGroup } from '../store/data-remote.ts';
import { writeVersions } from './data-versions.ts';
import { lackingEverywhere, type PushedGroup } from './pushed-group.ts';

/**
 * Pushes outputs to their version-aware remote and writes the versions into their pointers.
 *
 * @param onTotal told once: bytes to send
 * @throws as `pushVersions` and `writeVersions`
 */
export async function pushVersionedGroup(
  context: Context,
  workspace: DataWorkspace,
  { remote, owns, store, jobs, outputs }: VersionedGroup,
  onTotal: (bytes: number) => void,
): Promise<PushedGroup> {
  const result = await pushVersions(outputs, workspace.cache, store, {
    owns,
    jobs,
    onTotal: (_files, bytes) => onTotal(bytes),
  });
  const written = await writeVersions(context, workspace, result.pushedVersions, remote);
  const failed = lackingEverywhere(result.missing, store);
  return { transferred: result.pushed, present: result.present, failed, written };
}
