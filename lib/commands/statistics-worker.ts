import { parentPort } from 'node:worker_threads';
import { type ParallelJob, runJob } from '../stats/parallel-job.ts';

/**
 * What a worker thread of `startWorkerPool` runs: jobs come in, arrays go out. An entry of its own in the bundle, so
 * unlike other files it works when it is imported.
 */
parentPort?.on('message', (job: ParallelJob) => {
  const result = runJob(job);
  parentPort?.postMessage(result, [result.buffer]);
});
