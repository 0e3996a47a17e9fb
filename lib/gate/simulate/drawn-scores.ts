import type { MetricTask } from '../../metrics/metric.ts';
import { normalQuantile } from '../../stats/distributions/normal.ts';
import type { GivenRows } from '../evidence/given-rows.ts';
import type { HoldoutPlan } from '../holdout/holdout-plan.ts';

/** How much the widths that a quantile model predicts differ from row to row, as the logarithm's standard deviation. */
const WIDTH_SPREAD = 0.1;

/** How much easier some queries are than others: standard deviation of their separation over its mean. */
const QUERY_SPREAD = 0.5;

/** Components of the noise that a row's scores are made of; queries have one of their own. */
export function noiseComponents(task: MetricTask, { classes = [] }: Pick<HoldoutPlan, 'classes'>): number {
  if (task === 'multiclass') return classes.length;
  return task === 'quantile' ? 2 : 1;
}

/** Writes one side's scores of a row, from that side's noise: `noise[component · sides + side]`. */
export type ScoreWriter = (row: number, noise: Float64Array, sides: number, side: number, out: Float64Array) => void;

/**
 * The scores that a model of this kind gives: calibrated probabilities and quantiles, and errors of the planned size.
 *
 * @param queryEase ranking: how much easier each query is to each side, standard normal, `[query · sides + side]`
 */
export function scoreWriter(
  task: MetricTask,
  plan: HoldoutPlan,
  rows: GivenRows,
  queryEase: Float64Array,
): ScoreWriter {
  const { separation, deviation } = plan;
  const apart = (side: number): number => (side === 0 ? separation.baseline : separation.candidate);
  const off = (side: number): number => (side === 0 ? deviation.baseline : deviation.candidate);
  const { labels } = rows;
  switch (task) {
    case 'binary': {
      const offset = Math.log(plan.positives / (1 - plan.positives));
      return (row, noise, _sides, side, out) => {
        const distance = apart(side);
        const score = (labels[row] as number) * distance + (noise[side] as number);
        out[row] = 1 / (1 + Math.exp(-(offset + distance * score - (distance * distance) / 2)));
      };
    }
    case 'multiclass':
      return classProbabilities(plan, labels, apart);
    case 'quantile': {
      const steps = (plan.levels ?? []).map(normalQuantile);
      return (row, noise, sides, side, out) => {
        const centre = (labels[row] as number) + off(side) * (noise[side] as number);
        const width = off(side) * Math.exp(WIDTH_SPREAD * (noise[sides + side] as number));
        for (let j = 0; j < steps.length; j++) out[row * steps.length + j] = centre + width * (steps[j] as number);
      };
    }
    case 'ranking': {
      const best = labels.reduce((most, label) => Math.max(most, label), 0) || 1;
      const queries = rows.queries ?? new Int32Array(labels.length);
      return (row, noise, sides, side, out) => {
        const ease = 1 + QUERY_SPREAD * (queryEase[(queries[row] as number) * sides + side] as number);
        out[row] = (apart(side) * ease * (labels[row] as number)) / best + (noise[side] as number);
      };
    }
    case 'regression':
    case 'forecast':
      return (row, noise, _sides, side, out) => {
        out[row] = (labels[row] as number) + off(side) * (noise[side] as number);
      };
  }
}

/** Bayes' rule for one normal number a class, higher by the separation for the true one. */
function classProbabilities(
  { classes = [] }: HoldoutPlan,
  labels: Float64Array,
  apart: (side: number) => number,
): ScoreWriter {
  const count = classes.length;
  const priors = classes.map(Math.log);
  const logs = new Float64Array(count);
  return (row, noise, sides, side, out) => {
    const distance = apart(side);
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const score = (labels[row] === k ? distance : 0) + (noise[k * sides + side] as number);
      const log = (priors[k] as number) + distance * score;
      logs[k] = log;
      if (log > most) most = log;
    }
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = Math.exp((logs[k] as number) - most);
      logs[k] = weight;
      sum += weight;
    }
    for (let k = 0; k < count; k++) out[row * count + k] = (logs[k] as number) / sum;
  };
}
