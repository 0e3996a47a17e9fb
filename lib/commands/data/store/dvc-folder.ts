import { existsSync, lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder whose `.dvc` holds for a project: its own or the nearest above, within the git repository; where there is
 * none, the project's own. In a monorepo `assay.yaml` is in a folder of its own and `.dvc` at the top, and what lies
 * above the repository is nobody's business.
 *
 * @param root absolute folder of assay.yaml
 */
export function dvcFolderOf(root: string): string {
  for (let here = root; ; here = dirname(here)) {
    if (lstatSync(join(here, '.dvc'), { throwIfNoEntry: false })?.isDirectory()) return here;
    // A worktree's and a submodule's .git is a file.
    if (existsSync(join(here, '.git')) || dirname(here) === here) return root;
  }
}
