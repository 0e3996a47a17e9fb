import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { assayError, messageOf } from '../../errors.ts';
import { isMissing } from '../../stores/folder/file-names.ts';

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
