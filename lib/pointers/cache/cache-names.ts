import { namesOf } from './cache-folder.ts';

/** Which objects a cache has, by the names in its folders: each folder is read once, instead of a look at every object. */
export interface CacheNames {
  has(md5: string): boolean;
  /** Whether the folder of an object is known to be there. */
  hasFolder(md5: string): boolean;
  /** Notes an object that was put there. */
  add(md5: string): void;
  /** Notes one that was taken away. */
  delete(md5: string): void;
}

/** @param folderOf the folder of an object, which has the first two digits of its address as name */
export function readCacheNames(folderOf: (md5: string) => string): CacheNames {
  const names = new Set<string>();
  /** First two digits of the folders that were read, and whether they are there. */
  const folders = new Map<string, boolean>();
  const read = (md5: string): string => {
    const prefix = md5.slice(0, 2);
    if (folders.has(prefix)) return prefix;
    const found = namesOf(folderOf(md5));
    for (const name of found) names.add(prefix + name);
    folders.set(prefix, found.length > 0);
    return prefix;
  };
  return {
    has(md5) {
      if (names.has(md5)) return true;
      read(md5);
      return names.has(md5);
    },
    hasFolder: (md5) => folders.get(read(md5)) === true,
    add(md5) {
      folders.set(read(md5), true);
      names.add(md5);
    },
    delete: (md5) => void names.delete(md5),
  };
}
