import { createHash } from 'node:crypto';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** 10,000 files of 4 KiB in 100 folders, one of 1 GiB, and 5,000 that are tracked one by one in 50 folders. */
export const SMALL = { folders: 100, filesEach: 100, bytes: 4096 };
export const LARGE_BYTES = 1024 ** 3;
export const TRACKED = { folders: 50, filesEach: 100, bytes: 64 };

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

/** Files with a pointer of their own each, and the cache that holds them. */
export async function writeTrackedFiles(folder: string, cache: string): Promise<void> {
  for (let one = 0; one < TRACKED.folders; one++) {
    const below = join(folder, `part-${one}`);
    await mkdir(below, { recursive: true });
    const names: string[] = [];
    for (let file = 0; file < TRACKED.filesEach; file++) {
      const [name, bytes] = [`${file}.bin`, block(`tracked ${one}/${file}`, TRACKED.bytes)];
      const md5 = createHash('md5').update(bytes).digest('hex');
      names.push(`/${name}\n`);
      await writeFile(join(below, name), bytes);
      await writeFile(join(below, `${name}.dvc`), pointerOf(md5, name));
      await mkdir(join(cache, 'files', 'md5', md5.slice(0, 2)), { recursive: true });
      await writeFile(join(cache, 'files', 'md5', md5.slice(0, 2), md5.slice(2)), bytes, { mode: 0o444 });
    }
    await writeFile(join(below, '.gitignore'), names.join(''));
  }
}

/** As DVC 3 writes it. */
function pointerOf(md5: string, path: string): string {
  return `outs:\n- md5: ${md5}\n  size: ${TRACKED.bytes}\n  hash: md5\n  path: ${path}\n`;
}
