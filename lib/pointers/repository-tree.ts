import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assayError, messageOf } from '../errors.ts';
import { isMissing } from '../stores/folder/file-names.ts';
import { readTextFile } from './text-file.ts';

/** Bytes of one file that is read as text, YAML mostly: a cloud-versioned folder of a hundred thousand files has about 20 MB. */
export const MAX_TEXT_BYTES = 32 * 1024 * 1024;

export interface TreeEntry {
  readonly name: string;
  /** Links are `link`, whatever they lead to; devices, sockets and the like are `other`. */
  readonly kind: 'file' | 'directory' | 'link' | 'other';
}

/** The files of a repository, in the work tree or in a commit. Paths are relative to its top, forward slashes, `''` is the top. */
export interface RepositoryTree {
  /** What a folder holds, in no certain order; empty for what is no folder. */
  list(folder: string): Promise<readonly TreeEntry[]>;
  /** The text of a file, undefined where there is none. */
  read(path: string): Promise<string | undefined>;
}

/** The work tree of a repository. Its methods throw E_STORE_READ, `read` also E_DVC_NO_FILE and E_DVC_ENCODING. */
export function workTree(root: string): RepositoryTree {
  const path = (below: string) => join(root, ...below.split('/'));
  return {
    async list(folder) {
      const entries = await readdir(path(folder), { withFileTypes: true }).catch(emptyIfGone(path(folder), []));
      return entries.map((entry): TreeEntry => {
        const kind = entry.isFile()
          ? 'file'
          : entry.isDirectory()
            ? 'directory'
            : entry.isSymbolicLink()
              ? 'link'
              : 'other';
        return { name: entry.name, kind };
      });
    },
    read: async (file) => readTextFile(path(file), file, MAX_TEXT_BYTES),
  };
}

function emptyIfGone<T>(path: string, empty: T): (error: unknown) => T {
  return (error) => {
    if (isMissing(error)) return empty;
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  };
}
