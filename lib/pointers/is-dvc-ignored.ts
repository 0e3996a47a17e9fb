import { posix } from 'node:path';
import { dvcIgnoreDefaults, type IgnoreRules, isIgnored, withIgnoreFile } from './ignore-rules.ts';
import { foldersOf } from './overlapping-outputs.ts';
import type { RepositoryTree } from './repository-tree.ts';

/**
 * Whether the repository's `.dvcignore` files hide a path: DVC does not look there for data, nor for pointers.
 *
 * @param path relative to the repository's top, forward slashes
 * @throws E_DVC_IGNORE
 */
export async function isDvcIgnored(tree: RepositoryTree, path: string, kind: 'file' | 'directory'): Promise<boolean> {
  let rules: IgnoreRules = dvcIgnoreDefaults();
  for (const folder of ['', ...foldersOf(path)]) {
    const file = posix.join(folder, '.dvcignore');
    // One that is hidden itself hides nothing.
    if (isIgnored(rules, file, 'file')) continue;
    rules = withIgnoreFile(rules, folder, (await tree.read(file)) ?? '', { file, syntax: 'dvc' });
  }
  return isIgnored(rules, path, kind);
}
