import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isGitIgnored } from '../../pointers/ignore/gitignore.ts';
import { workTree } from '../../pointers/repository-tree.ts';
import { appendGitignore } from './append-gitignore.ts';

/** Credentials of this machine, what commands remember, and the cache where nobody chose another place for it. */
const OWN = ['.dvc/config.local', '.dvc/tmp', '.dvc/cache'];

/**
 * Keeps out of git what belongs to this machine alone, where it is there: `.dvc` may have been made by hand. Every command of
 * DVC does so. Source: DVC 3.67, dvc/repo/__init__.py, `_ignore`.
 *
 * @param root the folder that holds `.dvc`
 * @throws E_DATA_TARGET_OUTSIDE where the `.gitignore` is a link, E_DVC_IGNORE, E_STORE_WRITE
 */
export async function ignoreOwn(root: string): Promise<void> {
  for (const path of OWN) {
    const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (stats === undefined) continue;
    const kind = stats.isDirectory() ? 'directory' : 'file';
    if (!(await isGitIgnored(workTree(root), path, kind))) appendGitignore(root, path);
  }
}
