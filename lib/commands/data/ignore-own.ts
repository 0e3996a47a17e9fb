import { lstatSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { DvcConfig } from '../../pointers/dvc-config.ts';
import { isGitIgnored } from '../../pointers/gitignore.ts';
import { workTree } from '../../pointers/repository-tree.ts';
import { appendGitignore } from './append-gitignore.ts';

/** Credentials of this machine, and what commands remember. */
const OWN = ['.dvc/config.local', '.dvc/tmp'];

/**
 * Keeps out of git what belongs to this machine alone, where it is there: `.dvc` may have been made by hand, and the cache may
 * be anywhere in the repository. Every command of DVC does so (3.67, dvc/repo/__init__.py, `_ignore`).
 *
 * @param root the folder that holds `.dvc`
 * @throws E_DATA_TARGET_OUTSIDE where the `.gitignore` is a link, E_DVC_IGNORE, E_STORE_WRITE
 */
export async function ignoreOwn(root: string, { noScm, cache }: Pick<DvcConfig, 'noScm' | 'cache'>): Promise<void> {
  if (noScm) return;
  const below = relative(root, cache).split(sep).join('/');
  const inside = below !== '' && below !== '..' && !below.startsWith('../');
  for (const path of inside ? [...OWN, below] : OWN) {
    const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (stats === undefined) continue;
    const kind = stats.isDirectory() ? 'directory' : 'file';
    if (!(await isGitIgnored(workTree(root), path, kind))) appendGitignore(root, path);
  }
}
