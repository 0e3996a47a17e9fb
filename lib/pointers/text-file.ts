import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { posix } from 'node:path';
import { type AssayError, assayError, messageOf } from '../errors.ts';
import { isMissing } from '../stores/folder/file-names.ts';
import { systemCode } from '../system-code.ts';

/**
 * The text of a file that a tool or a person wrote; undefined where there is none. Whatever else bears its name (a folder, a pipe that
 * nobody writes to, a device without an end) is told, and not waited for.
 *
 * @param path where it is
 * @param file the same for messages
 * @param limit bytes; of a longer file one byte more is read, so that the parser refuses it by its size
 * @throws E_DVC_NO_FILE, E_DVC_ENCODING, E_STORE_READ
 */
export function readTextFile(path: string, file: string, limit: number): string | undefined {
  let handle: number;
  try {
    // A pipe is opened without a writer, and known by its kind.
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (systemCode(error) === 'ENXIO') throw noFile(file, 'a socket or a device');
    throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
  }
  try {
    const stats = fstatSync(handle);
    if (stats.isDirectory()) throw noFile(file, 'a folder');
    if (!stats.isFile()) throw noFile(file, 'a pipe or a device');
    return textOf(firstBytes(handle, Math.min(stats.size, limit + 1)), file, limit);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) {
      throw assayError('E_STORE_READ', { path, reason: messageOf(error) }, error);
    }
    throw error;
  } finally {
    closeSync(handle);
  }
}

function noFile(file: string, kind: string): AssayError {
  return assayError('E_DVC_NO_FILE', { file, kind });
}

function firstBytes(handle: number, size: number): Buffer {
  const buffer = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const count = readSync(handle, buffer, length, size - length, length);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}

/**
 * Bytes as text. With characters in place of what is no text, a path would silently be another one. Only `.gitignore` may hold anything:
 * git reads it as bytes, and names that are no text are refused where they are met.
 *
 * @param limit bytes; a text that is longer is cut somewhere and not looked at
 * @throws E_DVC_ENCODING
 */
export function textOf(bytes: Buffer, file: string, limit = Number.POSITIVE_INFINITY): string {
  if (bytes.length > limit || isUtf8(bytes) || posix.basename(file) === '.gitignore') return bytes.toString('utf8');
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (wide) throw assayError('E_DVC_ENCODING', { file, reason: 'it is UTF-16' });
  const lines = bytes.toString('latin1').split('\n');
  const line = lines.findIndex((one) => !isUtf8(Buffer.from(one, 'latin1')));
  const text = Buffer.from(lines[line] ?? '', 'latin1');
  let good = 0;
  while (good < text.length && isUtf8(text.subarray(0, nextEnd(text, good)))) good = nextEnd(text, good);
  const value = text[good]?.toString(16).padStart(2, '0');
  const column = text.toString('utf8', 0, good).length + 1;
  throw assayError('E_DVC_ENCODING', {
    file,
    line: line + 1,
    column,
    reason: `the byte 0x${value} does not belong there`,
  });
}

/** Behind the character that begins at `start`, by its first byte. Source: RFC 3629. */
function nextEnd(bytes: Buffer, start: number): number {
  const first = bytes[start] ?? 0;
  return start + (first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);
}
