import { digestOf } from '../../digest.ts';
import type { Metric, MetricTask } from '../../metrics/metric.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { MINIMUM_CLUSTERS } from '../../stats/inference.ts';
import { degreesAt } from '../../stats/power/needed-clusters.ts';
import { seedOf } from '../../stats/resampling/random.ts';
import { intervalOf, type MetricDifference, marginOf, metricDifference } from '../compare/compare-metric.ts';
import { furtherRules } from '../compare/further-rules.ts';
import { clusterSizes, repeatRows } from '../evidence/given-rows.ts';
import type { PairedExamples } from '../evidence/paired-examples.ts';
import type { HoldoutPlan } from '../holdout/holdout-plan.ts';
import { createTaskHoldouts } from '../holdout/planned-holdout.ts';
import { judge, type Limits } from '../judge.ts';
import type { GateRules, MetricName, Requirement } from '../rules.ts';
import { thresholdFor } from '../threshold-rule.ts';
import { drawsFor, MOST_DRAWS, passesOf } from './draw-count.ts';
import { clears, drawnHurdles, type Hurdle } from './drawn-hurdles.ts';
import { type Evidence, precisionsOf } from './pass-chance.ts';
import { simulatedRule } from './simulated-rule.ts';
import type { Chances, FurtherRule, SimulatedRule } from './simulation.ts';

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
  readonly further: FurtherRule[];
}

/**
 * The chance that a candidate passes the gate, for a range of true differences of the primary metric: the gate's own
 * comparisons of holdouts drawn by a plan with both sides equal. A true difference moves the whole interval, in slices as on all
 * rows; guardrails, gaps between groups and calibration are truly the same on both sides. Single rules by the power of
 * their t test with the standard error that the draws have; all rules together by counting. The same rules and plan
 * give the same numbers.
 *
 * A holdout of fewer clusters than can be judged never passes; what more of them would do is told from holdouts of its
 * kind that are just long enough.
 *
 * @param task what the metrics of the rules have to fit
 * @param most holdouts that are drawn
 */
export function simulateGate(
  rules: GateRules,
  task: MetricTask,
  plan: HoldoutPlan,
  most: number = MOST_DRAWS,
): GateSimulation {
  const levels = levelsOf(rules);
  const enough = longEnough(plan, MINIMUM_CLUSTERS * (rules.time_series?.horizon ?? 1));
  const rows = enough.sizes.reduce((sum, size) => sum + size, 0);
  const draws = rows === 0 ? 0 : Math.min(most, drawsFor(rows, passesOf(rules, enough)));
  const { metrics, hurdles } = drawAll(rules, task, enough, draws);
  const [primary, ...guardrails] = metrics;
  if (primary === undefined) return { draws, simulated: [], further: [] };
  const canPass = enough === plan;
  const share = (requirement: Requirement, truth: number, look: keyof Chances): number => {
    let passed = 0;
    for (let draw = 0; draw < draws && canPass; draw++) {
      const guarded = guardrails.every((one) => passes(one, draw, look, 'not-worse', 0));
      if (!guarded || !passes(primary, draw, look, requirement, truth)) continue;
      if (hurdles[draw]?.every((hurdle) => clears(hurdle, truth, look))) passed++;
    }
    return passed / draws;
  };
  const together = (requirement: Requirement) => (truth: number) => ({
    advisory: share(requirement, truth, 'advisory'),
    promotion: share(requirement, truth, 'promotion'),
  });
  const several = guardrails.length > 0 || hurdles.some((drawn) => drawn.length > 0);
  const rule = (one: DrawnMetric, role: SimulatedRule['role'], requirement: Requirement): SimulatedRule => {
    const judged = canPass && draws > 0 ? one.draws.filter((found) => found !== undefined).length / draws : 0;
    const evidence = evidenceOf(one, requirement, enough.sizes.length, plan.sizes.length);
    const gate = role === 'primary' && several && draws > 0 ? together(requirement) : undefined;
    return simulatedRule({ metric: one.name, role, evidence, judged }, levels, gate);
  };
  const asked: Requirement[] = rules.require === undefined ? ['better', 'not-worse'] : [rules.require];
  return {
    draws,
    simulated: [
      ...asked.map((requirement) => rule(primary, 'primary', requirement)),
      ...guardrails.map((one) => rule(one, 'guardrail', 'not-worse')),
    ],
    further: canPass ? furtherRules(hurdles) : [],
  };
}

