import { copyFile, rename, rm } from 'node:fs/promises';
import { systemCode } from '../../system-code.ts';
import type { ObjectCache } from './object-cache.ts';

/** Makes a file of ours, whose digest is known, an object of a cache: moved where that is possible, else copied. */
export async function placeFile(cache: ObjectCache, md5: string, file: string): Promise<void> {
  await cache.receive(md5, 'md5', async (path) => {
    try {
      await rename(file, path);
    } catch (error) {
      if (systemCode(error) !== 'EXDEV') throw error;
      await copyFile(file, path);
      await rm(file);
    }
  });
}
