import { existsSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';

/** How a process is told to end: Ctrl-C and a runner that cancels, `kill`, a terminal that was closed. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Folders that are watched over at a time; Node warns of more listeners than these. */
const MAX_WATCHED = 10;

/** Times that a folder is removed at a signal: each takes milliseconds, and one or two are needed while eight files are copied. */
const REMOVALS = 20;

const ALL_OF_IT = { recursive: true, force: true, maxRetries: 3 } as const;

/**
 * Runs `body` and removes a folder after it, also where the process is told to end in between: then that signal ends it all the
 * same, as whoever sent it expects.
 *
 * @param after what is left to do when it has gone
 */
export async function removedAfter<T>(
  folder: string,
  body: () => Promise<T>,
  after: () => void = () => {},
): Promise<T> {
  const onSignal = (signal: NodeJS.Signals) => {
    stop();
    try {
      removeNow(folder);
      after();
    } catch {
      // The signal matters more.
    }
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const watched = ENDING.filter((signal) => process.listenerCount(signal) < MAX_WATCHED);
  const stop = () => {
    for (const signal of watched) process.off(signal, onSignal);
  };
  for (const signal of watched) process.on(signal, onSignal);
  try {
    return await body();
  } finally {
    stop();
    await rm(folder, ALL_OF_IT);
    after();
  }
}

/**
 * What was begun before goes on in other threads, and makes and renames files here, at which Node's own removal ends early,
 * without a word. It comes to its end while this one goes on: nothing new is begun meanwhile.
 */
function removeNow(folder: string): void {
  for (let attempt = 1; existsSync(folder) && attempt <= REMOVALS; attempt++) {
    try {
      rmSync(folder, ALL_OF_IT);
    } catch (error) {
      if (attempt === REMOVALS) throw error;
    }
  }
}
