import { sha256 } from '../lib/digest.ts';
import { type ComparisonSettings, compareMetric, conclude, leaveOut } from '../lib/gate/compare/compare-metric.ts';
import { clusterCodes, type PairedExamples } from '../lib/gate/evidence/paired-examples.ts';
import { GateRules, type MetricName } from '../lib/gate/rules.ts';
import type { Estimate } from '../lib/metrics/metric.ts';
import { METRICS } from '../lib/metrics/metrics.ts';
import { rocAuc } from '../lib/metrics/roc-auc.ts';
import { sumByCluster } from '../lib/stats/clusters/cluster-sums.ts';
import { clusteredInference } from '../lib/stats/inference.ts';
import { createRandom, type Random, seedOf } from '../lib/stats/resampling/random.ts';

/** Normal quantile of one-sided 2.5 %, for the methods that count rows. */
const Z = 1.959963984540054;
/** Default rules: one-sided 2.5 %, margin 0.01 of AUC, 2 % of the log loss. */
const RULES = GateRules.parse({ primary: 'roc_auc', guardrails: ['log_loss'] });
const SETTINGS: ComparisonSettings = { rules: RULES, alpha: RULES.alpha };

/** Two models' scores of the same labelled rows, and the day of each row. */
export interface Contest {
  readonly labels: Float64Array;
  readonly days: Float64Array;
  readonly one: Float64Array;
  readonly other: Float64Array;
}

/** How often a method said of a swapped pair "the candidate is better", though nothing can be. */
export interface FalsePasses {
  readonly metric: MetricName;
  readonly method: 'rows' | 'gate';
  /** What counted: DeLong or z on rows; the gate's method by its registered name. */
  readonly interval: string;
  readonly passes: number;
  readonly swaps: number;
}

/**
 * Swaps two models' scores day by day, each day by a fair coin, `swaps` times. After a swap the two sides have the same
 * distribution, whatever the models and however the rows of a day depend on each other: whoever calls the candidate
 * better errs. Counts how often the gate does, and how often the usual method that takes rows as independent does:
 * DeLong's for the AUC, a z test of the mean for the log loss.
 */
export function countFalsePasses(contest: Contest, swaps: number, name: string): FalsePasses[] {
  const metrics = [RULES.primary, ...RULES.guardrails];
  const seed = seedOf(sha256(name));
  const found = new Map(metrics.map((metric) => [metric, { rows: 0, gate: 0, interval: '' }]));
  const unswapped = pairedExamples(contest);
  for (let swap = 0; swap < swaps; swap++) {
    const examples = swapDays(unswapped, createRandom(seed, swap));
    for (const metric of metrics) {
      const tally = found.get(metric);
      if (tally === undefined) continue;
      const answer = judgeBoth(metric, examples);
      tally.interval = answer.interval;
      if (answer.rows) tally.rows++;
      if (answer.gate) tally.gate++;
      if (swap === 0) sameAsGate(metric, examples, answer.gate);
    }
  }
  return metrics.flatMap((metric): FalsePasses[] => {
    const tally = found.get(metric) ?? { rows: 0, gate: 0, interval: '' };
    const rows = metric === 'roc_auc' ? 'DeLong' : 'z of the mean';
    return [
      { metric, method: 'rows', interval: rows, passes: tally.rows, swaps },
      { metric, method: 'gate', interval: tally.interval, passes: tally.gate, swaps },
    ];
  });
}

function pairedExamples({ labels, days, one, other }: Contest): PairedExamples {
  const ids = Array.from(labels, (_label, row) => String(row));
  return { ids, labels, candidate: one, baseline: other, ...clusterCodes(days), slices: new Map() };
}

/** Every day's scores stay or change sides, by a fair coin. */
function swapDays(examples: PairedExamples, random: Random): PairedExamples {
  const stays = Array.from({ length: examples.clusterCount }, () => random.sign() === 1);
  return exchange(examples, (day) => stays[day] === true);
}

/** The examples with both sides' scores exchanged on the days that do not stay. */
function exchange(examples: PairedExamples, stays: (day: number) => boolean): PairedExamples {
  const { candidate, baseline, clusters } = examples;
  const sides = [new Float64Array(candidate.length), new Float64Array(candidate.length)] as const;
  for (let row = 0; row < candidate.length; row++) {
    const [own, others] = stays(clusters[row] as number) ? sides : [sides[1], sides[0]];
    own[row] = candidate[row] as number;
    others[row] = baseline[row] as number;
  }
  return { ...examples, candidate: sides[0], baseline: sides[1] };
}

