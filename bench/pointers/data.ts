import { createHash } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** 10,000 files of 4 KiB in 100 folders, and one of 1 GiB. */
export const SMALL = { folders: 100, filesEach: 100, bytes: 4096 };
export const LARGE_BYTES = 1024 ** 3;

/** Bytes that no two files share, the same at every run. */
function block(seed: string, bytes: number): Buffer {
  return createHash('shake128', { outputLength: bytes }).update(seed).digest();
}

export async function writeSmallFiles(folder: string): Promise<void> {
  for (let one = 0; one < SMALL.folders; one++) {
    const below = join(folder, `part-${one}`);
    await mkdir(below, { recursive: true });
    for (let file = 0; file < SMALL.filesEach; file++) {
      await writeFile(join(below, `${file}.bin`), block(`${one}/${file}`, SMALL.bytes));
    }
  }
}

export async function writeLargeFile(path: string): Promise<void> {
  const piece = block('large', 16 * 1024 ** 2);
  const file = await open(path, 'w');
  try {
    for (let at = 0; at < LARGE_BYTES; at += piece.length) {
      // Every piece is another one, as in real data.
      piece.writeUInt32LE(at / piece.length, 0);
      await file.write(piece);
    }
  } finally {
    await file.close();
  }
}
