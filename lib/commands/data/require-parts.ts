import { lstatSync } from 'node:fs';
import { join, posix } from 'node:path';
import { assayError } from '../../errors.ts';
import { outputListingIfAny } from '../../pointers/listings/output-listing.ts';
import type { TargetedOutput } from '../../pointers/outputs/output-targets.ts';
import type { DataWorkspace } from './data-workspace.ts';

/**
 * Refuses a part of a tracked folder that is neither in its listing nor in the work tree: a mistyped one would be a success at
 * which nothing came, as it is with DVC.
 *
 * @throws E_OUTPUT_TARGET
 */
export function requireParts(
  workspace: Pick<DataWorkspace, 'root' | 'cache'>,
  chosen: readonly TargetedOutput[],
): void {
  for (const target of chosen) {
    const nowhere = partNowhere(workspace, target);
    if (nowhere !== undefined) throw assayError('E_OUTPUT_TARGET', { target: `${target.output.path}/${nowhere}` });
  }
}

/** The first part that is neither in the folder's listing nor in the work tree. Where the listing is not here yet nobody knows. */
export function partNowhere(
  { root, cache }: Pick<DataWorkspace, 'root' | 'cache'>,
  { output: { path, md5, hash, files }, inside }: TargetedOutput,
): string | undefined {
  if (inside === undefined || md5 === undefined) return undefined;
  const listed = files ?? outputListingIfAny(cache, { md5, hash });
  if (listed === undefined) return undefined;
  const known = withFolders(listed.map(({ relpath }) => relpath));
  return inside.find(
    (part) => !known.has(part) && lstatSync(join(root, path, part), { throwIfNoEntry: false }) === undefined,
  );
}

/** Files and all folders above them. */
function withFolders(files: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const file of files)
    for (let name = file; name !== '.' && !names.has(name); name = posix.dirname(name)) names.add(name);
  return names;
}
