import { setImmediate } from 'node:timers/promises';
import type { Git } from './git.ts';
import { readBlob, readBlobs } from './read-objects.ts';

interface Asked {
  readonly done: (bytes: Buffer) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Reads small blobs by their ids, each all in memory. Those that are asked for side by side come from one process: starting
 * one for each costs ten times what it does. A blob that cannot be read is its own reader's error (E_GIT_*), nobody else's.
 */
export function createBlobReader(git: Git): (id: string) => Promise<Buffer> {
  let waiting = new Map<string, Asked[]>();
  let running = false;

  async function serve(): Promise<void> {
    await setImmediate();
    while (waiting.size > 0) {
      const asked = waiting;
      waiting = new Map();
      const blobs = await readBlobs(git, asked.keys()).catch(() => undefined);
      for (const [id, readers] of asked) {
        try {
          const bytes = blobs?.get(id) ?? (await readBlob(git, id));
          for (const { done } of readers) done(bytes);
        } catch (error) {
          for (const { failed } of readers) failed(error);
        }
      }
    }
    running = false;
  }

  return (id) =>
    new Promise((done, failed) => {
      waiting.set(id, [...(waiting.get(id) ?? []), { done, failed }]);
      if (running) return;
      running = true;
      void serve();
    });
}
