import { createHash } from 'node:crypto';
import { assayError } from '../errors.ts';

/** How a repository names its objects. */
export type ObjectFormat = 'sha1' | 'sha256';

/** The kinds of objects that git keeps. */
export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

/** An object that is not in the repository yet, with the id that it will have. */
export interface NewObject {
  readonly id: string;
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

/** A file or folder in a tree. */
export interface TreeEntry {
  /** `100644`, `100755`, `120000` (link), `160000` (submodule) or `40000` (folder). */
  readonly mode: string;
  readonly id: string;
}

/** The entries of one folder. A name is its bytes as latin1 text: what is no UTF-8 stays as it is. */
export type Tree = ReadonlyMap<string, TreeEntry>;

export const FILE_MODE = '100644';
export const FOLDER_MODE = '40000';

/** An object with its id. Source: gitformat-loose, the digest of `type size NUL bytes`. */
export function newObject(format: ObjectFormat, type: ObjectType, bytes: Uint8Array): NewObject {
  return { id: createHash(format).update(`${type} ${bytes.length}\0`).update(bytes).digest('hex'), type, bytes };
}

/** The format that an id is of. */
export function formatOfId(id: string): ObjectFormat {
  return id.length === 64 ? 'sha256' : 'sha1';
}

/** Reads a tree object: entries of `mode SP name NUL id`. Throws E_GIT_FAILED for what is none: nobody checks what was fetched. */
export function parseTree(bytes: Buffer, format: ObjectFormat): Tree {
  const idBytes = format === 'sha256' ? 32 : 20;
  const entries = new Map<string, TreeEntry>();
  let offset = 0;
  while (offset < bytes.length) {
    const space = bytes.indexOf(' ', offset);
    const end = bytes.indexOf(0, offset);
    if (space < offset || end < space || end + idBytes >= bytes.length) {
      throw assayError('E_GIT_FAILED', { command: 'cat-file', status: 'a torn tree', detail: `at byte ${offset}` });
    }
    const id = bytes.toString('hex', end + 1, end + 1 + idBytes);
    const mode = bytes.toString('latin1', offset, space).replace(/^0/, '');
    entries.set(bytes.toString('latin1', space + 1, end), { mode, id });
    offset = end + 1 + idBytes;
  }
  return entries;
}

/** Writes a tree object. git's order is that of the bytes, a folder's name with a slash at its end. */
export function serializeTree(tree: Tree): Buffer {
  const key = ([name, { mode }]: readonly [string, TreeEntry]) => (mode === FOLDER_MODE ? `${name}/` : name);
  const entries = [...tree].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return Buffer.concat(
    entries.flatMap(([name, { mode, id }]) => [Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(id, 'hex')]),
  );
}
