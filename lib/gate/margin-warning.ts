import type { Metric } from '../metrics/metric.ts';
import { METRICS } from '../metrics/metrics.ts';
import { NEEDED_CAP, POWER } from '../stats/needed-clusters.ts';
import type { Comparison } from './decision.ts';
import { chanceOfPassing, clustersForPower, type Evidence, plannedDifference } from './pass-chance.ts';
import { MetricName } from './rules.ts';

/** A rule that lets the model it is made for through less often than this is warned of. */
const LEAST_CHANCE = 0.5;

/** Which rule a warning is about. */
export interface RuleName {
  readonly metric: MetricName;
  /** What counts as independent: `day`, `group`, … */
  readonly unit: string;
}

/**
 * A warning where a margin can hardly be reached: the model that the rule is made for (equal, or better by the margin)
 * would pass less than half of the time, however good the luck. For `simulate`, and for whatever decides.
 *
 * @param alpha one-sided level of the look
 */
export function marginWarning(evidence: Evidence, { metric, unit }: RuleName, alpha: number): string | undefined {
  const chance = chanceOfPassing(evidence, plannedDifference(evidence), alpha);
  if (!(chance < LEAST_CHANCE) || Number.isNaN(evidence.standardError)) return undefined;
  const { title }: Metric = METRICS[metric];
  const margin = shown(evidence.margin);
  const who =
    evidence.requirement === 'better'
      ? `a model whose ${title} is truly ${margin} better`
      : `a model whose ${title} is truly the same (${margin} worse is allowed)`;
  const needed = clustersForPower(evidence, alpha);
  const remedy =
    needed === undefined
      ? `not even ${NEEDED_CAP} ${unit}s would do: allow more (margins.${metric})`
      : `${needed} ${unit}s would give ${Math.round(100 * POWER)}`;
  return `with ${evidence.clusters} ${unit}s, ${who} passes ${Math.round(100 * chance)} times in 100; ${remedy}`;
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
