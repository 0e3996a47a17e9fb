/**
 * Our side of bench/stats/speed.ts: reads the shared inputs, does one method with so many threads, prints one line of
 * JSON. The same work as the peers': replicates, jackknife and limits; areas with the variance of their difference.
 */
import { readFileSync } from 'node:fs';
import { aucDifference } from '../../lib/stats/auc/auc-inference.ts';
import { delongOf } from '../../lib/stats/auc/delong.ts';
import { jackknifeSummary, jackknifeTotals } from '../../lib/stats/clusters/jackknife.ts';
import { ksOfSorted } from '../../lib/stats/distances/ks-two-sample.ts';
import { BOOTSTRAP_REPLICATES, statisticOfTotals } from '../../lib/stats/resampling/bootstrap.ts';
import { bootstrapDistribution } from '../../lib/stats/resampling/bootstrap-distribution.ts';
import { bcaInterval } from '../../lib/stats/resampling/bootstrap-interval.ts';
import { signFlipOf, signFlipTask } from '../../lib/stats/resampling/sign-flip-test.ts';
import { type RunJobs, runJob, totalsInParts } from './parallel-job.ts';
import { startWorkerPool } from './worker-pool.ts';

const SEED = [2026, 1] as const;
/** Small runs before the one that is measured. */
const WARM_RUNS = 10;
const [method = '', threadsText = '1', replicatesText = String(BOOTSTRAP_REPLICATES), ...files] = process.argv.slice(2);
const threads = Number(threadsText);
const pool = threads > 1 ? startWorkerPool(threads) : undefined;
const run: RunJobs = pool?.run ?? (async (jobs) => jobs.map(runJob));

function column(inputs: readonly Float64Array[], at: number): Float64Array {
  const found = inputs[at];
  if (found === undefined) throw new Error(`input ${at} is missing`);
  return found;
}

async function answerOf(inputs: readonly Float64Array[], replicates: number): Promise<number[]> {
  const first = column(inputs, 0);
  if (method === 'bca') {
    const n = first.length;
    const columns = [first];
    const totals = await totalsInParts({ kind: 'resample', seed: SEED, columns }, replicates, threads, run);
    const mean = ([sum = 0]: Iterable<number>): number => sum / n;
    const jackknife = jackknifeTotals(columns, ([sum = 0]) => sum / (n - 1));
    const estimate = mean([first.reduce((sum, value) => sum + value, 0)]);
    const distribution = bootstrapDistribution(statisticOfTotals(totals, 1, mean), estimate);
    const { low, high } = bcaInterval(distribution, jackknifeSummary(jackknife).acceleration, 0.95);
    return [low, high];
  }
  if (method === 'sign-flip') {
    const flipped = await totalsInParts(signFlipTask(first, SEED), replicates, threads, run);
    return [signFlipOf(first, flipped, false).twoSided];
  }
  if (method === 'delong') {
    const models = [column(inputs, 1), column(inputs, 2)];
    const won = await run(models.map((scores) => ({ name: 'pairs-won', labels: first, scores })));
    const difference = aucDifference(delongOf(first, won), 0, 1, 0.95);
    return [difference.estimate, difference.standardError ** 2];
  }
  const [a, b] = await run([first, column(inputs, 1)].map((values) => ({ name: 'sort', values })));
  if (a === undefined || b === undefined) throw new Error('no sorted samples');
  const { statistic, pValue } = ksOfSorted(a, b, { method: 'asymptotic' });
  return [statistic, pValue];
}

const inputs = files.map((file) => {
  const bytes = readFileSync(file);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
});
// As for the peers: what is loaded, compiled or started on first use is not measured.
const small = inputs.map((values) => values.slice(0, 2000));
for (let run = 0; run < WARM_RUNS; run++) await answerOf(small, 20);
// Once whole: every thread compiles for itself, and half of the work is half as much to compile by.
await answerOf(inputs, Number(replicatesText));
const before = process.cpuUsage();
const begin = performance.now();
const answer = await answerOf(inputs, Number(replicatesText));
const wall = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(before);
const peakKiB = process.resourceUsage().maxRSS;
console.log(JSON.stringify({ cpu: (user + system) / 1e6, wall, peakKiB, answer }));
await pool?.close();
