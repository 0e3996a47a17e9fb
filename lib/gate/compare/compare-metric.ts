import type { Estimate, Metric } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { type Inference, MINIMUM_CLUSTERS } from '../../stats/inference.ts';
import { NEEDED_CAP, neededClusters } from '../../stats/power/needed-clusters.ts';
import type { Comparison } from '../decision.ts';
import { countClusters, type PairedExamples, presentClusters, sideExamples } from '../evidence/paired-examples.ts';
import { judge } from '../judge.ts';
import type { GateRules, MetricName, Requirement } from '../rules.ts';
import { inferenceOf, leftOut, leftOutBySeed, meanOf, trainingsOf } from './left-out.ts';
import { hasPeriodLosses, inBlocks, periodInference } from './period-losses.ts';
import { hasTooFewOfAClass, MINIMUM_OF_A_CLASS, rarerClass } from './rarer-class.ts';

/** What all comparisons of one decision share. */
export interface ComparisonSettings {
  readonly rules: GateRules;
  /** One-sided level of this look: alpha, or alpha over the number of looks at a sealed half. */
  readonly alpha: number;
}

/** The paired difference of one metric: its value, turned so that + is better, and what is known of its error. */
export interface MetricDifference {
  readonly candidate: number;
  readonly baseline: number;
  readonly difference: number;
  readonly clusters: number;
  /** Absent where there is none: too few clusters or rows of a class, or a value that rests on one cluster. */
  readonly inference: (Inference & { readonly seedDeviation?: number }) | undefined;
  /** Binary, with too few rows of a class: clusters like these that would hold enough of both. */
  readonly clustersForClasses?: number;
}

/** @returns undefined where the metric has no value (one class only, no positives for F1). */
export function metricDifference(
  metric: Metric,
  examples: PairedExamples,
  settings: ComparisonSettings,
): MetricDifference | undefined {
  const found = differenceOf(metric, examples, settings);
  if (found === undefined || !hasTooFewOfAClass(examples, metric.task)) return found;
  const clustersForClasses = Math.ceil((found.clusters * MINIMUM_OF_A_CLASS) / rarerClass(examples.labels));
  return { ...found, inference: undefined, clustersForClasses };
}

function differenceOf(
  metric: Metric,
  examples: PairedExamples,
  { rules }: ComparisonSettings,
): MetricDifference | undefined {
  const { threshold } = rules;
  const horizon = rules.time_series?.horizon;
  if (horizon !== undefined) {
    if (trainingsOf(examples).length === 1 && hasPeriodLosses(metric.name, examples)) {
      return periodDifference(metric, examples, threshold, horizon);
    }
    return clusterDifference(metric, inBlocks(examples, horizon), threshold);
  }
  return clusterDifference(metric, examples, threshold);
}

/** By leaving each cluster out on both sides at once; of several trainings the mean. */
function clusterDifference(metric: Metric, examples: PairedExamples, threshold: number): MetricDifference | undefined {
  const baseline = leftOut(metric, examples, examples.baseline, threshold);
  const trained = leftOutBySeed(metric, examples, threshold);
  if (baseline === undefined || trained === undefined) return undefined;
  const sign = metric.higherIsBetter ? 1 : -1;
  const differences = trained.map(({ value, without }) => ({
    value: sign * (value - baseline.value),
    without: without.map((one, cluster) => sign * (one - (baseline.without[cluster] as number))),
  }));
  return {
    candidate: meanOf(trained).value,
    baseline: baseline.value,
    difference: meanOf(differences).value,
    clusters: baseline.without.length,
    inference: inferenceOf(differences, examples),
  };
}

/** As a series of losses in order of time. */
function periodDifference(
  metric: Metric,
  examples: PairedExamples,
  threshold: number,
  horizon: number,
): MetricDifference | undefined {
  const candidate = metric.estimate(sideExamples(examples, examples.candidate, threshold));
  const baseline = metric.estimate(sideExamples(examples, examples.baseline, threshold));
  if (candidate === undefined || baseline === undefined) return undefined;
  return {
    candidate: candidate.value,
    baseline: baseline.value,
    difference: baseline.value - candidate.value,
    clusters: examples.clusterCount,
    inference: periodInference(candidate, baseline, examples, horizon),
  };
}

/** An estimate without each cluster that has rows. */
export function leaveOut(estimate: Estimate, examples: PairedExamples): Float64Array {
  const without = estimate.leaveOut(examples.clusters, examples.clusterCount);
  return Float64Array.from(presentClusters(examples), (cluster) => without[cluster] as number);
}

