import { digestOf } from '../digest.ts';
import type { Metric } from '../metrics/metric.ts';
import { METRICS } from '../metrics/metrics.ts';
import { seedOf } from '../stats/random.ts';
import { intervalOf, type MetricDifference, marginOf, metricDifference } from './compare-metric.ts';
import { judge, type Limits } from './judge.ts';
import { chanceOfPassing, clustersForPower, type Evidence, plannedDifference } from './pass-chance.ts';
import { createPlannedHoldouts, type HoldoutPlan } from './planned-holdout.ts';
import type { GateRules, MetricName, Requirement } from './rules.ts';
import type { Chances, SimulatedRule } from './simulation.ts';

/** True differences that are looked at, in margins. */
export const STEPS = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2] as const;

/** Rows that all draws have together: some seconds of work. */
const ROWS_IN_ALL = 4_000_000;
const FEWEST_DRAWS = 100;
const MOST_DRAWS = 1_000;

/** How many holdouts of so many rows are drawn: enough for 5 points (of 100) of Monte-Carlo error at worst. */
export function drawsFor(rows: number): number {
  return Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, Math.floor(ROWS_IN_ALL / rows)));
}

/** One metric of one drawn holdout, both sides truly equal. */
interface Drawn {
  readonly baseline: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** As it would be displayed, by look. */
  readonly intervals: { readonly [Look in keyof Chances]: Limits };
}

/** What the draws say of one metric; undefined in a holdout that gives it no interval. */
interface DrawnMetric {
  readonly name: MetricName;
  readonly margin: number;
  readonly draws: readonly (Drawn | undefined)[];
}

export interface GateSimulation {
  readonly draws: number;
  readonly simulated: SimulatedRule[];
}

/**
 * The chance that a candidate passes primary and guardrails, for a range of true differences: the gate's own comparisons
 * of holdouts drawn by a plan with both sides equal. A true difference moves the whole interval. Single rules by the
 * power of their t test with the standard error that the draws have; all rules together by counting. The same rules and
 * plan give the same numbers.
 *
 * @param task what the metrics of the rules have to fit
 */
export function simulateGate(rules: GateRules, task: 'binary' | 'regression', plan: HoldoutPlan): GateSimulation {
  const draws = drawsFor(plan.sizes.reduce((sum, size) => sum + size, 0));
  const levels = levelsOf(rules);
  const [primary, ...guardrails] = drawMetrics(rules, task, plan, draws);
  if (primary === undefined) return { draws, simulated: [] };
  const share = (requirement: Requirement, truth: number, look: keyof Chances): number => {
    let passed = 0;
    for (let draw = 0; draw < draws; draw++) {
      const guarded = guardrails.every((one) => passes(one, draw, look, 'not-worse', 0));
      if (guarded && passes(primary, draw, look, requirement, truth)) passed++;
    }
    return passed / draws;
  };
  const together = (requirement: Requirement) => (truth: number) => ({
    advisory: share(requirement, truth, 'advisory'),
    promotion: share(requirement, truth, 'promotion'),
  });
  const rule = (one: DrawnMetric, role: SimulatedRule['role'], requirement: Requirement): SimulatedRule => {
    const judged = one.draws.filter((found) => found !== undefined).length / draws;
    const evidence = evidenceOf(one, requirement, plan.sizes.length);
    const gate = role === 'primary' && guardrails.length > 0 ? together(requirement) : undefined;
    return simulatedRule({ metric: one.name, role, evidence, judged }, levels, gate);
  };
  const asked: Requirement[] = rules.require === undefined ? ['better', 'not-worse'] : [rules.require];
  return {
    draws,
    simulated: [
      ...asked.map((requirement) => rule(primary, 'primary', requirement)),
      ...guardrails.map((one) => rule(one, 'guardrail', 'not-worse')),
    ],
  };
}

/** The level of an advisory look, and of one of the looks at a sealed half. */
export function levelsOf({ alpha, looks }: Pick<GateRules, 'alpha' | 'looks'>): Chances {
  return { advisory: alpha, promotion: alpha / looks };
}

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
  const planned = plannedDifference(evidence);
  const needed = {
    advisory: clustersForPower(evidence, levels.advisory),
    promotion: clustersForPower(evidence, levels.promotion),
  };
  return {
    metric: about.metric,
    role: about.role,
    requirement,
    margin,
    ...(Number.isNaN(standardError) ? {} : { standardError, degreesOfFreedom }),
    judged,
    chances: STEPS.map((step) => {
      const difference = step * margin;
      return { difference, rule: at(difference), ...(gate === undefined ? {} : { gate: gate(difference) }) };
    }),
    planned: { difference: planned, rule: at(planned) },
    neededClusters: {
      ...(needed.advisory === undefined ? {} : { advisory: needed.advisory }),
      ...(needed.promotion === undefined ? {} : { promotion: needed.promotion }),
    },
  };
}

function both(levels: Chances, chance: (alpha: number) => number): Chances {
  return { advisory: chance(levels.advisory), promotion: chance(levels.promotion) };
}

/** The primary metric, then the guardrails, on every drawn holdout. */
function drawMetrics(
  rules: GateRules,
  task: 'binary' | 'regression',
  plan: HoldoutPlan,
  draws: number,
): readonly DrawnMetric[] {
  const { time_series: _series, ...independent } = rules;
  const settings = { rules: independent, alpha: rules.alpha };
  const levels = levelsOf(rules);
  const holdouts = createPlannedHoldouts(plan, seedOf(digestOf({ rules, plan })));
  const names = [rules.primary, ...rules.guardrails];
  const drawn: (Drawn | undefined)[][] = names.map(() => []);
  for (let draw = 0; draw < draws; draw++) {
    const examples = holdouts(draw)[task];
    names.forEach((name, index) => {
      const metric: Metric = METRICS[name];
      drawn[index]?.push(drawnOf(metricDifference(metric, examples, settings), levels));
    });
  }
  return names.map((name, index) => {
    const found = drawn[index] ?? [];
    const baselines = found.flatMap((one) => one?.baseline ?? []);
    return { name, margin: marginOf(name, rules, baselines.length === 0 ? 0 : meanOf(baselines)), draws: found };
  });
}

function drawnOf(found: MetricDifference | undefined, levels: Chances): Drawn | undefined {
  const inference = found?.inference;
  if (found === undefined || inference === undefined) return undefined;
  return {
    baseline: found.baseline,
    standardError: inference.standardError,
    degreesOfFreedom: inference.degreesOfFreedom,
    intervals: {
      advisory: intervalOf(found.difference, inference, levels.advisory),
      promotion: intervalOf(found.difference, inference, levels.promotion),
    },
  };
}

/** As the gate judges, with the interval moved to where the truth is. */
function passes(
  { draws, margin }: DrawnMetric,
  draw: number,
  look: keyof Chances,
  requirement: Requirement,
  truth: number,
): boolean {
  const interval = draws[draw]?.intervals[look];
  if (interval === undefined) return false;
  return judge(requirement, { lower: interval.lower + truth, upper: interval.upper + truth }, margin) === 'pass';
}

/** The root of the mean variance and the mean degrees of freedom of the draws; NaN where none has an interval. */
function evidenceOf({ draws, margin }: DrawnMetric, requirement: Requirement, clusters: number): Evidence {
  const judged = draws.filter((one) => one !== undefined);
  return {
    requirement,
    margin,
    standardError: Math.sqrt(meanOf(judged.map(({ standardError }) => standardError ** 2))),
    degreesOfFreedom: meanOf(judged.map(({ degreesOfFreedom }) => degreesOfFreedom)),
    clusters,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
