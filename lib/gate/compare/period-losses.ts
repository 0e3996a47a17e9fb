import type { Estimate } from '../../metrics/metric.ts';
import { type Inference, MINIMUM_CLUSTERS, studentInference } from '../../stats/inference.ts';
import { dieboldMariano } from '../../stats/means/diebold-mariano.ts';
import type { PairedExamples } from '../evidence/paired-examples.ts';
import type { MetricName } from '../rules.ts';

/** Losses that are plain means of a loss a row: that of a period is the mean over its rows. */
const MEAN_LOSSES: ReadonlySet<string> = new Set<MetricName>([
  'log_loss',
  'brier',
  'mae',
  'mse',
  'multiclass_log_loss',
  'multiclass_brier',
  'pinball_loss',
  'interval_score',
]);

/** Whether every period has one loss, the mean of as many rows as every other has: what Diebold and Mariano assume. */
export function hasPeriodLosses(metric: string, { clusters, clusterCount, weights }: PairedExamples): boolean {
  if (!MEAN_LOSSES.has(metric) || weights !== undefined || clusterCount === 0) return false;
  const rows = new Int32Array(clusterCount);
  for (const cluster of clusters) rows[cluster] = (rows[cluster] as number) + 1;
  return rows.every((count) => count === rows[0]);
}

/**
 * Inference on the mean loss difference of a time series of forecasts (Diebold & Mariano 1995; Harvey, Leybourne &
 * Newbold 1997). A period's loss is its rows' mean, found from the influence values, which for a mean are (loss − mean) / n.
 *
 * @param examples clusters are periods, their codes in order of time, all with as many rows
 * @param horizon periods ahead that were forecast
 * @returns undefined for fewer than 20 periods, or for a series too short for its horizon
 */
export function periodInference(
  candidate: Estimate,
  baseline: Estimate,
  { clusters, clusterCount }: PairedExamples,
  horizon: number,
): Inference | undefined {
  if (clusterCount < MINIMUM_CLUSTERS) return undefined;
  const gains = new Float64Array(clusterCount).fill(baseline.value - candidate.value);
  for (let row = 0; row < clusters.length; row++) {
    const period = clusters[row] as number;
    const moved = (baseline.influence[row] as number) - (candidate.influence[row] as number);
    gains[period] = (gains[period] as number) + clusterCount * moved;
  }
  const test = dieboldMariano(gains, { horizon });
  if (test.degenerate === 'too-few') return undefined;
  return studentInference('diebold-mariano-hln', test.standardError, test.degreesOfFreedom);
}

/** Periods in a row as one cluster: what is forecast `horizon` periods ahead hangs together for as long. */
export function inBlocks(examples: PairedExamples, horizon: number): PairedExamples {
  const blocks = Math.max(1, Math.floor(examples.clusterCount / horizon));
  return {
    ...examples,
    // The periods that fill no block of their own join the last one.
    clusters: examples.clusters.map((period) => Math.min(blocks - 1, Math.floor(period / horizon))),
    clusterCount: blocks,
  };
}
