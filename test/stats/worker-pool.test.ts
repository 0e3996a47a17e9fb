import { afterAll, beforeAll, expect, test } from 'vitest';
import { totalsInParts } from '../../bench/stats/parallel-job.ts';
import { startWorkerPool, type WorkerPool } from '../../bench/stats/worker-pool.ts';
import { delong, delongOf } from '../../lib/stats/auc/delong.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';
import { type ResamplingTask, runResampling } from '../../lib/stats/resampling/resampling-task.ts';

let pool: WorkerPool;
beforeAll(() => {
  pool = startWorkerPool(2);
});
afterAll(() => pool.close());

const random = createRandom([1, 2]);
const column = (length: number): Float64Array => Float64Array.from({ length }, () => random.uniform());

test.each([1, 2, 5])('%i parts on threads have the bits of one run in this thread', async (parts) => {
  const task: ResamplingTask = { kind: 'resample', seed: [3, 4], columns: [column(100), column(100)] };
  expect(await totalsInParts(task, 101, parts, pool.run)).toEqual(runResampling(task, 0, 101));
});

test('areas whose models were ranked on threads are the areas of one thread', async () => {
  const labels = column(500).map((u) => (u < 0.3 ? 1 : 0));
  const scores = [column(500), column(500)];
  const won = await pool.run(scores.map((one) => ({ name: 'pairs-won', labels, scores: one })));
  expect(delongOf(labels, won)).toEqual(delong(labels, scores));
});

test('results come in the order of the jobs', async () => {
  const lists = [3000, 1, 2000, 0].map(column);
  const sorted = await pool.run(lists.map((values) => ({ name: 'sort', values })));
  expect(sorted).toEqual(lists.map((values) => values.slice().sort()));
});

test('a job that fails fails the run, and what is not there is said', async () => {
  const short = startWorkerPool(1);
  const wrong: ResamplingTask = { kind: 'resample', seed: [1, 1], columns: [column(10)], strata: [-1] };
  await expect(short.run([{ name: 'totals', task: wrong, from: 0, to: 1 }])).rejects.toThrow(
    'strata of -1 units for 10',
  );
  await expect(short.run([{ name: 'sort', values: column(1) }])).rejects.toThrow(/ended/);
  await short.close();
  const nowhere = startWorkerPool(1, '/nowhere/statistics-worker.ts');
  await expect(nowhere.run([{ name: 'sort', values: column(1) }])).rejects.toThrow(/statistics-worker\.ts/);
  await nowhere.close();
});
