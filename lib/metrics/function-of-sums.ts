import { compensatedSum } from '../stats/numbers/compensated-sum.ts';
import type { Estimate } from './metric.ts';
import { weighted } from './row-weights.ts';

/**
 * A metric that is a smooth function of column totals, such as Σ errors / Σ 1 (a mean), 2·TP / Σ (y + ŷ) (F1) or
 * √(Σ e² / Σ 1) (RMSE). The function has to be homogeneous of degree 0: doubling every total changes nothing. Then the
 * influence of a row is its terms times the gradient (delta method; ratio estimator, Cochran 1977 §6), and by Euler's
 * theorem these sum to zero.
 */
export interface FunctionOfSums {
  /** The columns that are added up, a value a row, weights already in them. */
  readonly terms: readonly Float64Array[];
  /** @returns undefined where the function has no value at these totals. */
  value(totals: Float64Array): number | undefined;
  /** Its derivative by every total, at totals where it has a value. */
  gradient(totals: Float64Array): ArrayLike<number>;
}

/** Value, influence and leave-one-cluster-out values of a function of sums; undefined where it has no value. */
export function estimateOf({ terms, value, gradient }: FunctionOfSums): Estimate | undefined {
  const totals = Float64Array.from(terms, compensatedSum);
  const found = value(totals);
  if (found === undefined) return undefined;
  const slope = gradient(totals);
  const influence = new Float64Array(terms[0]?.length ?? 0);
  terms.forEach((column, j) => {
    const weight = slope[j] as number;
    for (let row = 0; row < influence.length; row++) {
      influence[row] = (influence[row] as number) + weight * (column[row] as number);
    }
  });
  return { value: found, influence, leaveOut: (clusters, count) => leaveOut(terms, value, clusters, count) };
}

/**
 * The other clusters' sums are added, not the cluster's taken away: nothing cancels, and what nobody else has is 0
 * exactly, whatever the weights.
 */
function leaveOut(
  terms: readonly Float64Array[],
  value: FunctionOfSums['value'],
  clusters: ArrayLike<number>,
  count: number,
): Float64Array {
  const others = terms.map((column) => sumsOfOthers(column, clusters, count));
  const rest = new Float64Array(terms.length);
  return Float64Array.from({ length: count }, (_none, cluster) => {
    for (let j = 0; j < rest.length; j++) rest[j] = (others[j] as Float64Array)[cluster] as number;
    return value(rest) ?? Number.NaN;
  });
}

/** For every cluster the sum over the rows of all others: what is summed before it and what is summed after it. */
function sumsOfOthers(column: Float64Array, clusters: ArrayLike<number>, count: number): Float64Array {
  const own = new Float64Array(count);
  for (let row = 0; row < column.length; row++) {
    const cluster = clusters[row] as number;
    own[cluster] = (own[cluster] as number) + (column[row] as number);
  }
  const others = new Float64Array(count);
  let before = 0;
  for (let cluster = 0; cluster < count; cluster++) {
    others[cluster] = before;
    before += own[cluster] as number;
  }
  let after = 0;
  for (let cluster = count - 1; cluster >= 0; cluster--) {
    others[cluster] = (others[cluster] as number) + after;
    after += own[cluster] as number;
  }
  return others;
}

/** Σ tops / Σ bottoms; undefined where the bottoms, which are at least 0, sum to 0. */
export function ratioEstimate(tops: Float64Array, bottoms: Float64Array): Estimate | undefined {
  return estimateOf({
    terms: [tops, bottoms],
    value: ([top, bottom]) => ((bottom as number) > 0 ? (top as number) / (bottom as number) : undefined),
    gradient: ([top, bottom]) => [1 / (bottom as number), -(top as number) / (bottom as number) ** 2],
  });
}

/** The weighted mean of a value a row, Σ w·values / Σ w; undefined without rows. */
export function meanEstimate(values: Float64Array, weights?: Float64Array): Estimate | undefined {
  return ratioEstimate(weighted(values, weights), weights ?? new Float64Array(values.length).fill(1));
}
