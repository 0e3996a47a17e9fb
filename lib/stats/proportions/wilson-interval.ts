import { normalCritical } from '../distributions/normal.ts';
import type { Interval } from '../hypothesis-test.ts';
import { checkLevel, checkProportion, type Proportion } from './proportion.ts';

/**
 * Wilson's score interval of one proportion (1927, JASA 22:209): the values that the score test does not reject. The
 * default for accuracy-like numbers: close to its level for every n, never outside of 0 … 1, never of no width.
 * Assumes independent trials. No trial leaves 0 … 1.
 */
export function wilsonInterval(proportion: Proportion, level = 0.95): Interval {
  checkProportion(proportion);
  checkLevel(level);
  const { successes, trials } = proportion;
  if (trials === 0) return { lower: 0, upper: 1 };
  const z = normalCritical(level);
  return { lower: lowerLimit(successes, trials, z), upper: 1 - lowerLimit(trials - successes, trials, z) };
}

/** The smaller root of the quadratic, taken from the product of the roots so that a small one keeps its digits. */
function lowerLimit(successes: number, trials: number, z: number): number {
  const share = successes / trials;
  const failures = (trials - successes) / trials;
  const square = (z * z) / trials;
  const larger = share + square / 2 + Math.sqrt(square * share * failures + (square * square) / 4);
  return (share * share) / larger;
}
