/** The data of one side of a comparison. */
export interface SideContents {
  /** Addresses of files by path, from the repository's top. */
  readonly files: ReadonlyMap<string, string>;
  /** Addresses of tracked folders by path. */
  readonly folders: ReadonlyMap<string, string>;
  /** Those of which only a part is compared. */
  readonly partly: ReadonlySet<string>;
  /** Tracked folders of which nothing here tells the files. */
  readonly unlisted: ReadonlySet<string>;
}

/** What two sides do not have in common, each list sorted. */
export interface ContentDifference {
  readonly added: string[];
  readonly modified: string[];
  readonly deleted: string[];
  readonly renamed: { readonly from: string; readonly to: string }[];
}

/** A path that went and one that came with the same content are one renaming. Pure. */
export function difference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): ContentDifference {
  const modified = [...after]
    .filter(([path, md5]) => before.has(path) && before.get(path) !== md5)
    .map(([path]) => path);
  const gone = [...before.keys()].filter((path) => !after.has(path)).sort();
  const come = [...after.keys()].filter((path) => !before.has(path)).sort();
  const byContent = new Map<string, string[]>();
  for (const path of come) {
    const md5 = after.get(path) ?? '';
    const same = byContent.get(md5);
    if (same === undefined) byContent.set(md5, [path]);
    else same.push(path);
  }
  const renamed: { from: string; to: string }[] = [];
  for (const path of gone) {
    const to = byContent.get(before.get(path) ?? '')?.shift();
    if (to !== undefined) renamed.push({ from: path, to });
  }
  const moved = { from: new Set(renamed.map(({ from }) => from)), to: new Set(renamed.map(({ to }) => to)) };
  return {
    added: come.filter((path) => !moved.to.has(path)),
    modified: modified.sort(),
    deleted: gone.filter((path) => !moved.from.has(path)),
    renamed,
  };
}

/**
 * The files in which two sides differ, and the tracked folders, whose paths end with a slash. A folder whose files one side
 * does not know stands for them on both: else all of them would seem to have come or gone. Pure.
 */
export function sidesDifference(
  before: SideContents,
  after: SideContents,
): { readonly files: ContentDifference; readonly folders: ContentDifference } {
  const unlisted = new Set([...before.unlisted, ...after.unlisted]);
  return {
    files: difference(comparable(before, unlisted), comparable(after, unlisted)),
    folders: difference(wholeFolders(before), wholeFolders(after)),
  };
}

function comparable({ files, folders }: SideContents, unlisted: ReadonlySet<string>): ReadonlyMap<string, string> {
  if (unlisted.size === 0) return files;
  const inUnlisted = (path: string) => {
    for (let end = path.lastIndexOf('/'); end !== -1; end = path.lastIndexOf('/', end - 1)) {
      if (unlisted.has(path.slice(0, end))) return true;
    }
    return false;
  };
  const known = [...files].filter(([path]) => !inUnlisted(path));
  return new Map([...known, ...withSlash(new Map([...folders].filter(([path]) => unlisted.has(path))))]);
}

function wholeFolders({ folders, partly }: SideContents): ReadonlyMap<string, string> {
  return withSlash(new Map([...folders].filter(([path]) => !partly.has(path))));
}

function withSlash(folders: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...folders].map(([path, md5]) => [`${path}/`, md5]));
}
