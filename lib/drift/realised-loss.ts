import { type ClusteredMean, clusteredMean } from '../stats/clusters/clustered-mean.ts';
import { studentQuantile } from '../stats/distributions/student-t.ts';
import type { Verdict } from '../verdict.ts';
import type { RealisedLoss } from './drift-report.ts';

/** Labelled days that an answer needs: with fewer, a t interval is too wide to be of use. */
export const MIN_LOSS_DAYS = 5;
const LEVEL = 0.975;

/** Loss summed by day: one entry a day with labelled rows. */
export interface LossByDay {
  readonly sums: ArrayLike<number>;
  readonly rows: ArrayLike<number>;
}

export interface RealisedLossInput {
  /** e.g. `log_loss`, `mae`, `rmse`; smaller is better. */
  readonly metric: string;
  /** `root` for metrics that are the root of a mean (RMSE: give squared errors). */
  readonly scale: 'mean' | 'root';
  readonly current: LossByDay;
  /** Losses on the registered holdout by day; or their level alone, which is then taken as known exactly. */
  readonly reference: LossByDay | { readonly level: number };
  /** Allowed worsening, > 0, in the metric's unit. */
  readonly margin: number;
}

/**
 * Is the version in production worse on newly labelled rows than it was on its holdout? A 95 % t interval of the
 * worsening with days as clusters on both sides (Welch's degrees of freedom). `fail` when its lower limit exceeds the
 * margin, `pass` when its upper limit does not; in between `warn` if it is surely worse, else `inconclusive`.
 */
export function realisedLoss(input: RealisedLossInput): RealisedLoss {
  const current = onScale(clusteredMean(input.current.sums, input.current.rows), input.scale);
  const reference =
    'level' in input.reference
      ? { mean: input.reference.level, standardError: 0, rows: 0, clusters: 0 }
      : onScale(clusteredMean(input.reference.sums, input.reference.rows), input.scale);
  const worsening = current.mean - reference.mean;
  const facts = { metric: input.metric, margin: input.margin, rows: current.rows, clusters: current.clusters };
  if (current.clusters < MIN_LOSS_DAYS || !Number.isFinite(worsening) || !Number.isFinite(reference.standardError)) {
    const known = Number.isFinite(worsening) ? worsening : 0;
    return {
      ...facts,
      reference: finite(reference.mean),
      current: finite(current.mean),
      lower: known,
      upper: known,
      verdict: 'inconclusive',
      reason: 'too-few-days',
    };
  }
  const half = halfWidth(current, reference);
  const lower = worsening - half;
  const upper = worsening + half;
  return {
    ...facts,
    reference: reference.mean,
    current: current.mean,
    lower,
    upper,
    ...judge(lower, upper, input.margin),
  };
}

function judge(lower: number, upper: number, margin: number): { readonly verdict: Verdict; readonly reason: string } {
  if (lower > margin) return { verdict: 'fail', reason: 'worse-than-allowed' };
  if (upper <= margin) return { verdict: 'pass', reason: 'within-margin' };
  if (lower > 0) return { verdict: 'warn', reason: 'surely-worse' };
  return { verdict: 'inconclusive', reason: 'cannot-tell' };
}

/** The root's standard error by the delta method. */
function onScale(mean: ClusteredMean, scale: 'mean' | 'root'): ClusteredMean {
  if (scale === 'mean') return mean;
  const root = Math.sqrt(mean.mean);
  return { ...mean, mean: root, standardError: root === 0 ? 0 : mean.standardError / (2 * root) };
}

/** Welch (1947): half the width of the 95 % interval of a difference of two independent means. */
function halfWidth(a: ClusteredMean, b: ClusteredMean): number {
  const varianceA = a.standardError ** 2;
  const varianceB = b.standardError ** 2;
  const variance = varianceA + varianceB;
  if (variance === 0) return 0;
  const rest = varianceB === 0 ? 0 : varianceB ** 2 / (b.clusters - 1);
  const degrees = variance ** 2 / (varianceA ** 2 / (a.clusters - 1) + rest);
  return studentQuantile(LEVEL, degrees) * Math.sqrt(variance);
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
