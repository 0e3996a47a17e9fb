import { Readable } from 'node:stream';

/**
 * Ends a body that nobody reads: its connection would stay open, and the process with it. A stream is destroyed itself, because
 * its iterator, which has not begun, would end without a word to it.
 */
export async function giveUp(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  if (bytes instanceof Readable) bytes.destroy();
  else await bytes[Symbol.asyncIterator]().return?.();
}
