import { type PermutationP, permutationP } from './permutation-p.ts';
import { type ResamplingTask, type RunResampling, runResampling } from './resampling-task.ts';
import { allSubsetSums, EXACT_UNITS } from './subset-enumeration.ts';

/** Random exchanges where not all are tried; odd, so that α (B + 1) is an integer for the usual levels. */
export const PERMUTATION_REPLICATES = 9_999;

export interface SignFlipTest extends PermutationP {
  /** Sum of the differences. */
  readonly sum: number;
}

/**
 * Paired permutation test of a sum (or mean) of differences: under the hypothesis each unit's difference is symmetric
 * about 0, so its sign may be flipped (Fisher 1935 §21; Pitman 1937). All 2^n flips for n ≤ EXACT_UNITS, else random
 * ones. With clusters hand in the clusters' sums: whole clusters flip. Zeros change nothing; without any units, or with
 * zeros alone, p is 1.
 *
 * @param differences one a unit
 * @param options `run`: who does the random flips; the answer does not depend on it
 */
export function signFlipTest(
  differences: Float64Array,
  options: {
    readonly seed: readonly [number, number];
    readonly replicates?: number;
    readonly run?: RunResampling;
  },
): SignFlipTest {
  if (differences.length <= EXACT_UNITS) return signFlipOf(differences, allSubsetSums(differences), true);
  const run = options.run ?? runResampling;
  const task = signFlipTask(differences, options.seed);
  return signFlipOf(differences, run(task, 0, options.replicates ?? PERMUTATION_REPLICATES), false);
}

/** The random part of the test as work that can be split; its totals go to `signFlipOf`. */
export function signFlipTask(differences: Float64Array, seed: readonly [number, number]): ResamplingTask {
  return { kind: 'choose', seed, columns: [differences] };
}

/** @param flipped sums of the differences that change their sign in each exchange */
export function signFlipOf(differences: Float64Array, flipped: Float64Array, exact: boolean): SignFlipTest {
  let sum = 0;
  let scale = 0;
  for (const difference of differences) {
    sum += difference;
    scale += Math.abs(difference);
  }
  const exchanged = flipped.map((moved) => sum - 2 * moved);
  return { sum, ...permutationP(exchanged, sum, scale, exact) };
}
