import { sha256 } from '../../lib/digest.ts';
import { exampleLogLosses } from '../../lib/metrics/log-loss.ts';
import { clusterStandardError, sumByCluster } from '../../lib/stats/clusters/cluster-sums.ts';
import { jackknifeSummary, jackknifeTotals } from '../../lib/stats/clusters/jackknife.ts';
import { statisticOfTotals } from '../../lib/stats/resampling/bootstrap.ts';
import { bootstrapDistribution } from '../../lib/stats/resampling/bootstrap-distribution.ts';
import { bcaInterval } from '../../lib/stats/resampling/bootstrap-interval.ts';
import { seedOf } from '../../lib/stats/resampling/random.ts';
import { runResampling } from '../../lib/stats/resampling/resampling-task.ts';
import { signFlipTest } from '../../lib/stats/resampling/sign-flip-test.ts';
import { wildClusterDistribution } from '../../lib/stats/resampling/wild-cluster-bootstrap.ts';
import { createHoldouts } from './calibration-examples.ts';
import { type Scenario, scenarioName } from './calibration-scenario.ts';
import { trueDifferences } from './calibration-truth.ts';

/** Replicates of BCa and of the sign flips. The wild cluster bootstrap takes its own 9,999. */
const REPLICATES = 999;
const LEVEL = 0.95;
const ALPHA = (1 - LEVEL) / 2;

/** The methods that the gate could have used, each on whole clusters, for the difference of the log loss. */
export const RESAMPLED = ['wild-cluster-bootstrap', 'bca', 'sign-flip'] as const;

/**
 * Whether each of RESAMPLED takes the candidate for better than it truly is, comparisons `from` … `to` − 1: 1 or 0.
 * BCa resamples clusters; the sign flip tests that clusters' sums are symmetric about the true difference.
 */
export function resampleMany(scenario: Scenario, from: number, to: number): Float64Array<ArrayBuffer> {
  const name = scenarioName(scenario);
  const holdouts = createHoldouts(scenario, seedOf(sha256(name)));
  const truth = trueDifferences(scenario).log_loss;
  const found = new Float64Array((to - from) * RESAMPLED.length);
  for (let comparison = from; comparison < to; comparison++) {
    const { labels, candidate, baseline, clusters, clusterCount } = holdouts(comparison).binary;
    const losses = exampleLogLosses(labels, candidate);
    const gains = exampleLogLosses(labels, baseline).map((loss, row) => loss - (losses[row] as number));
    const { sums, shares } = sumByCluster(gains, clusters, clusterCount);
    const rows = shares.map((share) => share * labels.length);
    const seed = seedOf(sha256(`${name}/${comparison}`));
    const mean = sums.reduce((sum, one) => sum + one, 0) / labels.length;
    found.set(
      [
        wildLower(sums, shares, mean, labels.length, seed) > truth ? 1 : 0,
        bcaLower(sums, rows, mean, seed) > truth ? 1 : 0,
        signFlipTest(
          sums.map((sum, g) => sum - truth * (rows[g] as number)),
          { seed, replicates: REPLICATES },
        ).greater <= ALPHA
          ? 1
          : 0,
      ],
      (comparison - from) * RESAMPLED.length,
    );
  }
  return found;
}

function wildLower(
  sums: Float64Array,
  shares: Float64Array,
  mean: number,
  rows: number,
  seed: readonly [number, number],
): number {
  const influence = sums.map((sum, g) => sum / rows - mean * (shares[g] as number));
  const half = wildClusterDistribution({ sums: influence, shares }, seed).quantile(LEVEL);
  return mean - half * clusterStandardError(influence);
}

function bcaLower(sums: Float64Array, rows: Float64Array, mean: number, seed: readonly [number, number]): number {
  const columns = [sums, rows];
  const ratio = (totals: ArrayLike<number>): number => (totals[0] as number) / (totals[1] as number);
  const totals = runResampling({ kind: 'resample', seed, columns }, 0, REPLICATES);
  const replicates = statisticOfTotals(totals, columns.length, ratio);
  const { acceleration } = jackknifeSummary(jackknifeTotals(columns, ratio));
  return bcaInterval(bootstrapDistribution(replicates, mean), acceleration, LEVEL).low;
}
