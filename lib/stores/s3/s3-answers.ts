import type { PlainAnswer } from './s3-connection.ts';

/** What the SDK makes of an answer to HeadObject, as far as it is read here. */
export function lookedAt({ headers }: PlainAnswer) {
  const { 'content-length': length = '0', etag, 'last-modified': changed } = headers;
  return {
    ContentLength: Number(length),
    ETag: etag,
    VersionId: headers['x-amz-version-id'],
    LastModified: changed === undefined ? undefined : new Date(changed),
    ServerSideEncryption: headers['x-amz-server-side-encryption'],
  };
}

/** A body as text. @throws Error when it is longer than `limit` bytes */
export async function textOf({ body }: PlainAnswer, limit: number): Promise<string> {
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  return (await wholeOf(body, limit, () => new Error(`the answer has more than ${limit} bytes`))).toString('utf8');
}

/** All bytes of a body; one that does not end would fill the memory. @throws what `tooLong` makes of more than `limit` bytes */
export async function wholeOf(body: AsyncIterable<Uint8Array>, limit: number, tooLong: () => Error): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > limit) throw tooLong();
  }
  return Buffer.concat(chunks);
}

/** Bytes that came at once, as the stream of a body. */
export async function* oneChunk(bytes?: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes !== undefined && bytes.byteLength > 0) yield bytes;
}

/** Whether a body gives its bytes as they come, as those of Node do. */
export function isIterable(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
