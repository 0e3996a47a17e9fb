import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { readAgain } from './reading.ts';
import type { UnfinishedFile } from './unfinished-file.ts';
import { writeAll } from './verified-copy.ts';
import { writing } from './writing.ts';

/** What came, of which nothing but its own digest tells what it is. */
export interface ReceivedBytes {
  /** 32 hex digits. */
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Bytes at the end of what an earlier call left that are read once more: with no digest to hold the whole against, what a power
 * cut may have spoiled is not taken.
 */
export const OVERLAP_BYTES = 4 * 1024 * 1024;
/** Bytes read and written at once: a network's pieces are small. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Writes a source whose digest nobody knows to a file, hashed on the way. What an earlier call left there is hashed again and gone
 * on with; the caller has made sure that it is of these very bytes. It stays there when the source fails.
 *
 * @param source its bytes from `start` on
 * @returns digest and size of all that is in the file
 * @throws E_STORE_WRITE, E_STORE_READ, and what the source throws
 */
export async function receiveUnnamed(
  source: (start: number) => AsyncIterable<Uint8Array>,
  { path, bytes }: UnfinishedFile,
): Promise<ReceivedBytes> {
  const file = await writing(path, () => open(path, bytes > 0 ? 'r+' : 'w'));
  try {
    const md5 = createHash('md5');
    const start = Math.max(0, bytes - OVERLAP_BYTES);
    await readAgain(file, path, start, (chunk) => md5.update(chunk));
    let size = start;
    let waiting: Uint8Array[] = [];
    let held = 0;
    const write = async () => {
      const chunks = waiting;
      waiting = [];
      held = 0;
      await writing(path, () => writeAll(file, chunks));
    };
    try {
      for await (const chunk of source(start)) {
        md5.update(chunk);
        size += chunk.byteLength;
        waiting.push(chunk);
        held += chunk.byteLength;
        if (held >= PIECE_BYTES) await write();
      }
    } finally {
      await write();
    }
    await writing(path, () => file.truncate(size));
    return { md5: md5.digest('hex'), size };
  } finally {
    await file.close();
  }
}
