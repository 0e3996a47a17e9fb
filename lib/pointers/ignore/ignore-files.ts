import { posix } from 'node:path';
import { parentOf } from '../relative-paths.ts';
import type { RepositoryTree } from '../repository-tree.ts';
import type { IgnoreSyntax } from './ignore-pattern.ts';
import { dvcIgnoreDefaults, type IgnoreRules, isIgnored, NO_IGNORE_RULES, withIgnoreFile } from './ignore-rules.ts';

/** The `.gitignore` or `.dvcignore` files of a tree, as they are when they are first asked for. */
export interface IgnoreFiles {
  /**
   * Whether they hide a path, itself or with a folder above it.
   *
   * @param path relative to the tree's top, forward slashes
   * @throws E_DVC_IGNORE
   */
  hide(path: string, kind: 'file' | 'directory'): Promise<boolean>;
  /** What they say in a folder; '' is the top. @throws E_DVC_IGNORE */
  rulesIn(folder: string): Promise<IgnoreRules>;
}

/** Each file is read once, for whoever asks of many paths. */
export function openIgnoreFiles(tree: RepositoryTree, syntax: IgnoreSyntax): IgnoreFiles {
  const name = syntax === 'dvc' ? '.dvcignore' : '.gitignore';
  const known = new Map<string, Promise<IgnoreRules>>();

  async function read(folder: string): Promise<IgnoreRules> {
    const top = syntax === 'dvc' ? dvcIgnoreDefaults() : NO_IGNORE_RULES;
    const above = folder === '' ? top : await rulesIn(parentOf(folder));
    const file = posix.join(folder, name);
    // For DVC one that is hidden itself hides nothing.
    if (syntax === 'dvc' && isIgnored(above, file, 'file')) return above;
    return withIgnoreFile(above, folder, (await tree.read(file)) ?? '', { file, syntax });
  }
  function rulesIn(folder: string): Promise<IgnoreRules> {
    const rules = known.get(folder) ?? read(folder);
    known.set(folder, rules);
    return rules;
  }
  return { rulesIn, hide: async (path, kind) => isIgnored(await rulesIn(parentOf(path)), path, kind) };
}
