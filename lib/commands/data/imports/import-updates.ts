import { AssayError } from '../../../errors.ts';
import { withoutCredentials } from '../../../git/git-failure.ts';
import { listRemoteRefs, type RemoteRef } from '../../../git/remote.ts';
import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import type { Context } from '../../context.ts';
import { sourceAddress } from '../source/source-overrides.ts';

/** A whole commit id, which never becomes another. */
const COMMIT = /^[0-9a-f]{40}$/;

/**
 * What was imported from another repository that has another commit now at the same revision: as in DVC the commit tells,
 * whether or not it changed the data. Each repository is asked once for its refs, nothing is cloned; one that cannot be asked
 * is a warning.
 *
 * @param root the repository's top
 * @returns the newer commit by the output's path
 */
export async function importUpdates(
  context: Pick<Context, 'git' | 'log'>,
  root: string,
  chosen: readonly TargetedOutput[],
): Promise<ReadonlyMap<string, string>> {
  const updates = new Map<string, string>();
  const refs = new Map<string, Promise<readonly RemoteRef[]>>();
  for (const { output } of chosen) {
    const { import: from, path, declaredIn } = output;
    if (from?.kind !== 'repository' || from.revLock === undefined || COMMIT.test(from.rev ?? '')) continue;
    const where = sourceAddress(from.url, root, declaredIn);
    const known = refs.get(where) ?? refsOf(context, where);
    refs.set(where, known);
    const commit = commitAt(await known, from.rev);
    if (commit !== undefined && commit !== from.revLock) updates.set(path, commit);
  }
  return updates;
}

async function refsOf({ git, log }: Pick<Context, 'git' | 'log'>, where: string): Promise<readonly RemoteRef[]> {
  try {
    return await listRemoteRefs(git, where, ['HEAD', 'refs/heads/*', 'refs/tags/*']);
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    log.warning(`whether ${withoutCredentials(where)} has something newer is not known: ${error.message}`);
    return [];
  }
}

/** A tag before a branch, as git reads a name. Undefined for what no ref says, such as the first digits of a commit. */
function commitAt(refs: readonly RemoteRef[], rev: string | undefined): string | undefined {
  const names = rev === undefined ? ['HEAD'] : [`refs/tags/${rev}`, `refs/heads/${rev}`, rev];
  for (const name of names) {
    const found = refs.find(({ ref }) => ref === name);
    if (found !== undefined) return found.peeled ?? found.id;
  }
  return undefined;
}
