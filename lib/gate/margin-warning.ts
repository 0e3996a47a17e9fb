import type { Metric } from '../metrics/metric.ts';
import { METRICS } from '../metrics/metrics.ts';
import { NEEDED_CAP, POWER } from '../stats/power/needed-clusters.ts';
import type { Comparison } from './decision.ts';
import { MetricName } from './rules.ts';
import { chanceOfPassing, clustersForPower, type Evidence, plannedDifference } from './simulate/pass-chance.ts';

/** A rule that lets the model it is made for through less often than this is warned of. */
const LEAST_CHANCE = 0.5;

/** Which rule a warning is about. */
export interface RuleName {
  readonly metric: MetricName;
  /** What counts as independent: `day`, `group`, … */
  readonly unit: string;
}

/** How a rule stands to what the holdout can tell. */
export interface PlannedChance {
  readonly requirement: Evidence['requirement'];
  readonly margin: number;
  readonly clusters: number;
  /** That the model the rule is made for passes. */
  readonly chance: number;
  /** Clusters with which it passes in four cases of five; undefined beyond `NEEDED_CAP`. */
  readonly needed: number | undefined;
}

/**
 * A warning where a margin can hardly be reached: the model that the rule is made for (equal, or better by the margin)
 * would pass less than half of the time, however good the luck. For `simulate`, and for whatever decides.
 *
 * @param alpha one-sided level of the look
 */
export function marginWarning(evidence: Evidence, about: RuleName, alpha: number): string | undefined {
  if (Number.isNaN(evidence.standardError)) return undefined;
  const chance = chanceOfPassing(evidence, plannedDifference(evidence), alpha);
  return chanceWarning({ ...evidence, chance, needed: clustersForPower(evidence, alpha) }, about);
}

/** The same where chance and need are known. */
export function chanceWarning(
  { requirement, margin, clusters, chance, needed }: PlannedChance,
  { metric, unit }: RuleName,
): string | undefined {
  if (!(chance < LEAST_CHANCE)) return undefined;
  const { title }: Metric = METRICS[metric];
  const who =
    requirement === 'better'
      ? `a model whose ${title} is truly ${shown(margin)} better`
      : `a model whose ${title} is truly the same (${shown(margin)} worse is allowed)`;
  const remedy =
    needed === undefined
      ? `not even ${NEEDED_CAP} ${unit}s would do: allow more (margins.${metric})`
      : `${needed} ${unit}s would give ${Math.round(100 * POWER)}`;
  return `with ${clusters} ${unit}s, ${who} passes ${Math.round(100 * chance)} times in 100; ${remedy}`;
}

/** The warnings of a decision: rules that were not clear and hardly could have been. */
export function decisionMarginWarnings(comparisons: readonly Comparison[], unit: string, alpha: number): string[] {
  return comparisons.flatMap((comparison) => {
    const { metric, role, requirement, margin, clusters, interval, verdict } = comparison;
    const known = MetricName.safeParse(metric);
    if (!known.success || interval?.standardError === undefined || verdict !== 'inconclusive') return [];
    // More units do not take away what differs between seeds.
    if (interval.seedDeviation !== undefined) return [];
    if (role !== 'primary' && role !== 'guardrail') return [];
    if (requirement !== 'better' && requirement !== 'not-worse') return [];
    const { standardError, degreesOfFreedom = clusters - 1 } = interval;
    const evidence = { requirement, margin, standardError, degreesOfFreedom, clusters };
    return marginWarning(evidence, { metric: known.data, unit }, alpha) ?? [];
  });
}

function shown(value: number): string {
  return String(Number(value.toPrecision(2)));
}
