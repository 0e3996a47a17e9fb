import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import { type CloudDifference, cloudStatus } from '../../../pointers/transfer/cloud-status.ts';
import type { Context } from '../../context.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { type RemoteOptions, remoteGroups } from '../store/data-remote.ts';

/**
 * What the cache and the remotes of outputs do not both have; outputs that are not pushed, and those that stay in the
 * repository that they were imported from, are left out.
 *
 * @throws the errors of remotes and stores, E_DIR_OBJECT_CORRUPT
 */
export async function remoteDifferences(
  context: Context,
  workspace: DataWorkspace,
  outputs: readonly TargetedOutput[],
  remote: RemoteOptions,
): Promise<CloudDifference[]> {
  const pushed = outputs.filter(({ output }) => output.push && output.import?.kind !== 'repository');
  const found: CloudDifference[] = [];
  const { plain, versioned } = await remoteGroups(context, workspace, pushed, remote);
  for (const { store, outputs: members } of plain) {
    for (const one of await cloudStatus(members, workspace.cache, store)) found.push(one);
  }
  for (const { store, outputs: members, owns } of versioned) {
    const { versionsStatus } = await import('../../../pointers/versions/versions-status.ts');
    for (const one of await versionsStatus(members, workspace.cache, store, owns)) found.push(one);
  }
  return found;
}
