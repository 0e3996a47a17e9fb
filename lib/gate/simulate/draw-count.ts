import type { HoldoutPlan } from '../holdout/holdout-plan.ts';
import type { GateRules } from '../rules.ts';

/** Rows that all draws have together, for two metrics: some seconds of work. */
const ROWS_IN_ALL = 4_000_000;
const FEWEST_DRAWS = 100;
export const MOST_DRAWS = 1_000;

/** Of a large holdout they would take minutes: then so many rows in all, and no fewer draws than single rules need. */
const LARGE_ROWS_IN_ALL = 10_000_000;
const FEWEST_OF_LARGE = 30;

/**
 * How many holdouts of so many rows are drawn: enough for 5 points (of 100) of Monte-Carlo error at worst, for 9 where
 * the holdout is very large.
 *
 * @param passes over the rows that the rules take; a primary metric and a guardrail take two
 */
export function drawsFor(rows: number, passes = 2): number {
  const work = (rows * passes) / 2;
  const few = Math.max(FEWEST_OF_LARGE, Math.min(FEWEST_DRAWS, Math.floor(LARGE_ROWS_IN_ALL / work)));
  return Math.max(few, Math.min(MOST_DRAWS, Math.floor(ROWS_IN_ALL / work)));
}

/** What rules cost, in estimates of one metric on both sides: measured, with eight slices or groups. */
const COSTS = { slices: 3, critical: 6, floor: 1, fairness: 20, calibration: 2 } as const;

/** How often the rules go through a holdout's rows; one training's scores of one metric on both sides are one pass. */
export function passesOf(rules: GateRules, { classes = [] }: HoldoutPlan): number {
  const slices = rules.slices.map(({ critical }) => (critical ? COSTS.critical : COSTS.slices));
  const passes =
    slices.reduce((sum, cost) => sum + cost, 1 + rules.guardrails.length) +
    COSTS.floor * Object.keys(rules.floors).length +
    COSTS.fairness * (rules.fairness?.length ?? 0) +
    (rules.calibration === undefined ? 0 : COSTS.calibration);
  const trainings = (1 + (rules.seeds ?? 1)) / 2;
  return passes * trainings * Math.max(1, classes.length / 2);
}
