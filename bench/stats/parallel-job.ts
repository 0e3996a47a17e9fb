import { pairsWon } from '../../lib/stats/auc/delong.ts';
import { type ResamplingTask, runResampling } from '../../lib/stats/resampling/resampling-task.ts';
import { type ReplicateRange, replicateRanges } from './replicate-ranges.ts';

/**
 * Work for another thread: plain data in, one array out. Whoever runs it, the result has the same bits.
 *
 * - `totals`: column totals of replicates `from` … `to` − 1 (`runResampling`)
 * - `pairs-won`: of one model (`pairsWon`)
 * - `sort`: the values ascending
 */
export type ParallelJob =
  | ({ readonly name: 'totals'; readonly task: ResamplingTask } & ReplicateRange)
  | { readonly name: 'pairs-won'; readonly labels: Float64Array; readonly scores: Float64Array }
  | { readonly name: 'sort'; readonly values: Float64Array };

/** Does jobs, here or elsewhere; results in the order of the jobs. */
export type RunJobs = (jobs: readonly ParallelJob[]) => Promise<Float64Array[]>;

/** Does one job in this thread. */
export function runJob(job: ParallelJob): Float64Array<ArrayBuffer> {
  switch (job.name) {
    case 'totals':
      return runResampling(job.task, job.from, job.to);
    case 'pairs-won':
      return pairsWon(job.labels, job.scores);
    case 'sort':
      return job.values.slice().sort();
  }
}

/** All replicates' totals, as `runResampling(task, 0, replicates)` has them, in `parts` jobs side by side. */
export async function totalsInParts(
  task: ResamplingTask,
  replicates: number,
  parts: number,
  run: RunJobs,
): Promise<Float64Array<ArrayBuffer>> {
  const results = await run(
    replicateRanges(replicates, parts).map(({ from, to }) => ({ name: 'totals', task, from, to })),
  );
  const totals = new Float64Array(replicates * task.columns.length);
  let at = 0;
  for (const part of results) {
    totals.set(part, at);
    at += part.length;
  }
  return totals;
}
