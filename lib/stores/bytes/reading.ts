import { readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { assayError, messageOf } from '../../errors.ts';

/** Bytes read at a time. */
const PIECE_BYTES = 1024 * 1024;

/** Reads of the file system; what goes wrong names the path that was to be read. @throws E_STORE_READ */
export async function reading<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  }
}

/** All bytes of a file that is small enough for the memory, at once. @throws E_STORE_READ */
export function wholeFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  }
}

/**
 * Gives the first bytes of a file that an earlier call left, in pieces that are valid until the next one, and leaves it
 * standing behind them: what follows is written there. @throws E_STORE_READ
 */
export async function readAgain(
  file: FileHandle,
  path: string,
  bytes: number,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(bytes, PIECE_BYTES));
  for (let left = bytes; left > 0; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(left, buffer.length), null);
    if (bytesRead === 0) throw assayError('E_STORE_READ', { path, reason: `it ends ${left} bytes too early` });
    onChunk(buffer.subarray(0, bytesRead));
    left -= bytesRead;
  }
}
