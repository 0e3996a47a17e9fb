import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { assayError, messageOf } from '../../errors.ts';
import { openGit } from '../../git/git.ts';
import { addGitignoreEntry } from '../../pointers/ignore/gitignore.ts';
import { systemCode } from '../../system-code.ts';
import type { Context } from '../context.ts';

/**
 * Has git pass over a folder of ours that nobody is to commit, in this clone alone: a line in `.git/info/exclude`, so that no
 * file of the repository changes. Does nothing outside of a repository, or where something hides the folder already.
 *
 * @param folder absolute; it exists
 * @throws E_STORE_WRITE
 */
export async function hideFromGit(context: Pick<Context, 'environment'>, folder: string): Promise<void> {
  const git = openGit(dirname(folder), { env: context.environment });
  // A linked work tree shares the file with the repository that it belongs to; git knows where that is.
  const found = await git.attempt(['rev-parse', '--show-prefix', '--git-path', 'info/exclude']);
  if (found.code !== 0) return;
  if ((await git.attempt(['check-ignore', '--quiet', '--', folder])).code === 0) return;
  const [prefix = '', file = ''] = found.stdout.toString('utf8').split('\n');
  const path = resolve(dirname(folder), file);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const line = `${prefix}${folder.slice(dirname(folder).length + 1)}`;
    const staged = `${path}.assay`;
    writeFileSync(staged, addGitignoreEntry(textOf(path), line));
    renameSync(staged, path);
  } catch (error) {
    throw assayError('E_STORE_WRITE', { path, reason: messageOf(error) }, error);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}
