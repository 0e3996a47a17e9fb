import type { MetricTask } from '../../metrics/metric.ts';
import { normalQuantile } from '../../stats/distributions/normal.ts';
import { type PairedExamples, scoreWidth } from '../evidence/paired-examples.ts';
import { createNoise, timeOrder } from '../simulate/drawn-noise.ts';
import { labelFrom, plannedRows } from '../simulate/drawn-rows.ts';
import { noiseComponents, scoreWriter } from '../simulate/drawn-scores.ts';
import { createHoldoutDraws } from './holdout-draws.ts';
import type { HoldoutPlan } from './holdout-plan.ts';

export type { HoldoutPlan, Sides } from './holdout-plan.ts';

/** One drawn holdout: the same plan as a binary and as a regression task; each is drawn when it is asked for. */
export interface PlannedHoldout {
  readonly binary: PairedExamples;
  readonly regression: PairedExamples;
}

/** The separation of two normal distributions of one width at which the area under the ROC curve is `auc`. */
export function separationOf(auc: number): number {
  return Math.SQRT2 * normalQuantile(auc);
}

/** ln of p/(1 − p) where p is the true probability of a positive at a score: models here are calibrated. */
export function logitOf(score: number, separation: number, positives: number): number {
  return Math.log(positives / (1 - positives)) + separation * score - (separation * separation) / 2;
}

/** Holdouts of a plan by their numbers, as a binary and as a regression task: what the benchmarks of error rates draw. */
export function createPlannedHoldouts(
  plan: HoldoutPlan,
  seed: readonly [number, number],
): (number: number) => PlannedHoldout {
  const binary = createTaskHoldouts('binary', plan, seed);
  const regression = createTaskHoldouts('regression', plan, seed);
  return (number) => ({
    get binary() {
      return binary(number);
    },
    get regression() {
      return regression(number);
    },
  });
}

/**
 * Draws holdouts of a plan for a task: labels, unless the rows are given, and both sides' scores, with a part that all rows
 * of a cluster share (some days have more positives, and on some days one side is right more often than the other) and a
 * part that both sides share (some rows are hard). What is drawn is written over by the next draw.
 *
 * @param trainings of the candidate: with several, the scores of each are drawn
 * @returns the holdout of that number: a function of task, plan, seed and number alone
 */
export function createTaskHoldouts(
  task: MetricTask,
  plan: HoldoutPlan,
  seed: readonly [number, number],
  trainings = 1,
): (number: number) => PairedExamples {
  const rows = plan.given ?? plannedRows(task, plan);
  const { labels } = rows;
  const sides = 1 + trainings;
  const draws = createHoldoutDraws(seed);
  // One series alone has one row a day, and nobody has to name it.
  const alone = rows.series === undefined && rows.clusterCount === labels.length;
  const noiseRows = alone ? { ...rows, series: new Int32Array(labels.length) } : rows;
  const labelNoise = createNoise(draws, rows, { ...plan, reach: 1, agreement: 0 }, { components: 1, sides: 1 });
  const noise = createNoise(draws, noiseRows, scoreShares(task, plan), {
    components: noiseComponents(task, plan),
    sides,
  });
  const queries = task === 'ranking' ? queryNoise(draws, rows, plan, sides) : undefined;
  const scores = Array.from({ length: sides }, () => new Float64Array(labels.length * scoreWidth(rows)));
  const write = scoreWriter(task, plan, rows, queries?.ease ?? new Float64Array());
  const order = timeOrder(rows);
  const label = plan.given === undefined ? labelFrom(task, plan) : undefined;
  const latent = new Float64Array(1);
  const own = new Float64Array(noise.width);
  const [baseline = new Float64Array(), candidate = baseline] = scores;
  const { digest: _digest, ...parts } = rows;
  const examples: PairedExamples = {
    ...parts,
    ids: new Array<string>(labels.length).fill(''),
    candidate,
    baseline,
    ...(trainings > 1 ? { seeds: scores.slice(1) } : {}),
  };
  return (number) => {
    draws.start(number);
    if (label !== undefined) {
      labelNoise.start();
      for (let row = 0; row < labels.length; row++) {
        labelNoise.row(row, latent);
        labels[row] = label(latent[0] as number);
      }
    }
    queries?.draw();
    noise.start();
    for (let at = 0; at < labels.length; at++) {
      const row = order === undefined ? at : (order[at] as number);
      noise.row(row, own);
      for (let side = 0; side < sides; side++) write(row, own, sides, side, scores[side] as Float64Array);
    }
    return examples;
  };
}

/** What a whole day shares does not change the order within a query: there days share how easy their queries are. */
function scoreShares(task: MetricTask, plan: HoldoutPlan): HoldoutPlan {
  return task === 'ranking' ? { ...plan, intraclass: 0 } : plan;
}

/** How much easier each query is than others, to each side: a part shared by the queries of a cluster. */
function queryNoise(
  draws: ReturnType<typeof createHoldoutDraws>,
  { queries = new Int32Array(), clusters, clusterCount }: Pick<PairedExamples, 'queries' | 'clusters' | 'clusterCount'>,
  plan: HoldoutPlan,
  sides: number,
) {
  const count = queries.reduce((most, code) => Math.max(most, code + 1), 0);
  const clusterOf = new Int32Array(count);
  queries.forEach((query, row) => {
    clusterOf[query] = clusters[row] as number;
  });
  const noise = createNoise(draws, { clusters: clusterOf, clusterCount }, plan, { components: 1, sides });
  const ease = new Float64Array(count * sides);
  return {
    ease,
    draw() {
      noise.start();
      for (let query = 0; query < count; query++) {
        noise.row(query, ease.subarray(query * sides, (query + 1) * sides));
      }
    },
  };
}
