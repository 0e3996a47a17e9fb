import { fTails } from '../distributions/f-distribution.ts';
import { studentTwoSided } from '../distributions/student-t.ts';

/** Five repetitions of two folds (Dietterich 1998; Alpaydın 1999). */
export interface FiveByTwoCv {
  /** Σ of the squared differences from each repetition's mean, one a repetition. */
  readonly variances: readonly number[];
  /** Dietterich's t: the first difference over the root of the mean variance; 5 degrees of freedom, two-sided p. */
  readonly t: number;
  readonly pValueT: number;
  /** Alpaydın's F, which uses all ten differences and does not depend on their order; 10 and 5 degrees of freedom. */
  readonly f: number;
  readonly pValueF: number;
  /** No repetition's folds differ: t and F are 0 with p 1 when all differences are 0, else infinite with p 0. */
  readonly degenerate?: 'no-variation';
}

type Pair = readonly [number, number];

/** Differences candidate − baseline: five repetitions of two folds. */
export type FiveRepetitions = readonly [Pair, Pair, Pair, Pair, Pair];

const REPETITIONS = 5;
/** Folds that differ by less than this, beside the size of the differences, differ by rounding. */
const ROUNDING = 4 * Number.EPSILON;
const T_DEGREES = 5;
const F_DEGREES = [10, 5] as const;

/** 5×2cv t and F tests that two recipes do equally well when trained on half of the data. */
export function fiveByTwoCv(differences: FiveRepetitions): FiveByTwoCv {
  // (a − m)² + (b − m)² with m the mean of both.
  const variances = differences.map(([a, b]) => (a - b) ** 2 / 2);
  const spread = variances.reduce((sum, variance) => sum + variance, 0);
  const squares = differences.reduce((sum, [a, b]) => sum + a * a + b * b, 0);
  const first = differences[0][0];
  if (spread <= ROUNDING ** 2 * squares) {
    const t = first === 0 ? 0 : first / 0;
    const f = squares === 0 ? 0 : Number.POSITIVE_INFINITY;
    return { variances, t, pValueT: t === 0 ? 1 : 0, f, pValueF: f === 0 ? 1 : 0, degenerate: 'no-variation' };
  }
  const t = first / Math.sqrt(spread / REPETITIONS);
  const f = squares / (2 * spread);
  return { variances, t, pValueT: studentTwoSided(t, T_DEGREES), f, pValueF: fTails(f, ...F_DEGREES).upper };
}
