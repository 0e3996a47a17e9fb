import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchCommit, hasCommit } from './fetch-refs.ts';
import type { Git } from './git.ts';
import { gitFailure } from './git-failure.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

/**
 * Checks `commit` (its full id) out into a temporary folder (detached, no branch, no hooks), runs `body` in what is
 * `git.folder` there and removes it, whatever happens. The caller's own work tree is not touched. A commit that is not here is
 * brought from the remote. Throws E_GIT_*.
 */
export async function withWorktree<T>(
  git: Git,
  remote: string,
  commit: string,
  body: (folder: string) => Promise<T>,
): Promise<T> {
  const { prefix } = await git.places();
  return withTemporaryFolder(async (scratch) => {
    const folder = join(await realpath(scratch), 'tree');
    const args = ['worktree', 'add', '--quiet', '--detach', '--force', folder, commit];
    const added = await git.attempt(args);
    if (added.code !== 0) {
      if (await hasCommit(git, commit)) throw gitFailure({ folder: git.folder, args, ...added });
      await fetchCommit(git, remote, commit);
      await git.run(args);
    }
    try {
      return await body(join(folder, prefix));
    } finally {
      const removed = await git.attempt(['worktree', 'remove', '--force', '--force', folder]);
      // A body that deleted its own folder leaves an entry that only prune takes away.
      if (removed.code !== 0) await git.attempt(['worktree', 'prune', '--expire=now']);
    }
  });
}
