import type { Metric } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { MINIMUM_CLUSTERS } from '../../stats/inference.ts';
import type { Comparison } from '../decision.ts';
import { countClusters, type PairedExamples } from '../evidence/paired-examples.ts';
import type { MetricName } from '../rules.ts';
import { type ComparisonSettings, conclude } from './compare-metric.ts';
import { inferenceOf, type LeftOut, leftOutBySeed, meanOf } from './left-out.ts';
import { inBlocks } from './period-losses.ts';
import { hasTooFewOfAClass } from './rarer-class.ts';

/**
 * The candidate alone against an absolute limit: the limit of its own interval has to clear the floor (for a loss:
 * stay under the cap), not its point estimate (design §5).
 */
export function compareFloor(
  name: MetricName,
  floor: number,
  examples: PairedExamples,
  settings: ComparisonSettings,
): Comparison {
  const metric: Metric = METRICS[name];
  const { time_series: series, threshold } = settings.rules;
  const units = series?.horizon === undefined ? examples : inBlocks(examples, series.horizon);
  const trained = leftOutBySeed(metric, units, threshold);
  const base = {
    metric: name,
    role: 'floor' as const,
    higherIsBetter: metric.higherIsBetter,
    requirement: 'above-floor' as const,
    rows: units.ids.length,
    clusters: countClusters(units),
  };
  if (trained === undefined) return { ...base, margin: floor, verdict: 'inconclusive', reason: 'one-class' };
  if (hasTooFewOfAClass(units, metric.task) && base.clusters >= MINIMUM_CLUSTERS) {
    return {
      ...base,
      candidate: meanOf(trained).value,
      margin: floor,
      verdict: 'inconclusive',
      reason: 'too-few-of-a-class',
    };
  }
  return { ...base, ...withinLimit(trained, units, floor, metric.higherIsBetter, settings.alpha) };
}

/**
 * The answer on a quantity that has an absolute limit. That it is the same with whatever examples is no sign of a
 * mistake here, and how many would tell depends on how near to the limit it is, which is not known.
 *
 * @param bySeed the quantity by the candidate's trainings
 * @param units whose clusters were left out
 */
export function withinLimit(
  bySeed: readonly LeftOut[],
  units: PairedExamples,
  limit: number,
  higherIsBetter: boolean,
  alpha: number,
) {
  const sign = higherIsBetter ? 1 : -1;
  const distances = bySeed.map(({ value, without }) => ({
    value: sign * (value - limit),
    without: without.map((one) => sign * (one - limit)),
  }));
  const found = {
    candidate: meanOf(bySeed).value,
    baseline: limit,
    difference: meanOf(distances).value,
    clusters: distances[0]?.without.length ?? 0,
    inference: inferenceOf(distances, units),
  };
  const { baseline: _limit, neededClusters: _needed, ...answer } = conclude(found, 'above-floor', limit, alpha);
  return answer;
}