/** Both answers from one pair of estimates: the same steps as the gate's `compareMetric`, without estimating twice. */
function judgeBoth(metric: MetricName, examples: PairedExamples) {
  const { estimate, higherIsBetter } = METRICS[metric];
  const { labels } = examples;
  const of = (scores: Float64Array): Estimate => {
    const found = estimate({ labels, scores, threshold: RULES.threshold });
    if (found === undefined) throw new Error(`${metric} has no value here`);
    return found;
  };
  const [candidate, baseline] = [of(examples.candidate), of(examples.baseline)];
  const sign = higherIsBetter ? 1 : -1;
  const influence = candidate.influence.map((value, row) => sign * (value - (baseline.influence[row] ?? 0)));
  const difference = sign * (candidate.value - baseline.value);
  const others = leaveOut(baseline, examples);
  const without = leaveOut(candidate, examples).map((value, day) => sign * (value - (others[day] ?? 0)));
  const inference = clusteredInference(difference, without);
  const found = {
    candidate: candidate.value,
    baseline: baseline.value,
    difference,
    clusters: without.length,
    inference,
  };
  const gate = conclude(found, 'better', 0.01, RULES.alpha);
  return {
    rows: difference > Z * rowStandardError(metric, influence, labels),
    gate: gate.verdict === 'pass',
    interval: gate.interval?.method ?? 'none',
  };
}

/** Rows as if independent: by class for the AUC (DeLong, DeLong & Clarke-Pearson 1988), of one mean for the log loss. */
function rowStandardError(metric: MetricName, influence: Float64Array, labels: Float64Array): number {
  const squares = [0, 0];
  const counts = [0, 0];
  influence.forEach((value, row) => {
    const group = metric === 'roc_auc' ? (labels[row] ?? 0) : 0;
    squares[group] = (squares[group] ?? 0) + value * value;
    counts[group] = (counts[group] ?? 0) + 1;
  });
  return Math.sqrt(
    squares.reduce((sum, square, group) => {
      const count = counts[group] ?? 0;
      return count < 2 ? sum : sum + (count / (count - 1)) * square;
    }, 0),
  );
}

/** The bench takes the gate's steps one by one; on the first swap it has to agree with the gate as it is called. */
function sameAsGate(metric: MetricName, examples: PairedExamples, passed: boolean): void {
  const { verdict } = compareMetric(metric, 'primary', 'better', examples, SETTINGS);
  if ((verdict === 'pass') !== passed) throw new Error(`the bench and the gate differ on ${metric}`);
}

/** Correlation of a day's difference between the two unswapped models with the next day's. */
export function dayToDayCorrelation({ labels, days, one, other }: Contest, metric: MetricName): number {
  const { clusters, clusterCount } = clusterCodes(days);
  const [a, b] = [one, other].map((scores) => METRICS[metric].estimate({ labels, scores, threshold: 0.5 }));
  if (a === undefined || b === undefined) throw new Error(`${metric} has no value here`);
  const influence = a.influence.map((value, row) => value - (b.influence[row] ?? 0));
  const { sums } = sumByCluster(influence, clusters, clusterCount);
  let products = 0;
  let squares = 0;
  sums.forEach((sum, day) => {
    squares += sum * sum;
    products += sum * (sums[day + 1] ?? 0);
  });
  return products / squares;
}

/**
 * How many equally weighty days the swaps of the AUC amount to: (Σθ²)² / Σθ⁴ over what one day's swap does to the
 * difference, 2θ. A swap of several days does exactly the sum of what each does.
 */
export function effectiveDays(contest: Contest): number {
  const examples = pairedExamples(contest);
  const differenceOf = (swappedDay: number): number => {
    const { candidate, baseline } = exchange(examples, (day) => day !== swappedDay);
    return rocAuc(examples.labels, candidate) - rocAuc(examples.labels, baseline);
  };
  const unswapped = differenceOf(-1);
  let [squares, fourths] = [0, 0];
  for (let day = 0; day < examples.clusterCount; day++) {
    const square = (unswapped - differenceOf(day)) ** 2;
    squares += square;
    fourths += square * square;
  }
  return (squares * squares) / fourths;
}
