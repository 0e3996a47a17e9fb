import { closeSync, constants, copyFileSync, linkSync, openSync, symlinkSync } from 'node:fs';
import type { LinkType } from './dvc-config.ts';

/** What a file system says that cannot make such a link here: another disk, another kind, too many links. */
const CANNOT = new Set(['EXDEV', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EPERM', 'EINVAL', 'EMLINK', 'ENOTTY']);

/**
 * Makes `target`, where nothing is yet, a link to an object. False when this kind of link cannot be made there.
 *
 * @throws what the file system says otherwise (a full disk, no permission)
 */
export function makeLink(type: Exclude<LinkType, 'copy'>, object: string, target: string, empty: boolean): boolean {
  try {
    if (type === 'symlink') symlinkSync(object, target);
    else if (type === 'reflink')
      copyFileSync(object, target, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    // Every empty file is one object, which soon has more links than a file may have; DVC makes them anew as well.
    else if (empty) closeSync(openSync(target, 'wx'));
    else linkSync(object, target);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && CANNOT.has(String(error.code))) return false;
    throw error;
  }
}
