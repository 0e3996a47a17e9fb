import type { BigIntStats } from 'node:fs';

/** What tells that a file was not touched: its bytes, last changes in nanoseconds, and inode. */
export interface FileStamp {
  /** Bytes. */
  readonly size: number;
  readonly mtimeNs: bigint;
  /**
   * Last change of the inode, which no program can set back as it can `mtimeNs`. 0 where the file has several names:
   * every link that is made or removed elsewhere would change it.
   */
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  /** Permission bits. */
  readonly mode: number;
}

/** From `lstatSync(path, { bigint: true })`: a plain number of milliseconds would lose the nanoseconds. */
export function stampOf(stats: BigIntStats): FileStamp {
  return {
    size: Number(stats.size),
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.nlink === 1n ? stats.ctimeNs : 0n,
    ino: stats.ino,
    mode: Number(stats.mode) & 0o777,
  };
}

/** Whether two looks at a file found the same one, unchanged. A link that is made to it meanwhile is no change. */
export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ino === b.ino;
}

/**
 * Short text of a stamp, equal for equal stamps. Permissions are no part of it: content does not depend on them, though a
 * change of them costs one more reading.
 */
export function stampText({ size, mtimeNs, ctimeNs, ino }: FileStamp): string {
  return [size, mtimeNs, ctimeNs, ino].map((part) => part.toString(36)).join('.');
}

/** Time stamps of old file systems count whole seconds, FAT's two of them. */
const COARSE_NS = 2_000_000_000n;

/**
 * Whether a file that was changed at `mtimeNs` (or its inode at `ctimeNs`) cannot be changed again without a new time stamp, when the file system's
 * clock said `nowNs` before the file was read: git's racy rule. A stamp of whole seconds may come from a coarse clock.
 */
export function isSettled(mtimeNs: bigint, nowNs: bigint, ctimeNs = 0n): boolean {
  const margin = mtimeNs % 1_000_000_000n === 0n ? COARSE_NS : 0n;
  return mtimeNs + margin < nowNs && ctimeNs < nowNs;
}

/** The permission of the owner to execute, which is all that DVC keeps of a mode. */
export function isExecutable({ mode }: FileStamp): boolean {
  return (mode & 0o100) !== 0;
}
