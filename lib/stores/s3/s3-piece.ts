import type { Readable } from 'node:stream';
import { assayError } from '../../errors.ts';
import type { PartedContent } from '../bucket/object-bucket.ts';
import { createPartChecksum, type PartSum } from '../bucket/part-checksum.ts';

/** A part on its way: in memory, or in a file. */
export interface Piece {
  readonly size: number;
  readonly checksum: Buffer;
  /** What one attempt sends. */
  readonly body: () => { bytes: Uint8Array | Readable; failure: () => unknown; end: () => void };
  readonly release: () => void;
}

/** The parts of an object, in order. */
export async function* piecesOf(content: PartedContent, sum: PartSum): AsyncIterable<Piece> {
  if (content.fileParts !== undefined) {
    for await (const { size, checksum, open } of content.fileParts(sum)) {
      yield { size, checksum, body: () => streamed(open()), release: () => {} };
    }
    return;
  }
  for await (const bytes of content.parts()) {
    const checksum = createPartChecksum(sum);
    checksum.update(bytes);
    const body = () => ({ bytes, failure: () => undefined, end: () => {} });
    yield { size: bytes.byteLength, checksum: checksum.digest(), body, release: () => content.release(bytes) };
  }
}

/** A stream that says itself what went wrong with it: the SDK would call it trouble with the connection. */
function streamed(bytes: Readable): ReturnType<Piece['body']> {
  let failed: unknown;
  bytes.on('error', (error) => {
    failed ??= assayError(
      'E_STORE_READ',
      { path: 'path' in error ? String(error.path) : '', reason: error.message },
      error,
    );
  });
  return { bytes, failure: () => failed, end: () => void bytes.destroy() };
}
