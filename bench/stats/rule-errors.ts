/**
 * How often the further rules say yes exactly at their limit, where they may in 2.5 % of holdouts: fairness gaps,
 * calibration, several seeds. Made-up holdouts of 40 days whose rows hang together by day. Prints the table that
 * docs/how-it-decides.md speaks of.
 *
 *   node bench/stats/rule-errors.ts 2000 [words that the scenario's name begins with]
 */
import { compareCalibration } from '../../lib/gate/compare/compare-calibration.ts';
import { compareFairness } from '../../lib/gate/compare/compare-fairness.ts';
import { compareMetric } from '../../lib/gate/compare/compare-metric.ts';
import type { Comparison } from '../../lib/gate/decision.ts';
import type { PairedExamples } from '../../lib/gate/evidence/paired-examples.ts';
import { type CalibrationRule, type FairnessRule, GateRules } from '../../lib/gate/rules.ts';
import { wilsonInterval } from '../../lib/stats/proportions/wilson-interval.ts';
import { createRandom, type Random } from '../../lib/stats/resampling/random.ts';

const DAYS = 40;
const ALPHA = 0.025;

/** One made-up holdout, judged. */
type Draw = (random: Random) => Comparison | undefined;

/** Standard normal (Box & Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

function settings(primary: 'accuracy' | 'mse' | 'roc_auc') {
  return { rules: GateRules.parse({ primary }), alpha: ALPHA };
}

function examplesOf(
  columns: Pick<PairedExamples, 'labels' | 'candidate' | 'baseline'> & Partial<PairedExamples>,
): PairedExamples {
  const rows = columns.labels.length;
  return {
    ids: Array.from({ length: rows }, (_none, row) => String(row)),
    clusters: Int32Array.from({ length: rows }, (_none, row) => Math.floor((row * DAYS) / rows)),
    clusterCount: DAYS,
    slices: new Map(),
    ...columns,
  };
}

/** Shares of right calls by group on each side, by a rule at whose limit the candidate's gap truly is. */
function fairness(
  baseline: readonly number[],
  candidate: readonly number[],
  rule: Omit<FairnessRule, 'column'>,
  perGroup = 20,
): Draw {
  return (random) => {
    const rows: { label: number; candidate: number; baseline: number; group: string }[] = [];
    for (let day = 0; day < DAYS; day++) {
      const common = 0.05 * normal(random);
      const own = common + 0.02 * normal(random);
      baseline.forEach((share, group) => {
        for (let row = 0; row < perGroup; row++) {
          const label = random.uniform() < 0.5 ? 1 : 0;
          const luck = random.uniform();
          const same = random.uniform() < 0.6 ? luck : random.uniform();
          const right = luck < share + common;
          const candidateRight = same < (candidate[group] ?? 0) + own;
          rows.push({
            label,
            baseline: right ? label : 1 - label,
            candidate: candidateRight ? label : 1 - label,
            group: String(group),
          });
        }
      });
    }
    const examples = examplesOf({
      labels: Float64Array.from(rows, ({ label }) => label),
      candidate: Float64Array.from(rows, (row) => row.candidate),
      baseline: Float64Array.from(rows, (row) => row.baseline),
      slices: new Map([['group', rows.map(({ group }) => group)]]),
    });
    const against = rule.gap === undefined ? 'baseline' : 'nothing';
    return compareFairness({ column: 'group', ...rule }, examples, settings('accuracy'), against)[0];
  };
}

/** What is told of each row, and what happens to it with a chance that its day shifts. */
function outcomes(
  random: Random,
  perDay: number,
  spread: number,
  rowOn: (day: number) => { readonly told: number; readonly chance: number },
): { readonly truth: Float64Array; readonly labels: Float64Array } {
  const truth = new Float64Array(DAYS * perDay);
  const labels = new Float64Array(truth.length);
  let day = 0;
  for (let row = 0; row < truth.length; row++) {
    if (row % perDay === 0) day = spread * normal(random);
    const { told, chance } = rowOn(day);
    truth[row] = told;
    labels[row] = random.uniform() < chance ? 1 : 0;
  }
  return { truth, labels };
}

/** Probabilities that are off by a constant on each side, on days that are off by chance. */
function calibration(rule: CalibrationRule, candidate: number, baseline: number, perDay: number, spread: number): Draw {
  return (random) => {
    const { truth, labels } = outcomes(random, perDay, spread, (day) => {
      const p = 0.25 + 0.5 * random.uniform();
      return { told: p, chance: p + day };
    });
    const off = (by: number) => truth.map((p) => p + by);
    const examples = examplesOf({ labels, candidate: off(candidate), baseline: off(baseline) });
    return compareCalibration(rule, examples, settings('roc_auc'), 'baseline')[0];
  };
}

/** Probabilities whose logits are stretched on each side so that the slope that sets them right is this. */
function slope(rule: CalibrationRule, candidate: number, perDay: number, spread: number): Draw {
  return (random) => {
    const { truth, labels } = outcomes(random, perDay, spread, (day) => {
      const logit = 1.5 * normal(random);
      return { told: 1 / (1 + Math.exp(-logit / candidate)), chance: 1 / (1 + Math.exp(-logit - day)) };
    });
    const examples = examplesOf({ labels, candidate: truth, baseline: truth });
    return compareCalibration(rule, examples, settings('roc_auc'), 'nothing')[0];
  };
}

