import { compensatedSum } from '../numbers/compensated-sum.ts';
import { type PermutationP, permutationP } from './permutation-p.ts';
import { createRandom } from './random.ts';
import { PERMUTATION_REPLICATES } from './sign-flip-test.ts';

/** Up to this many splits of the pooled rows all are tried. */
const EXACT_SPLITS = 2 ** 20;

export interface TwoSamplePermutationTest extends PermutationP {
  /** Mean of the second sample − mean of the first. */
  readonly difference: number;
}

/**
 * Permutation test of the difference of two means (Pitman 1937): under the hypothesis both samples come from one
 * distribution, so every split of the pooled rows is as likely. All splits where there are at most a million, else
 * random ones, each a function of the seed and its number. Clusters: hand in a value a cluster. Both samples need a row,
 * else every p is NaN.
 */
export function twoSamplePermutationTest(
  first: Float64Array,
  second: Float64Array,
  options: {
    readonly seed: readonly [number, number];
    readonly replicates?: number;
    readonly exactUpTo?: number;
  },
): TwoSamplePermutationTest {
  const pooled = Float64Array.of(...first, ...second);
  const total = compensatedSum(pooled);
  const size = first.length;
  const meanDifference = (sum: number): number => (total - sum) / second.length - sum / size;
  const difference = meanDifference(compensatedSum(first));
  if (Number.isNaN(difference)) {
    const none = { greater: Number.NaN, less: Number.NaN, twoSided: Number.NaN, twiceSmallerTail: Number.NaN };
    return { difference, ...none, exact: false, permutations: 0 };
  }
  const exact = splits(pooled.length, size) <= (options.exactUpTo ?? EXACT_SPLITS);
  const sums = exact
    ? sumsOfAllSplits(pooled, size)
    : sumsOfRandomSplits(pooled, size, options.seed, options.replicates ?? PERMUTATION_REPLICATES);
  const scale = pooled.reduce((sum, value) => sum + Math.abs(value), 0) / Math.min(size, second.length);
  return { difference, ...permutationP(sums.map(meanDifference), difference, scale, exact) };
}

/** n over k. */
function splits(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) count = (count * (n - i + 1)) / i;
  return Math.round(count);
}

/** Sums of `size` of the values in every way, by stepping through the combinations in order. */
function sumsOfAllSplits(values: Float64Array, size: number): Float64Array {
  const sums = new Float64Array(splits(values.length, size));
  const chosen = Array.from({ length: size }, (_none, i) => i);
  for (let split = 0; split < sums.length; split++) {
    sums[split] = chosen.reduce((sum, row) => sum + (values[row] as number), 0);
    let last = size - 1;
    while (last >= 0 && chosen[last] === values.length - size + last) last--;
    if (last < 0) break;
    let row = (chosen[last] as number) + 1;
    for (let i = last; i < size; i++) chosen[i] = row++;
  }
  return sums;
}

/** The first rows of a partial Fisher–Yates shuffle. */
function sumsOfRandomSplits(
  values: Float64Array,
  size: number,
  seed: readonly [number, number],
  replicates: number,
): Float64Array {
  return Float64Array.from({ length: replicates }, (_none, replicate) => {
    const random = createRandom(seed, replicate);
    const rest = values.slice();
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const other = i + random.below(rest.length - i);
      sum += rest[other] as number;
      rest[other] = rest[i] as number;
    }
    return sum;
  });
}
