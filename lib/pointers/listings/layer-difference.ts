import { type ContentDifference, difference, type SideContents } from './content-difference.ts';

/** What two layers (the last commit's pointers, those of the work tree, the work tree itself) have and have not in common. */
export interface LayerDifference extends ContentDifference {
  /** Files of the later layer in folders whose earlier files nothing here tells. Sorted. */
  readonly unknown: string[];
  /** Sorted; paths of folders end with a slash, here as everywhere. */
  readonly unchanged: string[];
}

/**
 * @param granular files inside tracked folders too; without, only of folders of which a part was chosen
 *
 * Pure.
 */
export function layerDifference(before: SideContents, after: SideContents, granular: boolean): LayerDifference {
  const unlisted = new Set([...before.unlisted, ...after.unlisted]);
  const from = compared(before, unlisted, granular);
  const to = compared(after, unlisted, granular);
  const unknown = [...after.files.keys()].filter((path) => {
    const folder = folderOf(path, before.unlisted);
    return folder !== undefined && (granular || after.partly.has(folder));
  });
  const unchanged = [...to].filter(([path, md5]) => from.get(path) === md5).map(([path]) => path);
  return { ...difference(from, to), unknown: unknown.sort(), unchanged: unchanged.sort() };
}

/** A side that knows the files of a folder knows them for another with the same address, which lost its listing. Pure. */
export function withListingsOf(side: SideContents, other: SideContents): SideContents {
  const same = [...side.unlisted].filter(
    (path) => other.folders.get(path) === side.folders.get(path) && !other.unlisted.has(path),
  );
  if (same.length === 0) return side;
  const told = new Set(same);
  const files = new Map(side.files);
  for (const [path, md5] of other.files) if (folderOf(path, told) !== undefined) files.set(path, md5);
  return { ...side, files, unlisted: new Set([...side.unlisted].filter((path) => !told.has(path))) };
}

function compared(
  { files, folders, partly }: SideContents,
  unlisted: ReadonlySet<string>,
  granular: boolean,
): Map<string, string> {
  const all = new Map([...folders].filter(([path]) => !partly.has(path)).map(([path, md5]) => [`${path}/`, md5]));
  for (const [path, md5] of files) {
    if (folderOf(path, unlisted) !== undefined) continue;
    const folder = folderOf(path, folders);
    if (folder === undefined || granular || partly.has(folder)) all.set(path, md5);
  }
  return all;
}

/** The one of `folders` that a path lies in. */
function folderOf(path: string, folders: ReadonlySet<string> | ReadonlyMap<string, unknown>): string | undefined {
  if (folders.size === 0) return undefined;
  for (let end = path.lastIndexOf('/'); end !== -1; end = path.lastIndexOf('/', end - 1)) {
    const folder = path.slice(0, end);
    if (folders.has(folder)) return folder;
  }
  return undefined;
}
