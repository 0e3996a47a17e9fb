import { close, createReadStream, open as openFile, read } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { assayError, messageOf } from '../../errors.ts';
import { createContentCheck } from '../bytes/content-digest.ts';
import { freeingYoungBuffers } from '../bytes/young-buffers.ts';
import { sourceTitle } from '../source-title.ts';
import type { StoreObject } from '../store.ts';
import { createPartChecksum, type PartSum } from './part-checksum.ts';

/** A piece of a local file that was read once, for its checksum, and is read again when it is sent: none of it is in memory. */
export interface FilePart {
  /** Bytes. */
  readonly size: number;
  /** Of the piece: whoever takes it refuses other bytes, so the file may not change meanwhile. */
  readonly checksum: Buffer;
  /** A stream of its bytes, a new one at every call. */
  readonly open: () => Readable;
}

/** Bytes read at a time. */
const READ_BYTES = 1024 * 1024;

/**
 * The pieces of a source that is a file, in order: all but the last have `partBytes` bytes. They are held against what is
 * expected on the way: where they differ, the last piece is not given but an error thrown.
 *
 * @throws E_STORE_SOURCE_CHANGED, E_STORE_READ
 */
export async function* fileParts(
  object: StoreObject,
  path: string,
  partBytes: number,
  sum: PartSum,
): AsyncIterable<FilePart> {
  const { size } = object.expected;
  const check = createContentCheck(object.expected);
  let start = 0;
  let filled = 0;
  let checksum = createPartChecksum(sum);
  const part = (): FilePart => {
    const [from, length] = [start, filled];
    return {
      size: length,
      checksum: checksum.digest(),
      open: () => streamOf(path, from, length),
    };
  };
  for await (const chunk of chunksOf(path)) {
    check.update(chunk);
    for (let at = 0; at < chunk.length; ) {
      if (filled === partBytes) {
        yield part();
        start += filled;
        filled = 0;
        checksum = createPartChecksum(sum);
      }
      const taken = chunk.subarray(at, at + partBytes - filled);
      checksum.update(taken);
      filled += taken.length;
      at += taken.length;
    }
    // More than was announced is noticed before it is read to its end.
    if (start + filled > size) break;
  }
  const found = check.mismatch();
  if (found !== undefined) throw assayError('E_STORE_SOURCE_CHANGED', { source: sourceTitle(object), ...found });
  yield part();
}

function streamOf(path: string, start: number, length: number): Readable {
  const free = freeingYoungBuffers();
  return createReadStream(path, {
    start,
    end: start + length - 1,
    highWaterMark: READ_BYTES,
    fs: {
      open: openFile,
      close,
      read(file, buffer, offset, bytes, position, done) {
        read(file, buffer, offset, bytes, position, (error, count, filled) => {
          free(count);
          done(error, count, filled);
        });
      },
    },
  });
}

/** A file's bytes in pieces that are valid until the next one; the next is read while one is hashed. */
async function* chunksOf(path: string): AsyncIterable<Buffer> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  });
  try {
    const buffers = [Buffer.allocUnsafe(READ_BYTES), Buffer.allocUnsafe(READ_BYTES)] as const;
    const fill = async (buffer: Buffer): Promise<Buffer> => {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      return buffer.subarray(0, bytesRead);
    };
    let next = fill(buffers[0]);
    for (let turn = 1; ; turn++) {
      const chunk = await next;
      if (chunk.length === 0) return;
      next = fill(buffers[turn % 2 === 0 ? 0 : 1]);
      next.catch(() => {});
      yield chunk;
    }
  } catch (error) {
    const reading = error instanceof Error && 'syscall' in error && error.syscall === 'read';
    throw reading ? assayError('E_STORE_READ', { path, reason: messageOf(error) }, error) : error;
  } finally {
    await file.close();
  }
}
