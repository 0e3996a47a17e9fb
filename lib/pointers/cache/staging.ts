import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { assayError, messageOf } from '../../errors.ts';
import { makeFolders } from '../../stores/bytes/make-folders.ts';
import type { UnfinishedFile } from '../../stores/bytes/unfinished-file.ts';
import { makeFolder } from '../../stores/folder/group-folder.ts';
import { removeQuietly } from '../../stores/folder/remove-quietly.ts';
import { systemCode } from '../../system-code.ts';

/** A folder of one process for what is not whole yet; files leave it by being renamed. */
export interface Staging {
  /** A new path in it, where nothing is yet; its name ends in `label`. */
  next(label?: string): string;
  /** Sees to what killed processes left, once; done before anything else is. */
  tidy(): void;
  /** A file by a name of its own, with what an earlier process left of it. */
  unfinished(name: string): UnfinishedFile;
  /** Leaves such a file to later processes, if it has been begun. */
  leave(file: UnfinishedFile): void;
  /** Removes it with what is left in it. */
  close(): void;
}

/** Leftovers of processes on other machines (a shared disk) are taken for dead after this. Milliseconds: two days. */
const STALE_MS = 2 * 24 * 60 * 60 * 1000;
/** What is left of an interrupted transfer, for the next that wants the same; milliseconds: a week. */
const FORGOTTEN_MS = 7 * 24 * 60 * 60 * 1000;
const LEFT = 'unfinished';
const UNFINISHED = '.part';
const SESSION = /^s-(.+)\.(\d+)\.[0-9a-f]{12}$/;

/**
 * A staging folder below `folder`, made when first used. What a killed process left there is removed at that time, so
 * an interrupted command leaves nothing behind for longer than until the next one.
 *
 * @param folder on the same file system as the files' final places; belongs to staging alone
 * @param rescue takes what is worth it from the folder of a process that was killed, before that is removed
 * @param options.shared folders that a whole group may write to, made before it
 */
export function openStaging(
  folder: string,
  rescue: (session: string) => void = () => {},
  { shared = [] }: { readonly shared?: readonly string[] } = {},
): Staging {
  const here = placeOfProcesses();
  const session = join(folder, `s-${here}.${process.pid}.${randomBytes(6).toString('hex')}`);
  const left = join(folder, LEFT);
  /** Names that earlier processes left. */
  let waiting = new Set<string>();
  let made = false;
  let tidied = false;
  let count = 0;
  function tidy(): void {
    if (tidied) return;
    tidied = true;
    sweep(folder, here, rescue);
  }
  function begin(): void {
    if (made) return;
    try {
      for (const one of shared) makeFolder(one, true);
      makeFolders(session);
    } catch (error) {
      throw assayError('E_STORE_WRITE', { path: session, reason: messageOf(error) }, error);
    }
    made = true;
    tidy();
    waiting = new Set(namesIn(left));
  }
  return {
    tidy,
    next(label = '') {
      begin();
      count++;
      return `${session}/${count}${label}`;
    },
    unfinished(name) {
      begin();
      const path = `${session}/${name}${UNFINISHED}`;
      // Who renames it has it: another process that saw it too begins anew.
      const taken = waiting.delete(name) && moveQuietly(join(left, name), path);
      return { path, bytes: taken ? sizeOf(path) : 0 };
    },
    leave: ({ path }) => leaveBehind(path, left),
    close() {
      if (made) removeQuietly(session);
      made = false;
    },
  };
}

function sweep(folder: string, here: string, rescue: (session: string) => void): void {
  for (const name of namesIn(folder)) {
    const [, place, owner] = SESSION.exec(name) ?? [];
    if (place === undefined || owner === undefined) continue;
    const path = join(folder, name);
    const dead = place === here ? !isAlive(Number(owner)) : ageOf(path) > STALE_MS;
    if (!dead) continue;
    try {
      rescue(path);
    } catch {
      // Another process is at it, or the disk is full: then it is brought once more.
    }
    for (const file of namesIn(path)) if (file.endsWith(UNFINISHED)) leaveBehind(join(path, file), join(folder, LEFT));
    removeQuietly(path);
  }
  for (const name of namesIn(join(folder, LEFT))) {
    const path = join(folder, LEFT, name);
    if (ageOf(path, folder) > FORGOTTEN_MS) removeQuietly(path);
  }
}

/** Puts an unfinished file where later processes look for it. */
function leaveBehind(path: string, left: string): void {
  if (sizeOf(path) === 0) return;
  try {
    mkdirSync(left, { recursive: true });
  } catch {
    // Then it begins anew.
    return;
  }
  moveQuietly(path, join(left, basename(path).slice(0, -UNFINISHED.length)));
}

function moveQuietly(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

function sizeOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Where a process number means something: a machine, on Linux one name space of processes of it. Containers that share a
 * cache can have one host name and still not see each other's processes.
 */
function placeOfProcesses(): string {
  let space = '';
  try {
    space = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    // Not Linux.
  }
  return space === '' ? hostname() : `${hostname()}-${space}`;
}

function ageOf(path: string, changed: string = join(path, '..')): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  // The file system's clock on both sides: the folder above was changed just now, by making our own.
  const now = lstatSync(changed, { throwIfNoEntry: false });
  return found === undefined || now === undefined ? 0 : now.mtimeMs - found.mtimeMs;
}

function isAlive(owner: number): boolean {
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
