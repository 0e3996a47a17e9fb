import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ownFileStamp } from '../../../lib/pointers/cache/file-stamp.ts';
import { md5OfLargeFile, readSmallFile, SMALL_FILE } from '../../../lib/pointers/cache/hash-file.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { newFolder } from '../../new-folder.ts';

/** A file whose stamp was taken, and its digest by the way that its size asks for. */
async function stamped(size: number) {
  const path = join(await newFolder(), 'file');
  const text = 'x'.repeat(size);
  writeFileSync(path, text);
  const stamp = ownFileStamp(path);
  if (stamp === undefined) throw new Error('no file');
  const digest = async () =>
    size > SMALL_FILE
      ? md5OfLargeFile(path, stamp, { hash: 'md5' })
      : md5(readSmallFile(path, stamp, Buffer.alloc(SMALL_FILE + 1)).toString());
  expect(await digest()).toBe(md5(text));
  return { path, digest };
}

/** A pipe; with a writer, which has nothing to say yet. */
async function pipe(path: string, written: boolean) {
  execFileSync('mkfifo', [path]);
  if (!written) return () => {};
  // Opened for both, so that neither end waits for the other.
  const writer = spawn('sh', ['-c', 'exec 3<>"$1"; echo open; exec sleep 60', 'sh', path], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(writer.stdout, 'data');
  return () => writer.kill();
}

test.each([SMALL_FILE, SMALL_FILE + 1])(
  'what has taken the place of a file of %d bytes is told, and not waited for',
  async (size) => {
    for (const written of [false, true]) {
      const { path, digest } = await stamped(size);
      rmSync(path);
      const end = await pipe(path, written);
      await expect(digest()).rejects.toMatchObject({ code: 'E_STORE_SOURCE_CHANGED' });
      expect(lstatSync(path).isFIFO()).toBe(true);
      end();
    }
    const { path, digest } = await stamped(size);
    rmSync(path);
    mkdirSync(path);
    await expect(digest()).rejects.toMatchObject({ code: 'E_STORE_SOURCE_CHANGED' });
  },
);

test.each([SMALL_FILE, SMALL_FILE + 1])('a file of %d bytes that was written to is told', async (size) => {
  const { path, digest } = await stamped(size);
  // Time stamps count ticks of the system's clock.
  await pause(20);
  writeFileSync(path, 'y'.repeat(size));
  await expect(digest()).rejects.toMatchObject({ code: 'E_STORE_SOURCE_CHANGED' });
});
