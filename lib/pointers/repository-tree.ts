import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { assayError, messageOf } from '../errors.ts';
import { isMissing } from '../stores/file-names.ts';

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

/** The work tree of a repository. Its methods throw E_STORE_READ. */
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
    read: (file) => boundedText(path(file)).catch(emptyIfGone(path(file), undefined)),
  };
}

/** Reads one byte more than what is allowed, so that the parser refuses the file by its size without it being in memory. */
async function boundedText(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, MAX_TEXT_BYTES + 1));
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.toString('utf8', 0, length);
  } finally {
    await file.close();
  }
}

function emptyIfGone<T>(path: string, empty: T): (error: unknown) => T {
  return (error) => {
    if (isMissing(error)) return empty;
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  };
}
