/**
 * Whether the chances that `assay simulate` states are true: for every task, holdouts are drawn on which the candidate truly is
 * better, the gate judges them, and what passes is counted. Prints the table of docs/how-it-decides.md.
 *
 *   node bench/stats/simulated-chances.ts 2000
 */
import type { HoldoutPlan } from '../../lib/gate/holdout/holdout-plan.ts';
import { separationOf } from '../../lib/gate/holdout/planned-holdout.ts';
import type { MetricTask } from '../../lib/metrics/metric.ts';
import { wilsonInterval } from '../../lib/stats/proportions/wilson-interval.ts';
import { statedChance } from './stated-chance.ts';

const APART = separationOf(0.8);

/** Both sides equal: what `simulate` is asked about. */
const PLAN: HoldoutPlan = {
  sizes: new Array<number>(40).fill(20),
  intraclass: 0.05,
  positives: 0.3,
  agreement: 0.9,
  separation: { baseline: APART, candidate: APART },
  deviation: { baseline: 2, candidate: 2 },
  target: { mean: 20, deviation: 4 },
  classes: [0.5, 0.3, 0.2],
  levels: [0.1, 0.5, 0.9],
  documents: 10,
};

/** How much better the candidate truly is: its separation and its errors, as a share. */
const GAINS: Readonly<Record<MetricTask, number>> = {
  binary: 0.08,
  multiclass: 0.06,
  regression: 0.035,
  quantile: 0.035,
  ranking: 0.22,
  forecast: 0.05,
};

const draws = Number(process.argv[2] ?? 1000);
const percent = (share: number): string => (100 * share).toFixed(1);
console.log(
  '| task | metric | truly better by | stated | passed | 95 % range |\n| --- | --- | ---: | ---: | ---: | --- |',
);
for (const task of Object.keys(GAINS) as MetricTask[]) {
  const { rules, truth, stated, passed } = statedChance(task, PLAN, { gain: GAINS[task], draws, seed: [7, 11] });
  const { lower, upper } = wilsonInterval({ successes: passed, trials: draws }, 0.95);
  console.log(
    `| ${task} | ${rules.primary} | ${truth.toPrecision(2)} | ${percent(stated)} % | ${percent(passed / draws)} % | ${percent(lower)} to ${percent(upper)} % |`,
  );
}
