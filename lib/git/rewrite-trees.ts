import { isDotGit } from '../dot-git.ts';
import { assayError } from '../errors.ts';
import type { CommitTrees } from './commit-trees.ts';
import {
  FILE_MODE,
  FOLDER_MODE,
  type NewObject,
  newObject,
  type ObjectFormat,
  serializeTree,
  type TreeEntry,
} from './object-format.ts';

/** A folder that is being changed. What is not touched stays an entry and is not even looked into. */
type Folder = Map<string, TreeEntry | Folder>;

/**
 * The trees of a commit with some files added, replaced (their blob's id) or removed (null): the top one's id and every tree
 * that is another. A folder that loses its last file is gone. Throws E_GIT_FAILED for a path that git does not take.
 */
export function rewriteTrees(
  format: ObjectFormat,
  parent: CommitTrees | undefined,
  changes: Iterable<readonly [path: string, blob: string | null]>,
): { readonly root: string; readonly objects: readonly NewObject[] } {
  const unfold = (id: string | undefined): Folder => new Map(id === undefined ? [] : parent?.trees.get(id));
  const top = unfold(parent?.root);
  for (const [path, blob] of changes) {
    const names = namesOf(path);
    const name = names.pop() ?? '';
    const folder = folderAt(top, names, unfold, blob !== null);
    if (blob !== null) folder?.set(name, { mode: FILE_MODE, id: blob });
    else if (isFile(folder?.get(name))) folder?.delete(name);
  }
  const objects: NewObject[] = [];
  const root = sealFolder(format, top, objects) ?? sealTree(format, new Map(), objects);
  return { root, objects };
}

function isFile(entry: TreeEntry | Folder | undefined): boolean {
  return !(entry instanceof Map) && entry?.mode !== FOLDER_MODE;
}

/** The folder of these names, opened to be changed; made where it is not there, if `make`. */
function folderAt(
  top: Folder,
  names: readonly string[],
  unfold: (id: string) => Folder,
  make: boolean,
): Folder | undefined {
  let folder = top;
  for (const name of names) {
    const entry = folder.get(name);
    if (entry instanceof Map) {
      folder = entry;
      continue;
    }
    const isFolder = entry?.mode === FOLDER_MODE;
    if (!isFolder && !make) return undefined;
    const below = isFolder ? unfold(entry.id) : new Map();
    folder.set(name, below);
    folder = below;
  }
  return folder;
}

/** Writes what was opened, from below; undefined for a folder without files, which git does not keep. */
function sealFolder(format: ObjectFormat, folder: Folder, objects: NewObject[]): string | undefined {
  const entries = new Map<string, TreeEntry>();
  for (const [name, entry] of folder) {
    if (!(entry instanceof Map)) {
      entries.set(name, entry);
      continue;
    }
    const id = sealFolder(format, entry, objects);
    if (id !== undefined) entries.set(name, { mode: FOLDER_MODE, id });
  }
  return entries.size === 0 ? undefined : sealTree(format, entries, objects);
}

function sealTree(format: ObjectFormat, entries: ReadonlyMap<string, TreeEntry>, objects: NewObject[]): string {
  const tree = newObject(format, 'tree', serializeTree(entries));
  objects.push(tree);
  return tree.id;
}

/** A path's names as latin1 text of their bytes. Refuses what git's index would (read-cache.c, `verify_path`). */
function namesOf(path: string): string[] {
  const names = path.split('/');
  const parts = path.split(/[\\/]/);
  if (
    path.includes('\0') ||
    names.includes('') ||
    parts.some((part) => part === '.' || part === '..' || isDotGit(part))
  ) {
    throw assayError('E_GIT_FAILED', { command: 'commit', status: 'no commit', detail: `invalid path '${path}'` });
  }
  return names.map((name) => Buffer.from(name, 'utf8').toString('latin1'));
}
