import { rm } from 'node:fs/promises';
import { temporaryFolder } from '../temporary-folder.ts';

/** Runs `body` with a new empty folder, which is gone afterwards, whatever happens. */
export async function withTemporaryFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder('git');
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
