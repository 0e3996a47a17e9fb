import { removedAfter } from '../removed-after.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Runs `body` with a new empty folder, which is gone afterwards, whatever happens. */
export async function withTemporaryFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder('git');
  return removedAfter(folder, () => body(folder));
}
