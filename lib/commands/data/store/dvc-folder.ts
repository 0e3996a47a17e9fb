import { existsSync, lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assayError } from '../../../errors.ts';
import { isFolder } from '../../../stores/bytes/make-folders.ts';

/** The nearest folder, from `folder` upwards, that holds `.dvc`. @throws E_PROJECT_FOLDER where `folder` is none */
export function dvcRoot(folder: string): string | undefined {
  requireFolder(folder);
  return nearestWithDvc(folder, () => false);
}

/** Refuses a mistyped folder: it is not to be made, nor what is above it to be taken for it. @throws E_PROJECT_FOLDER */
export function requireFolder(folder: string): void {
  if (!isFolder(folder)) throw assayError('E_PROJECT_FOLDER', { folder });
}

/**
 * The folder whose `.dvc` holds for a project: its own or the nearest above, within the git repository; where there is
 * none, the project's own. In a monorepo `assay.yaml` is in a folder of its own and `.dvc` at the top, and what lies
 * above the repository is nobody's business.
 *
 * @param root absolute folder of assay.yaml
 */
export function dvcFolderOf(root: string): string {
  // A worktree's and a submodule's .git is a file.
  return nearestWithDvc(root, (here) => existsSync(join(here, '.git'))) ?? root;
}

function nearestWithDvc(folder: string, isLast: (here: string) => boolean): string | undefined {
  for (let here = folder; ; here = dirname(here)) {
    if (lstatSync(join(here, '.dvc'), { throwIfNoEntry: false })?.isDirectory()) return here;
    if (isLast(here) || dirname(here) === here) return undefined;
  }
}
