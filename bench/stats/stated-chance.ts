import { compareMetric } from '../../lib/gate/compare/compare-metric.ts';
import { DEFAULT_METRICS } from '../../lib/gate/default-metrics.ts';
import type { HoldoutPlan } from '../../lib/gate/holdout/holdout-plan.ts';
import { createTaskHoldouts } from '../../lib/gate/holdout/planned-holdout.ts';
import { GateRules } from '../../lib/gate/rules.ts';
import { simulateGate } from '../../lib/gate/simulate/simulate-gate.ts';
import type { MetricTask } from '../../lib/metrics/metric.ts';

/** What `assay simulate` states of a candidate that is truly better, beside what became of such candidates. */
export interface StatedChance {
  readonly rules: GateRules;
  /** The mean difference of the primary metric. */
  readonly truth: number;
  /** Chance, 0 to 1, that it is shown better. */
  readonly stated: number;
  /** Of the draws, those in which the gate found so. */
  readonly passed: number;
}

/** The usual primary metric, to be shown better. Forecasts are two days ahead: their errors last for two days. */
export function betterRules(task: MetricTask): GateRules {
  const series = task === 'forecast' ? { time_series: { horizon: 2 } } : {};
  return GateRules.parse({ primary: DEFAULT_METRICS[task].primary, require: 'better', ...series });
}

/** A plan whose errors last as long as the task's. */
export function planFor(task: MetricTask, plan: HoldoutPlan): HoldoutPlan {
  return task === 'forecast' ? { ...plan, reach: 2 } : plan;
}

/**
 * Draws holdouts on which the candidate truly is better, has the gate judge them, and asks what is stated of that truth.
 *
 * @param plan both sides equal
 * @param gain how much better the candidate is made: its separation and its errors, as a share
 * @param most holdouts that the statement rests on
 */
export function statedChance(
  task: MetricTask,
  plan: HoldoutPlan,
  { gain, draws, seed, most }: { gain: number; draws: number; seed: readonly [number, number]; most?: number },
): StatedChance {
  const rules = betterRules(task);
  const equal = planFor(task, plan);
  const { separation, deviation } = equal;
  const holdouts = createTaskHoldouts(
    task,
    {
      ...equal,
      separation: { ...separation, candidate: separation.baseline * (1 + gain) },
      deviation: { ...deviation, candidate: deviation.baseline * (1 - gain) },
    },
    seed,
  );
  let passed = 0;
  let truth = 0;
  for (let draw = 0; draw < draws; draw++) {
    const found = compareMetric(rules.primary, 'primary', 'better', holdouts(draw), { rules, alpha: rules.alpha });
    if (found.verdict === 'pass') passed++;
    truth += (found.difference ?? 0) / draws;
  }
  // With that margin it is the planned truth, whose chance is stated.
  const [rule] = simulateGate({ ...rules, margins: { [rules.primary]: truth } }, task, equal, most).simulated;
  return { rules, truth, stated: rule?.planned.rule.advisory ?? Number.NaN, passed };
}
