import type { Metric } from '../../metrics/metric.ts';
import { growthOfLargest } from '../../stats/multiplicity/growth-of-largest.ts';
import type { Comparison } from '../decision.ts';
import { type PairedExamples, presentClusters, selectRows, sideExamples } from '../evidence/paired-examples.ts';
import { inferenceOf, type LeftOut, meanOf } from './left-out.ts';

/** A metric of a set of rows by each group, or of each group and of all other rows: what gaps are made of. */
export interface GroupValues {
  readonly groups: readonly LeftOut[];
  /** Of the rows that are not in the group; absent where groups are compared with each other. */
  readonly rests?: readonly LeftOut[];
}

/** Largest gaps of both sides, and the interval of how far the gap shrank (+ is better). */
export interface GapDifference {
  readonly candidate: number;
  readonly baseline: number;
  readonly difference: number;
  readonly clusters: number;
  readonly inference: ReturnType<typeof inferenceOf>;
  readonly interval?: NonNullable<Comparison['interval']>;
}

/** Rows of a group and, where asked for, all others. */
export interface GroupRows {
  readonly own: PairedExamples;
  readonly rest?: PairedExamples;
}

/** The rows outside of each group, in the order of the groups' own. */
export function rowsOutside(examples: PairedExamples, column: string, value: string, missing: string): PairedExamples {
  const rows: number[] = [];
  (examples.slices.get(column) ?? []).forEach((found, row) => {
    if ((found ?? missing) !== value) rows.push(row);
  });
  return selectRows(examples, rows);
}

/**
 * A metric of one side in every group, and without each cluster of the whole holdout: one that the group has no row of
 * leaves its value as it is.
 *
 * @returns undefined where a group, or the rest of one, has no value
 */
export function groupValues(
  metric: Metric,
  examples: PairedExamples,
  groups: readonly GroupRows[],
  scoresOf: (part: PairedExamples) => Float64Array,
  threshold: number,
): GroupValues | undefined {
  const present = presentClusters(examples);
  const leftOutOf = (part: PairedExamples): LeftOut | undefined => {
    const estimate = metric.estimate(sideExamples(part, scoresOf(part), threshold));
    if (estimate === undefined) return undefined;
    const without = estimate.leaveOut(part.clusters, examples.clusterCount);
    return { value: estimate.value, without: Float64Array.from(present, (cluster) => without[cluster] as number) };
  };
  const own: LeftOut[] = [];
  const rests: LeftOut[] = [];
  for (const { own: rows, rest } of groups) {
    const value = leftOutOf(rows);
    const other = rest === undefined ? undefined : leftOutOf(rest);
    if (value === undefined || (rest !== undefined && other === undefined)) return undefined;
    own.push(value);
    if (other !== undefined) rests.push(other);
  }
  return rests.length === 0 ? { groups: own } : { groups: own, rests };
}

/** Every difference of which the largest is the gap, both ways round: of two groups, or of a group and its rest. */
function differencesOf({ groups, rests }: GroupValues): LeftOut[] {
  if (rests !== undefined) {
    return groups.flatMap((one, g) => [less(one, rests[g] as LeftOut), less(rests[g] as LeftOut, one)]);
  }
  return groups.flatMap((one, g) => groups.flatMap((other, k) => (k === g ? [] : [less(one, other)])));
}

function less(one: LeftOut, other: LeftOut): LeftOut {
  return {
    value: one.value - other.value,
    without: one.without.map((value, cluster) => value - (other.without[cluster] as number)),
  };
}

/**
 * How far the largest gap shrank from the baseline's, or how far it stays under a limit. The candidate's gap is that of
 * the mean over its trainings.
 *
 * @param bySeed the candidate's values by training, of the same groups
 * @param held the baseline's values, or the limit
 * @param alpha one-sided level
 */
export function gapDifference(
  bySeed: readonly GroupValues[],
  held: GroupValues | number,
  examples: PairedExamples,
  alpha: number,
): GapDifference {
  const seeds = bySeed.map(differencesOf);
  const clusters = bySeed[0]?.groups[0]?.without.length ?? 0;
  const constant = (value: number): LeftOut => ({ value, without: new Float64Array(clusters).fill(value) });
  const before = typeof held === 'number' ? [constant(held)] : differencesOf(held);
  const seed = (differences: readonly LeftOut[], i: number): LeftOut => differences[i] as LeftOut;
  const now = (seeds[0] ?? []).map((_one, i) => meanOf(seeds.map((own) => seed(own, i))).value);
  const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value));
  const facts = {
    candidate: largest(now),
    baseline: largest(before.map(({ value }) => value)),
    clusters,
  };
  const fall = (i: number, j: number) =>
    inferenceOf(
      seeds.map((own) => less(seed(before, j), seed(own, i))),
      examples,
    );
  const limits = growthOfLargest(
    {
      now,
      before: before.map(({ value }) => value),
      fall,
      within: {
        now: (i, j) =>
          inferenceOf(
            seeds.map((own) => less(seed(own, i), seed(own, j))),
            examples,
          ),
        before: (i, j) => inferenceOf([less(seed(before, i), seed(before, j))], examples),
      },
    },
    alpha,
  );
  const found = { ...facts, difference: facts.baseline - facts.candidate };
  if (limits === undefined) return { ...found, inference: undefined };
  const { lower, upper, inference } = limits;
  const seedDeviation = 'seedDeviation' in inference ? { seedDeviation: inference.seedDeviation as number } : {};
  const { standardError, degreesOfFreedom } = inference;
  const interval = {
    lower,
    upper,
    level: 1 - 2 * alpha,
    method: 'gap-jackknife-t',
    standardError,
    degreesOfFreedom,
    ...seedDeviation,
  };
  return { ...found, inference, interval };
}
