import { compensatedSum } from './numbers/compensated-sum.ts';

/**
 * A statistic with its linearisation (delta method, von Mises; Cochran 1977 §6 for ratios): near the sample it behaves
 * like a sum of independent terms, its influence values. Var ≈ Σ u²; of a paired difference Σ (u_b − u_a)²; rows of one
 * cluster are added up before they are squared. Good where the totals vary by little of their size.
 */
export interface Linearised {
  readonly value: number;
  /** One a row, summing to 0. */
  readonly influence: Float64Array<ArrayBuffer>;
}

/**
 * Linearises a smooth function of column totals that does not change when all totals are doubled, such as
 * √(Σ e² / Σ 1). By Euler's theorem its influence values, terms times gradient, sum to 0.
 *
 * @param columns a value a row in each
 * @param statistic value and derivative by every total; a value of NaN makes the influence values NaN
 */
export function linearised(
  columns: readonly Float64Array[],
  statistic: (totals: readonly number[]) => { readonly value: number; readonly gradient: readonly number[] },
): Linearised {
  const { value, gradient } = statistic(columns.map(compensatedSum));
  const influence = new Float64Array(columns[0]?.length ?? 0);
  if (Number.isNaN(value)) return { value, influence: influence.fill(Number.NaN) };
  columns.forEach((column, j) => {
    const slope = gradient[j] as number;
    for (let i = 0; i < influence.length; i++) influence[i] = (influence[i] as number) + slope * (column[i] as number);
  });
  return { value, influence };
}

/**
 * Σ numerators / Σ denominators, each row's influence (N − F·D) / ΣD: F1 (N = 2yŷ, D = y + ŷ), precision (yŷ, ŷ),
 * recall (yŷ, y), WAPE (|e|, |y|), a mean (x, 1). NaN where the denominators sum to 0.
 */
export function ratioOfSums(numerators: Float64Array, denominators: Float64Array): Linearised {
  const total = compensatedSum(denominators);
  const value = total === 0 ? Number.NaN : compensatedSum(numerators) / total;
  return {
    value,
    influence: Float64Array.from(numerators, (n, i) => (n - value * (denominators[i] as number)) / total),
  };
}

/** The plain average of statistics of the same rows, such as macro F1 over classes. NaN if any has no value. */
export function macroAverage(parts: readonly Linearised[]): Linearised {
  const rows = parts[0]?.influence.length ?? 0;
  const influence = new Float64Array(rows);
  let value = parts.length === 0 ? Number.NaN : 0;
  for (const part of parts) {
    value += part.value / parts.length;
    for (let i = 0; i < rows; i++) {
      influence[i] = (influence[i] as number) + (part.influence[i] as number) / parts.length;
    }
  }
  return { value, influence };
}

/** Root mean squared error: influence (e² − MSE) / (2 n RMSE). Without any error it is 0 and so is every influence. */
export function linearisedRmse(errors: Float64Array): Linearised {
  const squares = errors.map((error) => error * error);
  return linearised([squares, new Float64Array(errors.length).fill(1)], ([total = 0, rows = 0]) => {
    const rmse = Math.sqrt(total / rows);
    return { value: rmse, gradient: rmse === 0 ? [0, 0] : [1 / (2 * rmse * rows), -rmse / (2 * rows)] };
  });
}

/**
 * R² = 1 − Σ (y − ŷ)² / Σ (y − ȳ)²: influence (D (1 − R²) − N) / ΣD, with N and D the squares; that ȳ is estimated as
 * well has no first-order effect, because Σ (y − c)² is least there. NaN for a constant y or no rows.
 */
export function linearisedR2(labels: Float64Array, predictions: Float64Array): Linearised {
  const mean = compensatedSum(labels) / labels.length;
  const spread = labels.map((label) => (label - mean) ** 2);
  const { value, influence } = ratioOfSums(
    labels.map((label, i) => (label - (predictions[i] as number)) ** 2),
    spread,
  );
  return { value: 1 - value, influence: influence.map((u) => -u) };
}

/** Σ u², with the rows of a cluster added up first where clusters are given. No small-sample factor. */
export function linearisedVariance(
  influence: Float64Array,
  clusters?: { readonly codes: ArrayLike<number>; readonly count: number },
): number {
  if (clusters === undefined) return influence.reduce((sum, u) => sum + u * u, 0);
  const sums = new Float64Array(clusters.count);
  influence.forEach((u, i) => {
    const cluster = clusters.codes[i] as number;
    sums[cluster] = (sums[cluster] as number) + u;
  });
  return sums.reduce((sum, u) => sum + u * u, 0);
}
