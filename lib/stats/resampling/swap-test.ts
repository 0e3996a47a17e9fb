import { compensatedSum } from '../numbers/compensated-sum.ts';
import { type PermutationP, permutationP } from './permutation-p.ts';
import { type ResamplingTask, type RunResampling, runResampling } from './resampling-task.ts';
import { PERMUTATION_REPLICATES } from './sign-flip-test.ts';
import { allSubsetSums, EXACT_UNITS } from './subset-enumeration.ts';

/** Two models on the same units, and a statistic of column totals such as F1 of [2·hits, labels + calls]. */
export interface SwapProblem {
  /** Baseline's and candidate's columns: as many, with a value a unit in each. Clusters: rows added up. */
  readonly baseline: readonly Float64Array[];
  readonly candidate: readonly Float64Array[];
  readonly statistic: (totals: Float64Array) => number;
}

export interface SwapTest extends PermutationP {
  readonly baseline: number;
  readonly candidate: number;
  /** candidate − baseline. */
  readonly difference: number;
}

/**
 * Paired exchange test (approximate randomisation, Noreen 1989; Yeh 2000): under the hypothesis the two models are
 * exchangeable in every unit, so a unit's two results may be swapped. All exchanges of the units that differ where
 * these are at most EXACT_UNITS, else random ones. Without a unit that differs p is 1. An exchange in which a statistic
 * has no value (NaN) counts as at least as extreme as the observed one; where the observed one has none, p is NaN.
 */
export function swapTest(
  problem: SwapProblem,
  options: {
    readonly seed: readonly [number, number];
    readonly replicates?: number;
    readonly run?: RunResampling;
  },
): SwapTest {
  const task = swapTask(problem, options.seed);
  const units = task.columns[0]?.length ?? 0;
  if (units <= EXACT_UNITS) return swapOf(problem, interleaved(task.columns.map(allSubsetSums)), true);
  const run = options.run ?? runResampling;
  return swapOf(problem, run(task, 0, options.replicates ?? PERMUTATION_REPLICATES), false);
}

/** The random part of the test as work that can be split: the units that differ, candidate − baseline. */
export function swapTask({ baseline, candidate }: SwapProblem, seed: readonly [number, number]): ResamplingTask {
  const units = baseline[0]?.length ?? 0;
  const differing: number[] = [];
  for (let unit = 0; unit < units; unit++) {
    if (baseline.some((column, j) => column[unit] !== candidate[j]?.[unit])) differing.push(unit);
  }
  const columns = baseline.map((column, j) =>
    Float64Array.from(differing, (unit) => (candidate[j]?.[unit] as number) - (column[unit] as number)),
  );
  return { kind: 'choose', seed, columns };
}

/** @param moved what each exchange takes from the candidate's totals and gives to the baseline's, exchange by exchange */
export function swapOf(problem: SwapProblem, moved: Float64Array, exact: boolean): SwapTest {
  const { statistic } = problem;
  const ours = Float64Array.from(problem.baseline, compensatedSum);
  const theirs = Float64Array.from(problem.candidate, compensatedSum);
  const width = ours.length;
  const baseline = statistic(ours);
  const candidate = statistic(theirs);
  const difference = candidate - baseline;
  const a = new Float64Array(width);
  const b = new Float64Array(width);
  const exchanged = Float64Array.from({ length: moved.length / width }, (_none, exchange) => {
    for (let j = 0; j < width; j++) {
      const change = moved[exchange * width + j] as number;
      a[j] = (ours[j] as number) + change;
      b[j] = (theirs[j] as number) - change;
    }
    return statistic(b) - statistic(a);
  });
  const sides = { baseline, candidate, difference };
  if (Number.isNaN(difference)) {
    const none = { greater: Number.NaN, less: Number.NaN, twoSided: Number.NaN, twiceSmallerTail: Number.NaN };
    return { ...sides, ...none, exact, permutations: exchanged.length };
  }
  return { ...sides, ...permutationP(exchanged, difference, Math.abs(baseline) + Math.abs(candidate), exact) };
}

/** Columns of sums as one array, subset by subset. */
function interleaved(columns: readonly Float64Array[]): Float64Array {
  const count = columns[0]?.length ?? 0;
  const result = new Float64Array(count * columns.length);
  columns.forEach((column, j) => {
    for (let i = 0; i < count; i++) result[i * columns.length + j] = column[i] as number;
  });
  return result;
}