/** The level of an advisory look, and of one of the looks at a sealed half. */
export function levelsOf({ alpha, looks }: Pick<GateRules, 'alpha' | 'looks'>): Chances {
  return { advisory: alpha, promotion: alpha / looks };
}

/** The plan itself, or as often in a row as gives enough clusters. A plan without rows has nothing to repeat. */
function longEnough(plan: HoldoutPlan, clusters: number): HoldoutPlan {
  const { sizes, given } = plan;
  if (sizes.length >= clusters || sizes.length === 0) return plan;
  const times = Math.ceil(clusters / sizes.length);
  if (given === undefined) return { ...plan, sizes: Array.from({ length: times }, () => sizes).flat() };
  const repeated = repeatRows(given, times);
  return { ...plan, sizes: clusterSizes(repeated), given: repeated };
}

interface AllDrawn {
  readonly metrics: readonly DrawnMetric[];
  /** Of every drawn holdout. */
  readonly hurdles: readonly (readonly Hurdle[])[];
}

/** The primary metric, then the guardrails, and every other rule, on every drawn holdout. */
function drawAll(rules: GateRules, task: MetricTask, plan: HoldoutPlan, draws: number): AllDrawn {
  const settings = { rules, alpha: rules.alpha };
  const levels = levelsOf(rules);
  const holdouts = judgedHoldouts(rules, task, plan, draws);
  const names = [rules.primary, ...rules.guardrails];
  const drawn: (Drawn | undefined)[][] = names.map(() => []);
  const hurdles: Hurdle[][] = [];
  for (let draw = 0; draw < draws; draw++) {
    const examples = holdouts(draw);
    names.forEach((name, index) => {
      const metric: Metric = METRICS[name];
      drawn[index]?.push(drawnOf(metricDifference(metric, examples, settings), levels));
    });
    hurdles.push(drawnHurdles(rules, examples, levels));
  }
  const metrics = names.map((name, index) => {
    const found = drawn[index] ?? [];
    const baselines = found.flatMap((one) => one?.baseline ?? []);
    return { name, margin: marginOf(name, rules, baselines.length === 0 ? 0 : meanOf(baselines)), draws: found };
  });
  return { metrics, hurdles };
}

/** Drawn holdouts; where thresholds are chosen, both sides call by the one that a holdout besides them chooses. */
function judgedHoldouts(
  rules: GateRules,
  task: MetricTask,
  plan: HoldoutPlan,
  draws: number,
): (draw: number) => PairedExamples {
  const { given, ...supposed } = plan;
  const seed = seedOf(
    digestOf({ rules, task, plan: supposed, ...(given === undefined ? {} : { given: given.digest }) }),
  );
  const holdouts = createTaskHoldouts(task, plan, seed, rules.seeds);
  const chosen = rules.choose_threshold;
  if (chosen === undefined || draws === 0) return holdouts;
  const other = holdouts(draws);
  const threshold = thresholdFor(chosen, other, other.baseline) ?? rules.threshold;
  return (draw) => ({ ...holdouts(draw), thresholds: { candidate: threshold, baseline: threshold } });
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

/** What the draws say of standard errors, for the clusters that there are. */
function evidenceOf(
  { draws, margin }: DrawnMetric,
  requirement: Requirement,
  drawn: number,
  clusters: number,
): Evidence {
  const judged = draws
    .filter((one) => one !== undefined)
    .map(({ standardError, degreesOfFreedom }) => ({
      standardError: standardError * Math.sqrt(drawn / clusters),
      degreesOfFreedom:
        drawn === clusters ? degreesOfFreedom : degreesAt({ degreesOfFreedom, clusters: drawn }, clusters),
    }));
  return {
    requirement,
    margin,
    standardError: Math.sqrt(meanOf(judged.map(({ standardError }) => standardError ** 2))),
    degreesOfFreedom: meanOf(judged.map(({ degreesOfFreedom }) => degreesOfFreedom)),
    clusters,
    draws: precisionsOf(judged),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
