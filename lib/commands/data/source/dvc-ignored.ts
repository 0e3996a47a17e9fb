import { posix } from 'node:path';
import type { Git } from '../../../git/git.ts';
import { readBlobs } from '../../../git/read-objects.ts';
import {
  dvcIgnoreDefaults,
  type IgnoreRules,
  isIgnored,
  withIgnoreFile,
} from '../../../pointers/ignore/ignore-rules.ts';
import { parentOf } from '../../../pointers/relative-paths.ts';
import { textOf } from '../../../pointers/text-file.ts';

/**
 * Whether DVC does not look at a file that git keeps: it lies in a folder of its own or of git's, or the `.dvcignore` files of
 * the commit hide it.
 *
 * @param files all of the commit
 * @throws E_GIT_*, E_DVC_IGNORE, E_DVC_ENCODING
 */
export async function dvcIgnored(
  git: Git,
  files: readonly { readonly path: string; readonly id: string; readonly mode: string }[],
): Promise<(path: string) => boolean> {
  const found = files.filter(({ path, mode }) => posix.basename(path) === '.dvcignore' && mode !== '120000');
  const texts =
    found.length === 0 ? new Map<string, Buffer>() : await readBlobs(git, [...new Set(found.map(({ id }) => id))]);
  const depth = (path: string) => path.split('/').length;
  const defaults = dvcIgnoreDefaults();
  let rules: IgnoreRules = defaults;
  for (const { path: file, id } of found.sort((a, b) => depth(a.path) - depth(b.path))) {
    // One that is hidden itself hides nothing.
    if (isIgnored(rules, file, 'file')) continue;
    rules = withIgnoreFile(rules, parentOf(file), textOf(texts.get(id) ?? Buffer.alloc(0), file), {
      file,
      syntax: 'dvc',
    });
  }
  // Most repositories hide nothing, and many have a hundred thousand files.
  if (rules === defaults) return (path) => /(^|\/)\.(git|hg|dvc)\//.test(path);
  return (path) => isIgnored(rules, path, 'file');
}
