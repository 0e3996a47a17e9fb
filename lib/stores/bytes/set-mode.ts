import { chmodSync, fchmodSync } from 'node:fs';
import { systemCode } from '../../system-code.ts';

/** What a file system says that keeps no such modes. */
const NO_MODES: readonly unknown[] = ['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL'];

/**
 * Gives a file of ours, by path or open, a mode, as far as its file system keeps one. FAT, exFAT, Samba and some mounts of buckets
 * refuse: there an object is not protected from edits by mistake, and its digest still tells of them. DVC does without it as well
 * (dvc_data/hashfile/db/local.py, `protect`).
 *
 * @throws what the file system says otherwise (it has gone, a read-only disk)
 */
export function setMode(file: string | number, mode: number): void {
  try {
    if (typeof file === 'string') chmodSync(file, mode);
    else fchmodSync(file, mode);
  } catch (error) {
    if (!refusesModes(error)) throw error;
  }
}

/** Whether an error says that a file system keeps no such mode. */
export function refusesModes(error: unknown): boolean {
  return NO_MODES.includes(systemCode(error));
}
