import { betaQuantile, betaUpperQuantile } from '../distributions/beta-distribution.ts';
import type { Interval } from '../hypothesis-test.ts';
import { checkLevel, checkProportion, type Proportion } from './proportion.ts';

/**
 * The exact interval of one proportion (Clopper and Pearson 1934, Biometrika 26:404): the values that neither one-sided
 * binomial test at (1 − level)/2 rejects. Covers at least `level` always, usually more; for where a guarantee is
 * asked for. Assumes independent trials. No trial leaves 0 … 1.
 */
export function clopperPearsonInterval(proportion: Proportion, level = 0.95): Interval {
  checkProportion(proportion);
  checkLevel(level);
  const { successes, trials } = proportion;
  const tail = (1 - level) / 2;
  return {
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    upper: successes === trials ? 1 : betaUpperQuantile(tail, successes + 1, trials - successes),
  };
}
