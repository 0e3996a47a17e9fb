import { compensatedSum, type Estimate } from './metric.ts';

/**
 * A metric that is a smooth function of column totals, such as Σ errors / Σ 1 (a mean), 2·TP / Σ (y + ŷ) (F1) or
 * √(Σ e² / Σ 1) (RMSE). The function has to be homogeneous of degree 0: doubling every total changes nothing. Then the
 * influence of a row is its terms times the gradient (delta method; ratio estimator, Cochran 1977 §6), and by Euler's
 * theorem these sum to zero.
 */
export interface FunctionOfSums {
  /** The columns that are added up, a value a row. */
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
  return { value: found, influence, leaveOut: (clusters, count) => leaveOut(terms, totals, value, clusters, count) };
}

function leaveOut(
  terms: readonly Float64Array[],
  totals: Float64Array,
  value: FunctionOfSums['value'],
  clusters: ArrayLike<number>,
  count: number,
): Float64Array {
  const sums = terms.map((column) => {
    const byCluster = new Float64Array(count);
    for (let row = 0; row < column.length; row++) {
      const cluster = clusters[row] as number;
      byCluster[cluster] = (byCluster[cluster] as number) + (column[row] as number);
    }
    return byCluster;
  });
  const rest = new Float64Array(terms.length);
  return Float64Array.from({ length: count }, (_none, cluster) => {
    for (let j = 0; j < rest.length; j++)
      rest[j] = (totals[j] as number) - ((sums[j] as Float64Array)[cluster] as number);
    return value(rest) ?? Number.NaN;
  });
}

/** The mean of a value a row, Σ values / Σ 1; undefined without rows. */
export function meanEstimate(values: Float64Array): Estimate | undefined {
  return estimateOf({
    terms: [values, new Float64Array(values.length).fill(1)],
    value: ([total, rows]) => ((rows as number) > 0 ? (total as number) / (rows as number) : undefined),
    gradient: ([total, rows]) => [1 / (rows as number), -(total as number) / (rows as number) ** 2],
  });
}
