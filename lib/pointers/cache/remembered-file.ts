import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../../stores/bytes/make-folders.ts';
import { removeQuietly } from '../../stores/folder/remove-quietly.ts';

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
