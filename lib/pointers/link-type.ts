import { closeSync, constants, copyFileSync, linkSync, openSync, symlinkSync } from 'node:fs';

/** How work-tree files come from the cache: `cache.type` of DVC's configuration, tried in the order it lists them. */
export type LinkType = 'reflink' | 'hardlink' | 'symlink' | 'copy';

/** DVC's order where nothing is configured. */
export const DEFAULT_LINK_TYPES: readonly LinkType[] = ['reflink', 'copy'];

const LINK_TYPES: readonly string[] = ['reflink', 'hardlink', 'symlink', 'copy'] satisfies readonly LinkType[];

/** The types that `cache.type` lists, or the first word in it that is none. */
export function parseLinkTypes(text: string | undefined): readonly LinkType[] | { readonly unknown: string } {
  if (text === undefined || text.trim() === '') return DEFAULT_LINK_TYPES;
  const types: LinkType[] = [];
  for (const word of text.split(',').map((part) => part.trim().toLowerCase())) {
    if (!isLinkType(word)) return { unknown: word };
    types.push(word);
  }
  return types;
}

function isLinkType(word: string): word is LinkType {
  return LINK_TYPES.includes(word);
}

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
