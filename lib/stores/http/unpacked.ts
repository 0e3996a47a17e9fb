import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** How bodies are packed on their way, by the names of HTTP (RFC 9110, 8.4.1; IANA, "HTTP Content Coding Registry"). */
const CODINGS: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** How an answer's body is packed, though nobody asked for it: the outermost last. */
export function codingsOf(header: string | undefined): string[] {
  const codings = (header ?? '').split(',').map((one) => one.trim().toLowerCase());
  return codings.filter((coding) => coding !== '' && coding !== 'identity');
}

/** The body of an answer as it is stored. One that is packed in an unknown way is given as it comes: its digest tells. */
export function unpacked(answer: IncomingMessage): Readable {
  let body: Readable = answer;
  for (const coding of codingsOf(answer.headers['content-encoding']).reverse()) {
    const unpack = CODINGS[coding]?.();
    // What breaks reaches whoever reads the end of it; the answer to HEAD has nothing to unpack, and nobody reads.
    if (unpack !== undefined)
      body = pipeline(
        body,
        unpack.on('error', () => {}),
        () => {},
      );
  }
  return body;
}
