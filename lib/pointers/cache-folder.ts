import { closeSync, mkdirSync, openSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assayError, messageOf } from '../errors.ts';
import { isMissing } from '../stores/file-names.ts';
import { setMode } from '../stores/set-mode.ts';

/** As DVC makes the folders of a group's cache: new files belong to the group. */
export function chmodGroup(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    setMode(handle, 0o2775);
  } finally {
    closeSync(handle);
  }
}

/** As `mkdir -p`; a group may write to all of what has to be made of what it shares. Throws what the file system says. */
export function makeFolder(path: string, shared: boolean): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined || !shared) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) chmodGroup(folder);
}

/** Names in a folder; none where it is not there. @throws E_STORE_READ */
export function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw assayError('E_STORE_READ', { path: folder, reason: messageOf(error) }, error);
  }
}

/** Takes a file out of use, into a folder. False where that cannot be written to: then others matter more than where it is. */
export function putAside(path: string, folder: string, name: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    renameSync(path, join(folder, name));
    return true;
  } catch {
    return false;
  }
}
