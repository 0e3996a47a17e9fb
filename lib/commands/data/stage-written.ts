import { openGit } from '../../git/git.ts';
import type { Context } from '../context.ts';
import type { DataWorkspace } from './data-workspace.ts';

/**
 * Adds files that a verb wrote to git's index where `core.autostage` says so, as DVC does.
 *
 * @param files from the repository's top; names, never patterns
 * @throws E_GIT_*
 */
export async function stageWritten(
  { environment }: Pick<Context, 'environment'>,
  { root, config }: Pick<DataWorkspace, 'root' | 'config'>,
  files: readonly string[],
): Promise<void> {
  if (!config.autostage || config.noScm || files.length === 0) return;
  await openGit(root, { env: environment }).run(['--literal-pathspecs', 'add', '--', ...files]);
}
