import { posix } from 'node:path';
import { removeIfEmpty } from '../../stores/folder/remove-if-empty.ts';

/** Removes the folders of deleted files that are empty now. @param deleted relative to `target`, forward slashes */
export function removeEmptied(deleted: readonly string[], target: string): void {
  const folders = new Set<string>();
  for (const relpath of deleted) {
    for (let folder = posix.dirname(relpath); folder !== '.'; folder = posix.dirname(folder)) folders.add(folder);
  }
  // Deepest first.
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) removeIfEmpty(`${target}/${folder}`);
}
