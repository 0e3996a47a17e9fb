import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assayError } from '../../../errors.ts';
import { openGit } from '../../../git/git.ts';
import type { Context } from '../../context.ts';

/**
 * Holds that DVC is not configured where `.dvc/config` was not found, in the folder or above it: a sparse checkout may have left out
 * what git has, and data would be looked for, or sent, where nobody expects them. A folder that git does not keep passes.
 *
 * @throws E_DATA_NOT_CHECKED_OUT
 */
export async function requireCheckedOut({ environment }: Pick<Context, 'environment'>, folder: string): Promise<void> {
  const git = openGit(folder, { env: environment });
  // Without a program or a repository there is nothing that could have been left out.
  const ask = (...args: string[]) => git.attempt(args).catch(() => undefined);
  const top = await ask('rev-parse', '--show-cdup');
  if (top?.code !== 0) return;
  const cdup = top.stdout.toString('utf8').replace(/\n$/, '');
  const above = cdup.split('/').filter((part) => part === '..').length;
  const files = Array.from({ length: above + 1 }, (_, up) => `${'../'.repeat(up)}.dvc/config`);
  const tracked = await ask('--literal-pathspecs', 'ls-files', '-z', '--', ...files);
  const known = tracked?.code === 0 ? tracked.stdout.toString('utf8').split('\0').filter(Boolean) : [];
  const file = known.find((name) => lstatSync(join(folder, name), { throwIfNoEntry: false }) === undefined);
  if (file !== undefined) throw assayError('E_DATA_NOT_CHECKED_OUT', { file, folder: dirname(file) });
}
