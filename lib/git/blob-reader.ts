import { setImmediate } from 'node:timers/promises';
import type { Git } from './git.ts';
import { type ObjectReader, withObjectReader } from './object-reader.ts';
import { readBlob } from './read-objects.ts';

interface Asked {
  readonly done: (bytes: Buffer) => void;
  readonly failed: (error: unknown) => void;
}

/** Milliseconds that a process of git waits for more questions: long enough to write what it answered. */
const IDLE_MS = 50;

/**
 * Reads small blobs by their ids, each all in memory. Those that are asked for side by side or soon after each other come from
 * one process, which ends by itself: starting one for each costs many times what it does. A blob that cannot be read is its own
 * reader's error (E_GIT_*), nobody else's.
 */
export function createBlobReader(git: Git): (id: string) => Promise<Buffer> {
  let waiting = new Map<string, Asked[]>();
  let answering = new Map<string, Asked[]>();
  let running = false;
  let wake: (() => void) | undefined;

  /** Whether something is asked for, now or within the time that a process waits. */
  function more(): Promise<boolean> {
    if (waiting.size > 0) return Promise.resolve(true);
    return new Promise((done) => {
      const timer = setTimeout(() => done(false), IDLE_MS);
      wake = () => {
        clearTimeout(timer);
        done(true);
      };
    });
  }

  async function answerAll(reader: ObjectReader): Promise<void> {
    while (await more()) {
      answering = waiting;
      waiting = new Map();
      const ids = [...answering.keys()];
      const objects = await reader.read(ids);
      for (const [place, id] of ids.entries()) {
        const object = objects[place];
        if (object?.type !== 'blob') continue;
        for (const { done } of answering.get(id) ?? []) done(object.bytes);
        answering.delete(id);
      }
      await answerSingly();
    }
  }

  /** What the process did not answer, each by itself, for an error of its own. */
  async function answerSingly(): Promise<void> {
    for (const [id, readers] of answering) {
      answering.delete(id);
      try {
        const bytes = await readBlob(git, id);
        for (const { done } of readers) done(bytes);
      } catch (error) {
        for (const { failed } of readers) failed(error);
      }
    }
  }

  async function serve(): Promise<void> {
    await setImmediate();
    while (waiting.size > 0) {
      // A damaged object ends the process, and another one goes on behind it.
      await withObjectReader(git, { lazy: true }, answerAll).catch(answerSingly);
    }
    running = false;
  }

  return (id) =>
    new Promise((done, failed) => {
      waiting.set(id, [...(waiting.get(id) ?? []), { done, failed }]);
      wake?.();
      if (running) return;
      running = true;
      void serve();
    });
}
