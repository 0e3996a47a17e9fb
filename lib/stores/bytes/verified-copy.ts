import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createContentCheck, type ExpectedContent } from './content-digest.ts';
import { makeFolders } from './make-folders.ts';
import { readAgain } from './reading.ts';
import { setMode } from './set-mode.ts';
import type { UnfinishedFile } from './unfinished-file.ts';
import { writing } from './writing.ts';

/** Objects of a store: DVC trusts a local object by this mode and deletes others when their bytes are wrong. */
export const OBJECT_MODE = 0o444;
/** Files of a work tree: what `open` gives under the process's umask. */
export const WORK_TREE_MODE = 0o666;

export interface VerifiedCopy {
  readonly source: AsyncIterable<Uint8Array>;
  readonly target: string;
  readonly expected: ExpectedContent;
  readonly mode: typeof OBJECT_MODE | typeof WORK_TREE_MODE;
  /** The error for bytes that are not what is expected. */
  readonly mismatch: (found: { expected: string; actual: string }) => Error;
  /** Collects the bytes, in the place of a temporary file that goes with this call; the source begins behind what it has. */
  readonly unfinished?: UnfinishedFile | undefined;
}

/**
 * Copies a stream to a file that appears under its name only whole, verified and on the disk: a temporary name in the
 * same folder (`.<random>.tmp`, as DVC does it), digests taken while copying, fsync, rename, fsync of the folder.
 *
 * @throws what `mismatch` makes, E_STORE_WRITE, and what the source throws; the target is then as it was
 */
export async function copyVerified(copy: VerifiedCopy): Promise<void> {
  const folder = dirname(copy.target);
  const { unfinished } = copy;
  const temporary = unfinished?.path ?? join(folder, `.${randomBytes(12).toString('hex')}.tmp`);
  const file = await writing(copy.target, async () => {
    makeFolders(folder);
    return open(temporary, unfinished === undefined ? 'wx' : unfinished.bytes > 0 ? 'r+' : 'w', WORK_TREE_MODE);
  });
  let wrong = false;
  try {
    await fill(file, {
      ...copy,
      mismatch(found) {
        wrong = true;
        return copy.mismatch(found);
      },
    });
    await writing(copy.target, async () => {
      await rename(temporary, copy.target);
      await syncFolder(folder);
    });
  } catch (error) {
    // Bytes that came are kept for the next call, unless they are wrong ones.
    if (unfinished === undefined || wrong) await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Bytes written at once: a network's pieces are small. The last ones are written while the next are hashed. */
const WRITE_BYTES = 1024 * 1024;

async function fill(file: FileHandle, copy: VerifiedCopy): Promise<void> {
  const check = createContentCheck(copy.expected);
  const { atMost = Number.POSITIVE_INFINITY } = copy.expected;
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  let total = copy.unfinished?.bytes ?? 0;
  let written: Promise<void> = Promise.resolve();
  const write = async () => {
    const chunks = waiting;
    waiting = [];
    bytes = 0;
    await written;
    written = writing(copy.target, () => writeAll(file, chunks));
    // A failure is met at the next write or at the end, not as an unhandled one.
    written.catch(() => {});
  };
  try {
    if (copy.unfinished !== undefined) {
      const { path, bytes: left } = copy.unfinished;
      await readAgain(file, path, left, (chunk) => check.update(chunk));
    }
    for await (const chunk of copy.source) {
      total += chunk.byteLength;
      if (total > atMost) throw copy.mismatch({ expected: `at most ${atMost} bytes`, actual: 'more' });
      check.update(chunk);
      waiting.push(chunk);
      bytes += chunk.byteLength;
      if (bytes >= WRITE_BYTES) await write();
    }
    await write();
    await written;
    const found = check.mismatch();
    if (found !== undefined) throw copy.mismatch(found);
    await writing(copy.target, async () => {
      if (copy.mode === OBJECT_MODE) setMode(file.fd, OBJECT_MODE);
      await file.sync();
    });
  } finally {
    await written.catch(() => {});
    await file.close();
  }
}

/** Writes all of some pieces where the file stands. */
export async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const total = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  if (total === 0) return;
  const { bytesWritten } = await file.writev(chunks);
  if (bytesWritten === total) return;
  // A disk that takes only a part is about to say that it is full.
  const rest = Buffer.concat(chunks).subarray(bytesWritten);
  for (let at = 0; at < rest.length; ) at += (await file.write(rest, at)).bytesWritten;
}

/** A rename survives a power cut only once its folder is on the disk. Some systems cannot sync a folder. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync();
  } catch {
    // Not supported here (Windows, some network file systems): the rename itself is still atomic.
  } finally {
    await handle.close();
  }
}
