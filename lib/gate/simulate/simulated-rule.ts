import type { MetricName } from '../rules.ts';
import { chanceOfPassing, clustersForPower, type Evidence, marginForPower, plannedDifference } from './pass-chance.ts';
import type { Chances, SimulatedRule } from './simulation.ts';

/** True differences that are looked at, in margins. */
export const STEPS = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2] as const;

/** The chances of one rule from its evidence; `gate` adds those of all rules together. */
export function simulatedRule(
  about: {
    readonly metric: MetricName;
    readonly role: SimulatedRule['role'];
    readonly evidence: Evidence;
    readonly judged: number;
  },
  levels: Chances,
  gate?: (difference: number) => Chances,
): SimulatedRule {
  const { evidence, judged } = about;
  const { margin, requirement, standardError, degreesOfFreedom } = evidence;
  const at = (difference: number): Chances =>
    both(levels, (alpha) => judged * chanceOfPassing(evidence, difference, alpha));
  const withGate = (difference: number) => ({
    difference,
    rule: at(difference),
    ...(gate === undefined ? {} : { gate: gate(difference) }),
  });
  return {
    metric: about.metric,
    role: about.role,
    requirement,
    margin,
    ...(Number.isNaN(standardError) ? {} : { standardError, degreesOfFreedom }),
    judged,
    chances: STEPS.map((step) => withGate(step * margin)),
    planned: withGate(plannedDifference(evidence)),
    neededClusters: known(levels, (alpha) => clustersForPower(evidence, alpha)),
    ...(judged > 0 ? { reachableMargin: known(levels, (alpha) => marginForPower(evidence, alpha)) } : {}),
  };
}

function both(levels: Chances, chance: (alpha: number) => number): Chances {
  return { advisory: chance(levels.advisory), promotion: chance(levels.promotion) };
}

function known(levels: Chances, find: (alpha: number) => number | undefined): Partial<Chances> {
  const advisory = find(levels.advisory);
  const promotion = find(levels.promotion);
  return { ...(advisory === undefined ? {} : { advisory }), ...(promotion === undefined ? {} : { promotion }) };
}
