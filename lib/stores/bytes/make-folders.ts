import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../../system-code.ts';

/** Tries at one folder: another process may remove the one above while it is empty, but not this often. */
const MAX_TRIES = 20;

/**
 * Makes a folder and those above it, where they are missing. Not by `recursive: true`: where a file system says of every new
 * folder that the one above is missing, as /proc does, Node tries for ever.
 *
 * @throws what the file system says
 */
export function makeFolders(path: string): void {
  for (let tries = 1; ; tries++) {
    try {
      return void mkdirSync(path);
    } catch (error) {
      if (isFolder(path)) return;
      const above = dirname(path);
      const isOrphan = systemCode(error) === 'ENOENT';
      if (!isOrphan || tries === MAX_TRIES || above === path) throw error;
      if (!isFolder(above)) makeFolders(above);
    }
  }
}

/** Whether a folder is there, or a link to one. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}
