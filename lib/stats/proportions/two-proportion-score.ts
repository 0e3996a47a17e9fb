import { normalCritical } from '../distributions/normal.ts';
import { normalP } from '../distributions/normal-p.ts';
import type { Alternative, Interval, TestResult } from '../hypothesis-test.ts';
import { findRoot } from '../numbers/find-root.ts';
import { checkLevel, checkProportion, type Proportion } from './proportion.ts';

/** `miettinen-nurminen` multiplies the restricted variance by N/(N−1), `mee` does not. */
export type ScoreVariance = 'miettinen-nurminen' | 'mee';

/**
 * The score interval of a difference of two independent proportions, candidate − baseline (Mee 1984, Biometrics
 * 40:1175; Miettinen and Nurminen 1985, Statistics in Medicine 4:213): the differences that `twoProportionScoreTest`
 * does not reject. Assumes independent trials. A side without a trial leaves −1 … 1.
 */
export function twoProportionScoreInterval(
  baseline: Proportion,
  candidate: Proportion,
  options: { readonly level?: number; readonly variance?: ScoreVariance } = {},
): Interval {
  const { level = 0.95, variance = 'miettinen-nurminen' } = options;
  checkProportion(baseline);
  checkProportion(candidate);
  checkLevel(level);
  if (baseline.trials === 0 || candidate.trials === 0) return { lower: -1, upper: 1 };
  const z = normalCritical(level);
  const estimate = candidate.successes / candidate.trials - baseline.successes / baseline.trials;
  const score = (difference: number): number => scoreStatistic(baseline, candidate, difference, variance);
  return {
    lower: estimate <= -1 ? -1 : findRoot((difference) => score(difference) - z, -1, estimate),
    upper: estimate >= 1 ? 1 : findRoot((difference) => score(difference) + z, estimate, 1),
  };
}

/**
 * The test of a difference of `nullDifference` (candidate − baseline) with the variance of the best fit under it
 * (Farrington and Manning 1990, Statistics in Medicine 9:1447); −m with `greater` tests not being worse by m. The
 * statistic is z. A side without a trial gives 0 and p = 1 (one-sided ½).
 */
export function twoProportionScoreTest(
  baseline: Proportion,
  candidate: Proportion,
  options: {
    readonly nullDifference?: number;
    readonly alternative?: Alternative;
    readonly variance?: ScoreVariance;
  } = {},
): TestResult<ScoreVariance> {
  const { nullDifference = 0, alternative = 'two-sided', variance = 'miettinen-nurminen' } = options;
  checkProportion(baseline);
  checkProportion(candidate);
  if (!(nullDifference > -1 && nullDifference < 1)) throw new RangeError(`${nullDifference} is not within −1 … 1`);
  const empty = baseline.trials === 0 || candidate.trials === 0;
  const statistic = empty ? 0 : scoreStatistic(baseline, candidate, nullDifference, variance);
  return { method: variance, alternative, statistic, ...normalP(statistic, alternative) };
}

/** Falls in the difference; ±∞ where the restricted variance is 0. */
function scoreStatistic(baseline: Proportion, candidate: Proportion, difference: number, kind: ScoreVariance): number {
  const estimate = candidate.successes / candidate.trials - baseline.successes / baseline.trials;
  if (estimate === difference) return 0;
  const was = restrictedShare(baseline, candidate, difference);
  const is = Math.min(1, Math.max(0, was + difference));
  const trials = baseline.trials + candidate.trials;
  const factor = kind === 'mee' ? 1 : trials / (trials - 1);
  const variance = factor * ((was * (1 - was)) / baseline.trials + (is * (1 - is)) / candidate.trials);
  return (estimate - difference) / Math.sqrt(variance);
}

/**
 * The baseline's share that fits best when the candidate's is larger by `difference`. Found as the root of the
 * likelihood's falling derivative: the closed form through an arc cosine loses half of its digits for large samples.
 */
function restrictedShare(baseline: Proportion, candidate: Proportion, difference: number): number {
  const terms = [
    { count: baseline.successes, at: (share: number) => share },
    { count: baseline.successes - baseline.trials, at: (share: number) => 1 - share },
    { count: candidate.successes, at: (share: number) => share + difference },
    { count: candidate.successes - candidate.trials, at: (share: number) => 1 - share - difference },
  ].filter(({ count }) => count !== 0);
  const slope = (share: number): number =>
    terms.reduce((sum, { count, at }) => sum + count / Math.max(0, at(share)), 0);
  return findRoot(slope, Math.max(0, -difference), Math.min(1, 1 - difference));
}
