import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startWorkerPool } from '../../lib/commands/worker-pool.ts';
import { totalsInParts } from '../../lib/stats/parallel-job.ts';
import { type ResamplingTask, runResampling } from '../../lib/stats/resampling-task.ts';
import { bundleFolder } from '../e2e/fixtures/bundle.ts';

test("the bundle's worker thread gives the bits of the sources in this thread", async () => {
  const pool = startWorkerPool(2, join(await bundleFolder(), 'dist'));
  const column = Float64Array.from({ length: 50 }, (_none, i) => Math.cos(i));
  for (const kind of ['resample', 'choose'] as const) {
    const task: ResamplingTask = { kind, seed: [1, 2], columns: [column] };
    expect(await totalsInParts(task, 20, 2, pool.run)).toEqual(runResampling(task, 0, 20));
  }
  await pool.close();
});
