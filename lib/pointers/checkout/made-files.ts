import { setTimeout } from 'node:timers';
import { type FileStamp, sameStamp } from '../cache/file-stamp.ts';
import { fileSystemTime, type MadeFile, type StatScope } from '../cache/stat-cache.ts';
import { stampAt } from './describe-data.ts';

/** Milliseconds between two looks at the clock, and looks: file systems' clocks tick every 1 to 10 ms. */
const PAUSE_MS = 1;
const MAX_LOOKS = 25;

/**
 * Waits until the clock of a folder's file system has gone on since the last of these stamps, so that whatever changes the
 * files from now on gives them another one. Gives that time; undefined where it does not come soon.
 */
export async function settledTime(folder: string, stamps: Iterable<FileStamp>): Promise<number | undefined> {
  let last = 0;
  for (const { mtimeMs, ctimeMs } of stamps) {
    if (mtimeMs > last) last = mtimeMs;
    if (ctimeMs > last) last = ctimeMs;
  }
  for (let look = 0; look < MAX_LOOKS; look++) {
    const now = fileSystemTime(folder);
    if (now === undefined || now > last) return now;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return undefined;
}

/**
 * Remembers a file that was written in a folder of our own and then renamed to where everybody finds it. The renaming gave
 * its inode a new time; its content's time tells whether somebody changed it since.
 *
 * @param folder our own, on the same file system
 * @param settled what `settledTime` said before the renaming
 */
export async function rememberMoved(
  scope: StatScope,
  made: MadeFile,
  { target, folder, settled }: { target: string; folder: string; settled: number | undefined },
): Promise<void> {
  const now = stampAt(target);
  if (settled === undefined || now === undefined || !sameStamp(made.stamp, now)) return;
  const later = await settledTime(folder, [now]);
  const last = stampAt(target);
  if (later === undefined || last === undefined || !sameStamp(now, last) || now.ctimeMs !== last.ctimeMs) return;
  scope.setMade([{ ...made, stamp: last }], later);
}
