import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { assayError, messageOf } from '../../errors.ts';
import { systemCode } from '../../system-code.ts';

/**
 * Files up to this many bytes are read whole and at once: for them the asynchronous calls and the disk's round trips cost
 * several times what reading, hashing and writing does.
 */
export const SMALL_FILE_BYTES = 1024 * 1024;

/** A buffer for small files, to be made once for many of them. One byte more tells that a file has grown. */
export function smallFileBuffer(): Buffer {
  return Buffer.allocUnsafe(SMALL_FILE_BYTES + 1);
}

/** What is there instead of a small file. `other`: a folder, a pipe, a device. */
export type NoSmallFile = 'missing' | 'large' | 'other';

/** How to open what should be a file: in its place a pipe is opened without waiting for its writer. Windows knows neither flag. */
export const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const READ_OWN = READ_AT_ONCE | (constants.O_NOFOLLOW ?? 0);
/** There is no file by that name; a link that must not be followed gives the last two. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK']);

export interface SmallFileOptions {
  /** Whether a link stands for the file that it leads to. */
  readonly follow?: boolean;
  /** Bytes, where it was looked at a moment ago and was a small file: then it is not looked at again. */
  readonly size?: number | undefined;
}

/**
 * The bytes of a small file in `buffer`, valid until its next use, in as few calls as that takes.
 *
 * @throws E_STORE_READ
 */
export function readSmallBytes(
  path: string,
  buffer: Buffer,
  { follow = true, size }: SmallFileOptions = {},
): Buffer | NoSmallFile {
  let handle: number;
  try {
    handle = openSync(path, follow ? READ_AT_ONCE : READ_OWN);
  } catch (error) {
    if (MISSING.has(systemCode(error) ?? '')) return 'missing';
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  }
  try {
    let enough = size;
    if (enough === undefined) {
      const stats = fstatSync(handle);
      if (!stats.isFile()) return 'other';
      if (stats.size > SMALL_FILE_BYTES) return 'large';
      enough = stats.size;
    }
    let length = 0;
    for (;;) {
      const read = readSync(handle, buffer, length, buffer.length - length, null);
      length += read;
      if (read === 0 || length === buffer.length || length >= enough) return buffer.subarray(0, length);
    }
  } catch (error) {
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  } finally {
    closeSync(handle);
  }
}
