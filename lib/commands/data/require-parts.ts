import { lstatSync } from 'node:fs';
import { join, posix } from 'node:path';
import { assayError } from '../../errors.ts';
import { outputListingIfAny } from '../../pointers/output-listing.ts';
import type { TargetedOutput } from '../../pointers/output-targets.ts';
import type { DataWorkspace } from './data-workspace.ts';

/**
 * Refuses a part of a tracked folder that is neither in its listing nor in the work tree: a mistyped one would be a success at
 * which nothing came, as it is with DVC. Where the listing is not here yet nobody knows.
 *
 * @throws E_OUTPUT_TARGET
 */
export function requireParts(
  { root, cache }: Pick<DataWorkspace, 'root' | 'cache'>,
  chosen: readonly TargetedOutput[],
): void {
  for (const { output, inside } of chosen) {
    const { path, md5, hash, files } = output;
    if (inside === undefined || md5 === undefined) continue;
    const listed = files ?? outputListingIfAny(cache, { md5, hash });
    if (listed === undefined) continue;
    const known = withFolders(listed.map(({ relpath }) => relpath));
    const isThere = (part: string) =>
      known.has(part) || lstatSync(join(root, path, part), { throwIfNoEntry: false }) !== undefined;
    const nowhere = inside.find((part) => !isThere(part));
    if (nowhere !== undefined) throw assayError('E_OUTPUT_TARGET', { target: `${path}/${nowhere}` });
  }
}

/** Files and all folders above them. */
function withFolders(files: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const file of files)
    for (let name = file; name !== '.' && !names.has(name); name = posix.dirname(name)) names.add(name);
  return names;
}
