import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ParallelJob } from './parallel-job.ts';

/** Threads that do the statistics' jobs. */
export interface WorkerPool {
  /**
   * Does the jobs, the next one on the thread that is free; results in the order of the jobs.
   *
   * @throws what a job throws, or that a thread ended
   */
  run(jobs: readonly ParallelJob[]): Promise<Float64Array[]>;
  /** Ends the threads; a job that is under way fails. */
  close(): Promise<void>;
}

/**
 * Starts worker threads for the statistics. They end with `close`; until then they keep the process alive only while
 * they have a job.
 *
 * @param threads at least 1
 * @param file the threads' program; Node strips the types in threads as well
 */
export function startWorkerPool(threads: number, file = join(import.meta.dirname, 'statistics-worker.ts')): WorkerPool {
  const workers = Array.from({ length: Math.max(1, threads) }, () => {
    const worker = new Worker(file);
    worker.unref();
    return worker;
  });
  return {
    async run(jobs) {
      const results: Float64Array[] = [];
      let next = 0;
      await Promise.all(
        workers.map(async (worker) => {
          while (next < jobs.length) {
            const at = next++;
            results[at] = await answerOf(worker, jobs[at] as ParallelJob);
          }
        }),
      );
      return results;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** One job at a time on a thread, so the next message is its answer. */
async function answerOf(worker: Worker, job: ParallelJob): Promise<Float64Array> {
  // A thread that has ended takes messages and never answers.
  if (worker.threadId === -1) throw ended();
  const stop = new AbortController();
  worker.ref();
  try {
    const exit = once(worker, 'exit', { signal: stop.signal }).then(() => {
      throw ended();
    });
    // Which of the two loses the race is of no interest; aborting rejects it.
    exit.catch(() => {});
    worker.postMessage(job);
    const [answer] = await Promise.race([once(worker, 'message', { signal: stop.signal }), exit]);
    if (!(answer instanceof Float64Array)) throw new Error('a worker thread of the statistics answered with no array');
    return answer;
  } finally {
    stop.abort();
    worker.unref();
  }
}

function ended(): Error {
  return new Error('a worker thread of the statistics ended before its job did');
}
