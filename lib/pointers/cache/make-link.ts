import { closeSync, constants, copyFileSync, linkSync, openSync, symlinkSync } from 'node:fs';
import { systemCode } from '../../system-code.ts';
import type { LinkType } from '../config/dvc-config.ts';

/** What a file system says that cannot make such a link here: another disk, another kind; ZFS of bytes that are not on the disk yet. */
const CANNOT = new Set(['EXDEV', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EPERM', 'EINVAL', 'ENOTTY', 'EAGAIN']);

/** `refused`: this kind cannot be made there. `full`: this object has as many links as a file may have (ext4: 65,000). */
export type MadeLink = 'made' | 'refused' | 'full';

/**
 * Makes `target`, where nothing is yet, a link to an object.
 *
 * @throws what the file system says otherwise (a full disk, no permission)
 */
export function makeLink(type: Exclude<LinkType, 'copy'>, object: string, target: string, empty: boolean): MadeLink {
  try {
    if (type === 'symlink') symlinkSync(object, target);
    else if (type === 'reflink')
      copyFileSync(object, target, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    // Every empty file is one object, which soon has more links than a file may have; DVC makes them anew as well.
    else if (empty) closeSync(openSync(target, 'wx'));
    else linkSync(object, target);
    return 'made';
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EMLINK') return 'full';
    if (CANNOT.has(code)) return 'refused';
    throw error;
  }
}
