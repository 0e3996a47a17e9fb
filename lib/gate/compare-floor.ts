import type { Metric } from '../metrics/metric.ts';
import { METRICS } from '../metrics/metrics.ts';
import { clusteredInference } from '../stats/inference.ts';
import { type ComparisonSettings, conclude, leaveOut } from './compare-metric.ts';
import type { Comparison } from './decision.ts';
import { countClusters, type PairedExamples, sideExamples } from './paired-examples.ts';
import type { MetricName } from './rules.ts';

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
  const estimate = metric.estimate(sideExamples(examples, examples.candidate, settings.rules.threshold));
  const base = {
    metric: name,
    role: 'floor' as const,
    higherIsBetter: metric.higherIsBetter,
    requirement: 'above-floor' as const,
    rows: examples.ids.length,
  };
  if (estimate === undefined) {
    const clusters = countClusters(examples);
    return { ...base, clusters, margin: floor, verdict: 'inconclusive', reason: 'one-class' };
  }
  const sign = metric.higherIsBetter ? 1 : -1;
  const difference = sign * (estimate.value - floor);
  const without = leaveOut(estimate, examples).map((value) => sign * (value - floor));
  const found = {
    candidate: estimate.value,
    baseline: floor,
    difference,
    clusters: without.length,
    inference: clusteredInference(difference, without),
  };
  const {
    baseline: _floor,
    neededClusters: _needed,
    ...answer
  } = conclude(found, 'above-floor', floor, settings.alpha);
  return { ...base, clusters: found.clusters, ...answer };
}
