import { randomBytes } from 'node:crypto';
import { cpSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from '../../system-code.ts';

/**
 * Moves a file, link or folder of ours to its name, whole: in one step where a renaming leads there, else by a copy beside it.
 * Folders of one disk may be told apart all the same (bind mounts, quotas of projects).
 *
 * @throws what the file system says
 */
export function moveInto(staged: string, target: string): void {
  try {
    renameSync(staged, target);
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error;
    copyInto(staged, target);
  }
}

function copyInto(staged: string, target: string): void {
  const beside = join(dirname(target), `.${randomBytes(12).toString('hex')}.tmp`);
  try {
    cpSync(staged, beside, { recursive: true, verbatimSymlinks: true, errorOnExist: true, force: false });
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    throw error;
  }
  rmSync(staged, { recursive: true });
}
