import { parentPort } from 'node:worker_threads';
import { type ParallelJob, runJob } from './parallel-job.ts';

/**
 * What a worker thread of `startWorkerPool` runs: jobs come in, arrays go out.
 */
parentPort?.on('message', (job: ParallelJob) => {
  const result = runJob(job);
  parentPort?.postMessage(result, [result.buffer]);
});
