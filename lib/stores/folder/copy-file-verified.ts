import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createContentCheck } from '../bytes/content-digest.ts';
import { makeFolders } from '../bytes/make-folders.ts';
import { reading } from '../bytes/reading.ts';
import { setMode } from '../bytes/set-mode.ts';
import { OBJECT_MODE, syncFolder, type VerifiedCopy, WORK_TREE_MODE, writeAll } from '../bytes/verified-copy.ts';
import { writing } from '../bytes/writing.ts';

export interface VerifiedFileCopy extends Omit<VerifiedCopy, 'source' | 'unfinished'> {
  readonly path: string;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of a piece. Two are in memory, used again and again. */
const PIECE_BYTES = 1024 * 1024;

/**
 * What `copyVerified` does, of a local file and at the speed of its digest: while a piece is hashed it is written and the next
 * one read.
 *
 * @throws what `mismatch` makes, E_STORE_READ, E_STORE_WRITE, the signal's reason; the target is then as it was
 */
export async function copyFileVerified(copy: VerifiedFileCopy): Promise<void> {
  const { path, target, mode } = copy;
  const folder = dirname(target);
  const temporary = join(folder, `.${randomBytes(12).toString('hex')}.tmp`);
  const source = await reading(path, () => open(path, 'r'));
  try {
    const file = await writing(target, async () => {
      makeFolders(folder);
      return open(temporary, 'wx', WORK_TREE_MODE);
    });
    try {
      await fill(file, source, copy);
      await writing(target, async () => {
        if (mode === OBJECT_MODE) setMode(file.fd, OBJECT_MODE);
        await file.sync();
      });
    } finally {
      await file.close();
    }
    await writing(target, async () => {
      await rename(temporary, target);
      await syncFolder(folder);
    });
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  } finally {
    await source.close();
  }
}

async function fill(file: FileHandle, source: FileHandle, copy: VerifiedFileCopy): Promise<void> {
  const check = createContentCheck(copy.expected);
  const buffers = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)] as const;
  const readInto = (buffer: Buffer) =>
    reading(copy.path, async () => {
      const { bytesRead } = await source.read(buffer, 0, buffer.length, null);
      return buffer.subarray(0, bytesRead);
    });
  let next = readInto(buffers[0]);
  try {
    for (let turn = 1; ; turn++) {
      const piece = await next;
      if (piece.length === 0) break;
      copy.signal?.throwIfAborted();
      next = readInto(buffers[turn % 2 === 0 ? 0 : 1]);
      // A failure of the read ahead is met when its turn comes, not as an unhandled one.
      next.catch(() => {});
      const written = writing(copy.target, () => writeAll(file, [piece]));
      check.update(piece);
      copy.onBytes?.(piece.length);
      await written;
    }
  } finally {
    // Nothing reads any more when the file is closed.
    await next.catch(() => {});
  }
  const found = check.mismatch();
  if (found !== undefined) throw copy.mismatch(found);
}
