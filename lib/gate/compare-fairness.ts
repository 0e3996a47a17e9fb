import type { Metric } from '../metrics/metric.ts';
import { METRICS } from '../metrics/metrics.ts';
import { withinLimit } from './compare-floor.ts';
import { type ComparisonSettings, conclude, marginOf } from './compare-metric.ts';
import { slicesOf, tooFew } from './compare-slices.ts';
import type { Comparison } from './decision.ts';
import { inferenceOf, type LeftOut, meanOf, trainingsOf } from './left-out.ts';
import { countClusters, type PairedExamples, presentClusters, sideExamples } from './paired-examples.ts';
import { inBlocks } from './period-losses.ts';
import type { FairnessRule } from './rules.ts';

interface Group {
  readonly value: string;
  readonly examples: PairedExamples;
}

/** A side's gap, and its groups' values in the order of the groups. */
interface Gap extends LeftOut {
  readonly values: readonly number[];
}

/**
 * The gap of a metric between its best and its worst group: against the baseline's gap, which it may exceed by the margin
 * at most, and, where a limit is declared, against that. A cluster is left out of all groups at once, because the
 * rows of one day are in many. Groups too small to judge are named and do not count; fewer than two others cannot be
 * compared. Against a constant model only the limit is asked: a constant treats everybody alike.
 */
export function compareFairness(
  rule: FairnessRule,
  examples: PairedExamples,
  settings: ComparisonSettings,
  against: 'baseline' | 'nothing',
): Comparison[] {
  const { rules, alpha } = settings;
  const name = rule.metric ?? rules.primary;
  const metric: Metric = METRICS[name];
  const horizon = rules.time_series?.horizon;
  const units = horizon === undefined ? examples : inBlocks(examples, horizon);
  const all = slicesOf(units, rule.column, false);
  const groups = all.filter((group) => tooFew(group.examples, metric.task) === undefined);
  const left = all.filter((group) => !groups.includes(group)).map(({ value }) => value);
  const base = { metric: name, role: 'fairness' as const, higherIsBetter: false, rows: examples.ids.length };
  const clusters = countClusters(units);
  const bySeed = groups.length < 2 ? undefined : candidateGaps(metric, units, groups, rules.threshold);
  const held =
    groups.length < 2 || against === 'nothing'
      ? undefined
      : gapOf(metric, units, groups, ({ baseline }) => baseline, rules.threshold);
  const found = {
    column: rule.column,
    compared: groups.length,
    ...(bySeed === undefined ? {} : extremes(metric, groups, bySeed)),
    tooFew: left,
  };
  const unclear = (requirement: 'not-worse' | 'above-floor', margin: number): Comparison => ({
    ...base,
    groups: found,
    requirement,
    clusters,
    margin,
    verdict: 'inconclusive',
    reason: groups.length < 2 ? 'too-few-groups' : 'no-value-in-a-group',
  });

  const answers: Comparison[] = [];
  if (against === 'baseline') {
    const margin = rule.margin ?? marginOf(name, rules, overall(metric, units, rules.threshold));
    if (bySeed === undefined || held === undefined) answers.push(unclear('not-worse', margin));
    else {
      const growths = bySeed.map(({ value, without }) => ({
        value: held.value - value,
        without: without.map((one, cluster) => (held.without[cluster] as number) - one),
      }));
      const difference = {
        candidate: meanOf(bySeed).value,
        baseline: held.value,
        difference: meanOf(growths).value,
        clusters,
        inference: inferenceOf(growths),
      };
      const answer = conclude(difference, 'not-worse', margin, alpha);
      answers.push({ ...base, groups: found, requirement: 'not-worse', clusters, ...answer });
    }
  }
  if (rule.gap !== undefined) {
    if (bySeed === undefined) answers.push(unclear('above-floor', rule.gap));
    else {
      const answer = withinLimit(bySeed, rule.gap, false, alpha);
      answers.push({ ...base, groups: found, requirement: 'above-floor', clusters, ...answer });
    }
  }
  return answers;
}

function candidateGaps(
  metric: Metric,
  examples: PairedExamples,
  groups: readonly Group[],
  threshold: number,
): Gap[] | undefined {
  const gaps: Gap[] = [];
  for (const seed of trainingsOf(examples).keys()) {
    const gap = gapOf(metric, examples, groups, (group) => trainingsOf(group)[seed] ?? group.candidate, threshold);
    if (gap === undefined) return undefined;
    gaps.push(gap);
  }
  return gaps;
}

/** Best group's value minus worst group's; undefined where a group has no value. */
function gapOf(
  metric: Metric,
  examples: PairedExamples,
  groups: readonly Group[],
  scoresOf: (group: PairedExamples) => Float64Array,
  threshold: number,
): Gap | undefined {
  const values: number[] = [];
  const without: Float64Array[] = [];
  for (const { examples: own } of groups) {
    const estimate = metric.estimate(sideExamples(own, scoresOf(own), threshold));
    if (estimate === undefined) return undefined;
    values.push(estimate.value);
    // A cluster that the group has no row of leaves its value as it is.
    without.push(estimate.leaveOut(own.clusters, examples.clusterCount));
  }
  return {
    value: spread(values),
    values,
    without: Float64Array.from(presentClusters(examples), (cluster) =>
      spread(without.map((group) => group[cluster] as number)),
    ),
  };
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** The candidate's best and worst group, by their mean over seeds. */
function extremes(metric: Metric, groups: readonly Group[], bySeed: readonly Gap[]): { best: string; worst: string } {
  const sign = metric.higherIsBetter ? 1 : -1;
  const totals = groups.map(({ value }, index) => ({
    value,
    total: bySeed.reduce((sum, { values }) => sum + sign * (values[index] as number), 0),
  }));
  totals.sort((a, b) => b.total - a.total);
  return { best: totals.at(0)?.value ?? '', worst: totals.at(-1)?.value ?? '' };
}

/** The baseline's value on all rows, of which a loss's default margin is a share. */
function overall(metric: Metric, examples: PairedExamples, threshold: number): number {
  return metric.estimate(sideExamples(examples, examples.baseline, threshold))?.value ?? 0;
}