/** The loss that is allowed: declared, or the metric's default, for a loss as a share of the baseline's value. */
export function marginOf(name: MetricName, rules: GateRules, baseline: number): number {
  const declared = rules.margins[name];
  if (declared !== undefined) return declared;
  const { defaultMargin } = METRICS[name];
  return 'absolute' in defaultMargin ? defaultMargin.absolute : defaultMargin.ofBaseline * Math.abs(baseline);
}

/** Both sides on all rows: the comparison of a primary metric, a guardrail or the constant model. */
export function compareMetric(
  name: MetricName,
  role: 'primary' | 'guardrail' | 'constant',
  requirement: Requirement | 'no-harm',
  examples: PairedExamples,
  settings: ComparisonSettings,
): Comparison {
  const metric: Metric = METRICS[name];
  const found = metricDifference(metric, examples, settings);
  const base = {
    metric: name,
    role,
    higherIsBetter: metric.higherIsBetter,
    requirement,
    rows: examples.ids.length,
    clusters: found?.clusters ?? countClusters(examples),
  };
  if (found === undefined) {
    return { ...base, margin: marginOf(name, settings.rules, 0), verdict: 'inconclusive', reason: 'one-class' };
  }
  const margin = marginOf(name, settings.rules, found.baseline);
  return { ...base, ...conclude(found, requirement, margin, settings.alpha) };
}

/**
 * The answer part of a comparison, from a difference and what was asked of it.
 *
 * @param known its interval, where that does not follow from the difference's own inference
 */
export function conclude(
  found: MetricDifference,
  requirement: Comparison['requirement'],
  margin: number,
  alpha: number,
  known?: NonNullable<Comparison['interval']>,
): Pick<
  Comparison,
  'candidate' | 'baseline' | 'difference' | 'interval' | 'margin' | 'verdict' | 'reason' | 'neededClusters'
> {
  const { candidate, baseline, difference, inference } = found;
  const values = { candidate, baseline, difference, margin };
  if (inference === undefined) {
    // Any number of clusters beyond what `simulate` would ever plan is no advice.
    const { clustersForClasses } = found;
    if (clustersForClasses !== undefined && found.clusters >= MINIMUM_CLUSTERS) {
      const advice = clustersForClasses <= NEEDED_CAP ? { neededClusters: clustersForClasses } : {};
      return { ...values, verdict: 'inconclusive', reason: 'too-few-of-a-class', ...advice };
    }
    if (found.clusters >= MINIMUM_CLUSTERS)
      return { ...values, verdict: 'inconclusive', reason: 'rests-on-one-cluster' };
    return { ...values, verdict: 'inconclusive', reason: 'too-few-clusters', neededClusters: MINIMUM_CLUSTERS };
  }
  const interval = known ?? intervalOf(difference, inference, alpha);
  const verdict = judge(requirement, interval, margin);
  const identical = requirement !== 'above-floor' && inference.standardError === 0 && difference === 0;
  if (identical) return { ...values, interval, verdict, reason: 'identical' };
  if (verdict !== 'inconclusive') return { ...values, interval, verdict };
  // More examples do not take away what differs between seeds: then no number is promised.
  if (inference.seedDeviation !== undefined) return { ...values, interval, verdict, reason: 'too-wide' };
  const needed = neededClusters({
    standardError: inference.standardError,
    degreesOfFreedom: inference.degreesOfFreedom,
    clusters: found.clusters,
    margin,
    alpha,
    atLeast: MINIMUM_CLUSTERS,
  });
  return {
    ...values,
    interval,
    verdict,
    reason: 'too-wide',
    ...(needed === undefined ? {} : { neededClusters: needed }),
  };
}

/** The two-sided interval at 1 − 2·alpha, as it is displayed. */
export function intervalOf(
  difference: number,
  inference: NonNullable<MetricDifference['inference']>,
  alpha: number,
): NonNullable<Comparison['interval']> {
  const level = 1 - 2 * alpha;
  const halfWidth = inference.critical(level) * inference.standardError;
  return {
    lower: difference - halfWidth,
    upper: difference + halfWidth,
    level,
    method: inference.method,
    standardError: inference.standardError,
    degreesOfFreedom: inference.degreesOfFreedom,
    ...(inference.seedDeviation === undefined ? {} : { seedDeviation: inference.seedDeviation }),
  };
}
