import type { Metric } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import type { Comparison } from '../decision.ts';
import { countClusters, type PairedExamples, sideExamples } from '../evidence/paired-examples.ts';
import type { FairnessRule } from '../rules.ts';
import { type ComparisonSettings, conclude, marginOf } from './compare-metric.ts';
import { MISSING_SLICE, slicesOf, tooFew } from './compare-slices.ts';
import { type GroupRows, type GroupValues, gapDifference, groupValues, rowsOutside } from './group-gaps.ts';
import { trainingsOf } from './left-out.ts';
import { inBlocks } from './period-losses.ts';

interface Group extends GroupRows {
  readonly value: string;
}

/**
 * The gap of a metric between its best and its worst group, or the largest between a group and all other rows: against
 * the baseline's gap, which it may exceed by the margin at most, and, where a limit is declared, against that. A cluster is
 * left out of all groups at once, because the rows of one day are in many. Groups too small to judge are named and do
 * not count; fewer than two others cannot be compared. Against a constant model only the limit is
 * asked: a constant treats everybody alike.
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
  const { groups, left } = groupsOf(rule, units, metric);
  const enough = groups.length >= 2;
  const valuesOf = (scoresOf: (part: PairedExamples) => Float64Array): GroupValues | undefined =>
    enough ? groupValues(metric, units, groups, scoresOf, rules.threshold) : undefined;
  const bySeed = bySeeds(units, valuesOf);
  const clusters = countClusters(units);
  const facts = {
    metric: name,
    role: 'fairness' as const,
    higherIsBetter: false,
    rows: examples.ids.length,
    clusters,
    groups: {
      column: rule.column,
      compared: groups.length,
      ...(bySeed === undefined ? {} : extremes(metric, groups, bySeed)),
      tooFew: left,
      ...(rule.compare === 'rest' ? { against: 'rest' as const } : {}),
    },
  };
  const unclear = (requirement: 'not-worse' | 'above-floor', margin: number): Comparison => ({
    ...facts,
    requirement,
    margin,
    verdict: 'inconclusive',
    reason: enough ? 'no-value-in-a-group' : 'too-few-groups',
  });

  const answers: Comparison[] = [];
  if (against === 'baseline') {
    const held = valuesOf(({ baseline }) => baseline);
    const margin = rule.margin ?? marginOf(name, rules, overall(metric, units, rules.threshold));
    if (bySeed === undefined || held === undefined) answers.push(unclear('not-worse', margin));
    else {
      const found = gapDifference(bySeed, held, units, alpha);
      const answer = conclude(found, 'not-worse', margin, alpha, found.interval);
      answers.push({ ...facts, requirement: 'not-worse', ...answer });
    }
  }
  if (rule.gap !== undefined) {
    if (bySeed === undefined) answers.push(unclear('above-floor', rule.gap));
    else {
      const found = gapDifference(bySeed, rule.gap, units, alpha);
      const concluded = conclude(found, 'above-floor', rule.gap, alpha, found.interval);
      const { baseline: _limit, neededClusters: _needed, ...answer } = concluded;
      answers.push({ ...facts, requirement: 'above-floor', ...answer });
    }
  }
  return answers;
}

/** The groups that are large enough, and the names of the others. */
function groupsOf(
  { column, compare }: FairnessRule,
  units: PairedExamples,
  metric: Metric,
): { readonly groups: readonly Group[]; readonly left: string[] } {
  const groups: Group[] = [];
  const left: string[] = [];
  for (const { value, examples: own } of slicesOf(units, column, false)) {
    if (tooFew(own, metric.task) !== undefined) left.push(value);
    else if (compare === 'rest') groups.push({ value, own, rest: rowsOutside(units, column, value, MISSING_SLICE) });
    else groups.push({ value, own });
  }
  return { groups, left };
}

/** The candidate's values by training; undefined where one of them has none in a group. */
function bySeeds(
  units: PairedExamples,
  valuesOf: (scoresOf: (part: PairedExamples) => Float64Array) => GroupValues | undefined,
): GroupValues[] | undefined {
  const found: GroupValues[] = [];
  for (const seed of trainingsOf(units).keys()) {
    const values = valuesOf((part) => trainingsOf(part)[seed] ?? part.candidate);
    if (values === undefined) return undefined;
    found.push(values);
  }
  return found;
}

/** The candidate's best and worst group, by their mean over seeds; against the rest, by how far they are from it. */
function extremes(
  metric: Metric,
  groups: readonly Group[],
  bySeed: readonly GroupValues[],
): { best: string; worst: string } {
  const sign = metric.higherIsBetter ? 1 : -1;
  const totals = groups.map(({ value }, index) => ({
    value,
    total: bySeed.reduce((sum, { groups: own, rests }) => {
      const apart = (own[index]?.value ?? Number.NaN) - (rests?.[index]?.value ?? 0);
      return sum + sign * apart;
    }, 0),
  }));
  totals.sort((a, b) => b.total - a.total);
  return { best: totals.at(0)?.value ?? '', worst: totals.at(-1)?.value ?? '' };
}

/** The baseline's value on all rows, of which a loss's default margin is a share. */
function overall(metric: Metric, examples: PairedExamples, threshold: number): number {
  return metric.estimate(sideExamples(examples, examples.baseline, threshold))?.value ?? 0;
}
