import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../../stores/bytes/make-folders.ts';

/**
 * Writes a file that is only a memory, whole under its name or not at all. Does nothing where nothing can be written (a full or
 * read-only disk, no permission): what is not remembered is found out anew.
 */
export function writeRemembered(file: string, bytes: string | Uint8Array): void {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    makeFolders(dirname(file));
    writeFileSync(temporary, bytes, { flag: 'wx' });
    renameSync(temporary, file);
  } catch {
    removeQuietly(temporary);
  }
}

/** Removes a file if that can be done. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It could not be made either.
  }
}
