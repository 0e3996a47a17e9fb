import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { assayError } from '../../errors.ts';
import { bytesMismatch, createContentCheck } from '../bytes/content-digest.ts';
import { SMALL_OBJECT } from '../bytes/place-verified.ts';
import { reading } from '../bytes/reading.ts';
import { readSmallBytes } from '../bytes/small-file.ts';
import { sourceTitle } from '../source-title.ts';
import type { StoreObject } from '../store.ts';
import type { WholeContent } from './object-bucket.ts';

/**
 * A small source's bytes, verified before anything is sent.
 *
 * @throws E_STORE_SOURCE_CHANGED, E_STORE_READ
 */
export async function wholeContent(object: StoreObject): Promise<WholeContent> {
  const { expected, source } = object;
  const parts: Uint8Array[] = [];
  const small =
    'file' in source && expected.size <= SMALL_OBJECT
      ? smallFile(source.file, expected.size, source.regular === true)
      : undefined;
  if (small !== undefined) {
    const found = bytesMismatch(expected, small);
    if (found !== undefined) throw assayError('E_STORE_SOURCE_CHANGED', { source: sourceTitle(object), ...found });
    return { bytes: small, md5: addressOf(small, object) };
  }
  // One byte more than expected is asked for, so that a file that has grown is noticed.
  for await (const part of sourceParts(object, expected.size + 1)) parts.push(part);
  const bytes = parts[0] ?? new Uint8Array(0);
  return { bytes, md5: addressOf(bytes, object) };
}

/** MD5 of the raw bytes, which is not always what the object is known by. */
function addressOf(bytes: Uint8Array, { expected }: StoreObject): string {
  return expected.hash === 'md5-dos2unix' ? createHash('md5').update(bytes).digest('hex') : expected.md5;
}

/** The bytes of a small file, read at once: the asynchronous calls cost several times as much. Else undefined. */
function smallFile(path: string, size: number, regular: boolean): Buffer | undefined {
  // To open a pipe and close it would end its writer.
  if (!regular && statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const buffer = Buffer.allocUnsafe(Math.min(size, SMALL_OBJECT) + 1);
  const bytes = readSmallBytes(path, buffer, { size: regular ? size : undefined });
  return typeof bytes === 'string' ? undefined : bytes;
}

/**
 * A source's bytes in pieces of `partBytes` (the last is shorter), each in a buffer of its own. They are held against
 * what is expected on the way: where they differ, the last piece is not given but an error thrown.
 *
 * @param spare pieces that were given back, whose memory is used again
 *
 * @throws E_STORE_SOURCE_CHANGED, E_STORE_READ
 */
export async function* sourceParts(
  object: StoreObject,
  partBytes: number,
  spare: Uint8Array[] = [],
): AsyncIterable<Uint8Array> {
  const check = createContentCheck(object.expected);
  const changed = (found: { expected: string; actual: string }) =>
    assayError('E_STORE_SOURCE_CHANGED', { source: sourceTitle(object), ...found });
  const { size } = object.expected;
  const verify = () => {
    const found = check.mismatch();
    if (found !== undefined) throw changed(found);
  };
  let read = 0;
  for await (const part of pieces(object, partBytes, spare)) {
    read += part.byteLength;
    if (read > size) throw changed({ expected: `${size} bytes`, actual: `at least ${read} bytes` });
    check.update(part);
    // The last piece waits until the digest of all is known.
    if (read === size) verify();
    yield part;
  }
  if (read < size) throw changed({ expected: `${size} bytes`, actual: `${read} bytes` });
  if (size === 0) verify();
}

async function* pieces(
  { source, expected }: StoreObject,
  partBytes: number,
  spare: Uint8Array[],
): AsyncIterable<Uint8Array> {
  if ('bytes' in source) {
    for (let from = 0; from < source.bytes.byteLength; from += partBytes) {
      yield source.bytes.subarray(from, from + partBytes);
    }
    return;
  }
  const path = source.file;
  const file = await reading(path, () => open(path, 'r'));
  try {
    for (let position = 0; ; ) {
      // No more than what is left: a buffer is not larger than the object, whatever the size of a piece.
      const wanted = Math.min(partBytes, Math.max(1, expected.size + 1 - position));
      const old = spare.pop()?.buffer;
      const buffer =
        old !== undefined && old.byteLength >= wanted ? new Uint8Array(old) : Buffer.allocUnsafeSlow(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await reading(path, () => file.read(buffer, filled, wanted - filled, position + filled));
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      if (filled > 0) yield buffer.subarray(0, filled);
      if (filled < wanted) return;
      position += filled;
    }
  } finally {
    await file.close();
  }
}
