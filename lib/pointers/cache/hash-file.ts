import { createHash, hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { assayError, messageOf } from '../../errors.ts';
import { createDosToUnixHash } from '../../stores/bytes/dos-to-unix-hash.ts';
import { READ_AT_ONCE, SMALL_FILE_BYTES } from '../../stores/bytes/small-file.ts';
import { systemCode } from '../../system-code.ts';
import type { PointerHash } from '../object-key.ts';
import { type FileStamp, ownFileStamp, sameStamp, stampOf } from './file-stamp.ts';

/** Files up to this many bytes are read whole and at once; larger ones stream. */
export const SMALL_FILE = SMALL_FILE_BYTES;
/** Bytes read at a time of a larger file; DVC 2's hash looks at pieces of just this size. */
export const CHUNK_BYTES = 1024 * 1024;

/**
 * The bytes of a small file, in `buffer`, valid until its next use.
 *
 * @param stamp what the file was when its turn was decided
 * @throws E_STORE_SOURCE_CHANGED when it is another by now, E_STORE_READ
 */
export function readSmallFile(path: string, stamp: FileStamp, buffer: Buffer): Buffer {
  const handle = reading(path, () => openSync(path, READ_AT_ONCE));
  try {
    let length = 0;
    for (;;) {
      const read = reading(path, () => readSync(handle, buffer, length, buffer.length - length, null));
      length += read;
      if (read === 0 || length === buffer.length || length >= stamp.size) break;
    }
    checkUnchanged(path, stamp, stampOf(fstatSync(handle)), length);
    return buffer.subarray(0, length);
  } finally {
    closeSync(handle);
  }
}

/** The address of bytes that are all in memory. */
export function md5OfBytes(bytes: Uint8Array, kind: PointerHash): string {
  if (kind === 'md5') return hash('md5', bytes, 'hex');
  const dosToUnix = createDosToUnixHash();
  dosToUnix.update(bytes);
  return dosToUnix.digest('hex');
}

export interface StreamOptions {
  readonly hash: PointerHash;
  /** Gets every piece before the next is read; it must not keep the piece. */
  readonly onChunk?: (chunk: Buffer) => Promise<void> | void;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * The address of a large file in bounded memory. The next piece is read while the last one is hashed.
 *
 * @throws E_STORE_SOURCE_CHANGED when the file changes meanwhile, E_STORE_READ
 */
export async function md5OfLargeFile(path: string, stamp: FileStamp, options: StreamOptions): Promise<string> {
  const digest = options.hash === 'md5' ? createHash('md5') : createDosToUnixHash();
  const file = await open(path, READ_AT_ONCE).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
    const fill = async (buffer: Buffer): Promise<Buffer> => {
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.subarray(0, length);
    };
    let total = 0;
    let next = fill(buffers[0]);
    for (let turn = 1; ; turn++) {
      const chunk = await next;
      if (chunk.length === 0) break;
      next = fill(buffers[turn % 2 === 0 ? 0 : 1]);
      // A failure of the read ahead is met when its turn comes, not as an unhandled one.
      next.catch(() => {});
      // Whoever takes it writes it while it is hashed.
      const taken = options.onChunk?.(chunk);
      digest.update(chunk);
      await taken;
      options.onBytes?.(chunk.length);
      total += chunk.length;
    }
    checkUnchanged(path, stamp, stampOf(await file.stat()), total);
    return digest.digest('hex');
  } catch (error) {
    throw error instanceof Error && 'syscall' in error && error.syscall === 'read' ? unreadable(path, error) : error;
  } finally {
    await file.close();
  }
}

/** @throws E_STORE_SOURCE_CHANGED where two looks at a file found others, or `length` bytes were read of it, not all */
export function checkUnchanged(path: string, before: FileStamp, after: FileStamp, length: number): void {
  if (sameStamp(before, after) && length === before.size) return;
  throw assayError('E_STORE_SOURCE_CHANGED', {
    source: path,
    expected: `${before.size} bytes`,
    actual: `${length} bytes${sameStamp(before, after) ? '' : ' of another version'}`,
  });
}

/** The same of what is at a path by now, where the file at `path` was looked at. @throws E_STORE_SOURCE_CHANGED, E_STORE_READ */
export function checkStillThere(
  { path, stamp }: { readonly path: string; readonly stamp: FileStamp },
  at = path,
): void {
  const now = ownFileStamp(at);
  if (now === undefined) {
    throw assayError('E_STORE_SOURCE_CHANGED', { source: path, expected: 'a file', actual: 'none' });
  }
  checkUnchanged(path, stamp, now, now.size);
}

function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What reading says of something else that is in a file's place by now; the pipe has a writer. */
const IN_PLACE: Readonly<Record<string, string>> = { EISDIR: 'a folder', EAGAIN: 'a pipe' };

function unreadable(path: string, error: unknown): Error {
  const actual = IN_PLACE[systemCode(error) ?? ''];
  if (actual !== undefined) return assayError('E_STORE_SOURCE_CHANGED', { source: path, expected: 'a file', actual });
  return assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
}
