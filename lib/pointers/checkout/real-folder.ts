import { lstatSync, mkdirSync } from 'node:fs';
import { AssayError, assayError, messageOf } from '../../errors.ts';

/** Makes and knows folders below a root, none of which is a link: DVC follows links and writes outside of the repository. */
export interface RealFolders {
  /**
   * Sees to it that every part of `below` (forward slashes; '' is the root) is a folder. @throws E_POINTER_OUTSIDE,
   * E_STORE_WRITE
   */
  make(below: string): void;
  /** Whether every part that exists is a folder and no link. */
  check(below: string): void;
}

/** @param pointer what names the path, for messages */
export function realFolders(root: string, pointer: string): RealFolders {
  const known = new Set<string>(['']);
  const walk = (below: string, missing: (path: string) => boolean): void => {
    if (known.has(below)) return;
    const parts = below.split('/');
    for (let count = 1; count <= parts.length; count++) {
      const part = parts.slice(0, count).join('/');
      if (known.has(part)) continue;
      const path = `${root}/${part}`;
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found === undefined) {
        if (!missing(path)) return;
      } else if (found.isSymbolicLink()) {
        throw assayError('E_POINTER_OUTSIDE', { pointer, path: below, root });
      } else if (!found.isDirectory()) {
        throw assayError('E_STORE_WRITE', { path: `${root}/${below}`, reason: `${path} is not a folder` });
      }
      known.add(part);
    }
  };
  return {
    make: (below) =>
      walk(below, (path) => {
        try {
          mkdirSync(path);
          return true;
        } catch (error) {
          if (error instanceof AssayError) throw error;
          throw assayError('E_STORE_WRITE', { path, reason: messageOf(error) }, error);
        }
      }),
    check: (below) => walk(below, () => false),
  };
}
