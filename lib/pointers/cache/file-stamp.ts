import { lstatSync, type Stats } from 'node:fs';
import { assayError, messageOf } from '../../errors.ts';

/**
 * What tells that a file was not touched: its bytes, last changes, and inode.
 *
 * Times are milliseconds since 1970 as floating-point numbers, which tell times a quarter of a microsecond apart. Rounding
 * keeps their order: of two times the later one never has the smaller number, which is all that is asked of them. Exact
 * nanoseconds would cost ten big numbers for each file.
 */
export interface FileStamp {
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  /**
   * Last change of the inode, which no program can set back as it can `mtimeMs`. 0 where the file has several names:
   * every link that is made or removed elsewhere would change it. Not where `ino` is too large to tell one from the next.
   */
  readonly ctimeMs: number;
  readonly ino: number;
  /** Permission bits. */
  readonly mode: number;
}

export function stampOf({ size, mtimeMs, ctimeMs, ino, nlink, mode }: Stats): FileStamp {
  return { size, mtimeMs, ctimeMs: nlink > 1 && Number.isSafeInteger(ino) ? 0 : ctimeMs, ino, mode: mode & 0o777 };
}

/** Whether two looks at a file found the same one, unchanged. A link that is made to it meanwhile is no change. */
export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino;
}

/** Time stamps of old file systems count whole seconds, FAT's two of them. */
const COARSE_MS = 2_000;

/**
 * Whether a file that was changed at `mtimeMs` (or its inode at `ctimeMs`) cannot be changed again without a new time stamp,
 * when the file system's clock said `nowMs` before the file was read: git's racy rule. A time that is still to come was set by
 * somebody; where the inode has one of its own, that tells of every change.
 */
export function isSettled(mtimeMs: number, nowMs: number, ctimeMs = 0): boolean {
  const set = mtimeMs > nowMs && ctimeMs > 0;
  return (set || isPast(mtimeMs, nowMs)) && (ctimeMs === 0 || isPast(ctimeMs, nowMs));
}

/** A stamp of whole seconds may come from a coarse clock. */
function isPast(stampMs: number, nowMs: number): boolean {
  return stampMs + (stampMs % 1_000 === 0 ? COARSE_MS : 0) < nowMs;
}

/** Whether two paths are names of one file. Their stamps alone do not say: numbers of inodes repeat on every disk. */
export function isOneFile(path: string, other: string): boolean {
  const [a, b] = [path, other].map((one) => lstatSync(one, { bigint: true, throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** The permission of the owner to execute, which is all that DVC keeps of a mode. */
export function isExecutable({ mode }: FileStamp): boolean {
  return (mode & 0o100) !== 0;
}

/** The stamp of the file that is at a path itself; undefined where there is none. @throws E_STORE_READ */
export function ownFileStamp(path: string): FileStamp | undefined {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? stampOf(stats) : undefined;
  } catch (error) {
    // A file where a folder belongs, or a folder that may not be entered.
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  }
}
