import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { assayError } from '../errors.ts';
import type { PartedContent } from './object-bucket.ts';

/** A part on its way: in memory, or in a file. */
export interface Piece {
  readonly size: number;
  readonly md5: Buffer;
  /** What one attempt sends. */
  readonly body: () => { bytes: Uint8Array | Readable; failure: () => unknown; end: () => void };
  readonly release: () => void;
}

/** The parts of an object, in order. */
export async function* piecesOf(content: PartedContent): AsyncIterable<Piece> {
  if (content.fileParts !== undefined) {
    for await (const { size, md5, open } of content.fileParts()) {
      yield { size, md5, body: () => streamed(open()), release: () => {} };
    }
    return;
  }
  for await (const bytes of content.parts()) {
    const md5 = createHash('md5').update(bytes).digest();
    const body = () => ({ bytes, failure: () => undefined, end: () => {} });
    yield { size: bytes.byteLength, md5, body, release: () => content.release(bytes) };
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
