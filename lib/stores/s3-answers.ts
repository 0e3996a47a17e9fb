import type { IncomingMessage } from 'node:http';

/** What the SDK makes of an answer to HeadObject, as far as it is read here. */
export function lookedAt(answer: IncomingMessage) {
  answer.resume();
  const { 'content-length': length = '0', etag, 'last-modified': changed } = answer.headers;
  return {
    ContentLength: Number(length),
    ETag: etag,
    VersionId: headerOf(answer, 'x-amz-version-id'),
    LastModified: changed === undefined ? undefined : new Date(changed),
    ServerSideEncryption: headerOf(answer, 'x-amz-server-side-encryption'),
  };
}

/** A header of an answer that has one value. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Bytes that came at once, as the stream of a body. */
export async function* oneChunk(bytes?: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes !== undefined && bytes.byteLength > 0) yield bytes;
}

/** Whether a body gives its bytes as they come, as those of Node do. */
export function isIterable(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