/** Trainings whose squared errors differ from the baseline's by seed and by day, on average by nothing. */
function seeds(count: number, deviation: number): Draw {
  return (random) => {
    const perDay = 30;
    const days = Float64Array.from({ length: DAYS }, () => 0.1 * normal(random));
    const labels = Float64Array.from({ length: DAYS * perDay }, () => normal(random));
    const squares = labels.map(() => 9 + normal(random) ** 2);
    const trained = Array.from({ length: count }, () => {
      const seed = deviation * normal(random);
      return labels.map((label, row) => {
        const day = days[Math.floor(row / perDay)] ?? 0;
        return label + Math.sqrt((squares[row] ?? 0) + seed + day + 0.3 * normal(random));
      });
    });
    const [candidate = labels] = trained;
    const baseline = labels.map((label, row) => label + Math.sqrt(squares[row] ?? 0));
    const examples = examplesOf({ labels, candidate, baseline, ...(count > 1 ? { seeds: trained } : {}) });
    return compareMetric('mse', 'primary', 'better', examples, settings('mse'));
  };
}

const EIGHT = Array.from({ length: 8 }, () => 0.8);
const ONE_WORSE = [...EIGHT.slice(1), 0.75];
const SCENARIOS: readonly (readonly [string, Draw])[] = [
  ['fairness: 2 groups, none grew to 0.05', fairness([0.8, 0.8], [0.8, 0.75], { margin: 0.05 })],
  ['fairness: 3 groups, none grew to 0.05', fairness([0.8, 0.8, 0.8], [0.8, 0.8, 0.75], { margin: 0.05 })],
  ['fairness: 8 groups, none grew to 0.05', fairness(EIGHT, ONE_WORSE, { margin: 0.05 })],
  ['fairness: 3 groups, 0.10 grew to 0.15', fairness([0.85, 0.8, 0.75], [0.85, 0.8, 0.7], { margin: 0.05 })],
  ['fairness: 3 groups, 0.10 grew to 0.15, of another', fairness([0.8, 0.8, 0.7], [0.8, 0.65, 0.8], { margin: 0.05 })],
  ['fairness: 3 groups, 0.05, at most 0.05', fairness([0.8, 0.8, 0.8], [0.8, 0.8, 0.75], { gap: 0.05 })],
  ['fairness: 8 groups, 0.05, at most 0.05', fairness(EIGHT, ONE_WORSE, { gap: 0.05 })],
  [
    'fairness: 8 groups, none grew to 0.05 against the rest',
    fairness(EIGHT, ONE_WORSE, { margin: 0.05, compare: 'rest' }),
  ],
  ['calibration: off by 0.05, at most 0.05, 50 rows a day', calibration({ max_ece: 0.05 }, 0.05, 0, 50, 0.06)],
  ['calibration: off by 0.05, at most 0.05, 500 rows a day', calibration({ max_ece: 0.05 }, 0.05, 0, 500, 0.06)],
  ['calibration: off by 0.10, at most 0.10, 50 rows a day', calibration({ max_ece: 0.1 }, 0.1, 0, 50, 0.06)],
  ['calibration: 0 grew to 0.05, margin 0.05', calibration({ margin: 0.05 }, 0.05, 0, 50, 0.06)],
  ['calibration: 0.10 grew to 0.112, margin 0.05', calibration({ margin: 0.05 }, Math.sqrt(0.0125), 0.1, 50, 0.06)],
  ['calibration: slope 0.8, 1 give or take 0.2, 50 rows a day', slope({ slope: 0.2 }, 0.8, 50, 0)],
  ['calibration: slope 1.25, 1 give or take 0.25, 50 rows a day', slope({ slope: 0.25 }, 1.25, 50, 0)],
  ['seeds that differ by 0.10: one training', seeds(1, 0.1)],
  ['seeds that differ by 0.10: the mean of 3', seeds(3, 0.1)],
  ['seeds that differ by 0.10: the mean of 5', seeds(5, 0.1)],
  ['seeds that differ by 0.02: the mean of 5', seeds(5, 0.02)],
];

const [drawsText = '2000', only = ''] = process.argv.slice(2);
const draws = Number(drawsText);
const percent = (share: number): string => (100 * share).toFixed(1);
console.log('| at its limit | said yes | 95 % range | said no |\n| --- | ---: | --- | ---: |');
SCENARIOS.forEach(([name, draw], scenario) => {
  if (!name.startsWith(only)) return;
  let passed = 0;
  let refused = 0;
  for (let index = 0; index < draws; index++) {
    const verdict = draw(createRandom([scenario, index]))?.verdict;
    if (verdict === 'pass') passed++;
    if (verdict === 'fail') refused++;
  }
  const { lower, upper } = wilsonInterval({ successes: passed, trials: draws }, 0.95);
  console.log(
    `| ${name} | ${percent(passed / draws)} % | ${percent(lower)} to ${percent(upper)} % | ${percent(refused / draws)} % |`,
  );
});
