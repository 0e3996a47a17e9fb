import { posix } from 'node:path';
import { assayError } from '../../errors.ts';
import type { ObjectCache } from '../cache/object-cache.ts';
import { byCodePoint } from '../code-point-order.ts';
import { outputListingIfAny } from '../listings/output-listing.ts';
import { hasMagic, pythonGlob } from './python-glob.ts';
import type { OutputIndex, TrackedOutput } from './tracked-output.ts';

/**
 * The targets that patterns name among what is tracked: outputs, what lies in tracked folders as far as their listings are here,
 * `.dvc` files and pipelines. Whether they are in the work tree does not matter, other than in DVC, which looks at files.
 *
 * @param patterns from `cwd`, as Python's `glob` has them; one that is no pattern is a target itself
 * @returns targets from `cwd`, sorted, each once
 * @throws E_OUTPUT_TARGET for a pattern that names nothing
 */
export function trackedMatches(
  { outputs }: OutputIndex,
  patterns: readonly string[],
  { root, cwd, cache }: { readonly root: string; readonly cwd: string; readonly cache: ObjectCache },
): string[] {
  const known = new Set(outputs.flatMap(({ path, declaredIn }) => [path, declaredIn]));
  for (const output of outputs) for (const path of insideOf(output, cache)) known.add(path);
  const names = [...known].map((path) => posix.relative(cwd, path));
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (!hasMagic(pattern)) {
      found.add(pattern);
      continue;
    }
    const relative = posix.isAbsolute(pattern) ? posix.relative(posix.join(root, cwd), pattern) : pattern;
    const matches = names.filter(pythonGlob(relative));
    if (matches.length === 0) throw assayError('E_OUTPUT_TARGET', { target: pattern, suggestion: undefined });
    for (const name of matches) found.add(name);
  }
  return [...found].sort(byCodePoint);
}

/** Files and folders in a tracked folder, from the top. */
function insideOf({ path, md5, hash, files }: TrackedOutput, cache: ObjectCache): Set<string> {
  const inside = new Set<string>();
  const entries = md5?.endsWith('.dir') ? outputListingIfAny(cache, { md5, hash, files }) : undefined;
  for (const { relpath } of entries ?? []) {
    for (let name = relpath; name !== '.' && !inside.has(`${path}/${name}`); name = posix.dirname(name)) {
      inside.add(`${path}/${name}`);
    }
  }
  return inside;
}
