import { lstatSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../bytes/make-folders.ts';

/**
 * Folders that are filled under another name and then appear whole: to give ten thousand small objects their names takes two
 * hundred renamings instead of one for each.
 */
export interface FreshFolders {
  /** Where to make new files that belong in `folder`; undefined where the folder itself is there. @throws what the system says */
  standInFor(folder: string): string | undefined;
  /** Gives a folder its name, or all of them, with what was made for them. @throws what the system says */
  settle(folder?: string): void;
}

/** Bytes that may wait for their names: what a killed process leaves to be done once more. */
export const MAX_WAITING_BYTES = 512 * 1024 * 1024;

/**
 * @param temporary a path where nothing is yet, on the same file system, for what belongs in `folder`
 * @param made told of every folder that is made, before anything is in it
 */
export function createFreshFolders(
  temporary: (folder: string) => string,
  made: (path: string) => void = () => {},
): FreshFolders {
  /** Of each folder that was asked for what stands for it; undefined once it is there. */
  const standIns = new Map<string, string | undefined>();
  const waiting = new Set<string>();
  const settleOne = (folder: string): void => {
    const standIn = standIns.get(folder);
    if (standIn === undefined) return;
    standIns.set(folder, undefined);
    waiting.delete(folder);
    appear(standIn, folder);
  };
  return {
    standInFor(folder) {
      if (standIns.has(folder)) return standIns.get(folder);
      if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) {
        standIns.set(folder, undefined);
        return undefined;
      }
      // First, because it may make the folders above both as they have to be.
      const standIn = temporary(folder);
      makeFolders(dirname(folder));
      // With what is above it: another process may remove that while it is empty.
      makeFolders(standIn);
      made(standIn);
      standIns.set(folder, standIn);
      waiting.add(folder);
      return standIn;
    },
    settle(folder) {
      if (folder !== undefined) settleOne(folder);
      else for (const one of waiting) settleOne(one);
    },
  };
}

/** Another process may have made the folder meanwhile: then the files go into it one by one. */
function appear(standIn: string, folder: string): void {
  try {
    renameSync(standIn, folder);
  } catch (error) {
    if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
    for (const name of readdirSync(standIn)) renameSync(`${standIn}/${name}`, `${folder}/${name}`);
    rmdirSync(standIn);
  }
}
