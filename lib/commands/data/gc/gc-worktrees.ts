import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { AssayError, assayError } from '../../../errors.ts';
import { openGit } from '../../../git/git.ts';
import type { Context } from '../../context.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import { type UsedData, type UsedPorts, usedData } from './gc-used.ts';

/**
 * Opens the same project in the other work trees of the repository (`git worktree`): they may share its cache, and their
 * pointers need not be in any commit yet.
 */
export async function withWorktrees<T>(
  context: Context,
  workspace: DataWorkspace,
  body: (others: readonly DataWorkspace[]) => Promise<T>,
): Promise<T> {
  const roots = workspace.config.noScm ? [] : await otherRoots(context, workspace);
  const open = async ([root, ...more]: readonly string[], opened: readonly DataWorkspace[]): Promise<T> =>
    root === undefined
      ? body(opened)
      : withWorkspace({ ...context, root }, {}, (other) => open(more, [...opened, other]));
  return open(roots, []);
}

/**
 * What the pointers in the folders of other work trees name.
 *
 * @throws E_DATA_GC_WORKTREE
 */
export async function usedInWorktrees(
  context: Context,
  others: readonly DataWorkspace[],
  ports: UsedPorts,
): Promise<UsedData[]> {
  const used: UsedData[] = [];
  for (const other of others) {
    try {
      used.push(await usedData(context, other, undefined, ports));
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      throw assayError('E_DATA_GC_WORKTREE', { folder: other.root, reason: error.message }, error);
    }
  }
  return used;
}

async function otherRoots(context: Context, { root }: DataWorkspace): Promise<string[]> {
  const git = openGit(root, { env: context.environment });
  const listed = await git.attempt(['worktree', 'list', '--porcelain']);
  if (listed.code !== 0) return [];
  const { prefix } = await git.places();
  return listed.stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => (line.startsWith('worktree ') ? [join(line.slice('worktree '.length), prefix)] : []))
    .map((folder) => folder.replace(/\/$/, ''))
    .filter((folder) => existsSync(join(folder, '.dvc')) && realpathSync(folder) !== realpathSync(root));
}
