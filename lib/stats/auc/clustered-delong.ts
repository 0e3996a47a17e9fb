import type { AucCovariance } from './auc-inference.ts';
import type { DeLong } from './delong.ts';

/** A covariance of areas over clusters. */
export interface ClusteredDeLong extends AucCovariance {
  /** Clusters with any example. */
  readonly clusters: number;
}

/**
 * Covariance of areas where examples of one cluster (day, user, patient) depend on each other (Obuchowski 1997,
 * "Nonparametric analysis of clustered ROC curve data"): influence values are added up by cluster and class first. With
 * I₁₀ clusters that have positives, I₀₁ that have negatives and I in all,
 * I₁₀/(I₁₀−1) Σ p² + I₀₁/(I₀₁−1) Σ q² + 2 I/(I−1) Σ p·q. With every example a cluster this is `delong`'s own; with both
 * classes in every cluster it is I/(I−1) Σ (p + q)². Assumes independent clusters, and many of them.
 *
 * @param clusters a code a row, 0 … count − 1; codes without rows do not count
 * @returns a covariance of NaN where a class is in fewer than two clusters
 */
export function clusteredDelong(
  { auc, influence }: DeLong,
  labels: ArrayLike<number>,
  clusters: ArrayLike<number>,
  count: number,
): ClusteredDeLong {
  const positives = new Uint32Array(count);
  const negatives = new Uint32Array(count);
  for (let i = 0; i < labels.length; i++) {
    const seen = labels[i] === 1 ? positives : negatives;
    const cluster = clusters[i] as number;
    seen[cluster] = (seen[cluster] as number) + 1;
  }
  const all = positives.filter((one, cluster) => one + (negatives[cluster] as number) > 0).length;
  const ofPositive = factorOf(positives.filter((one) => one > 0).length);
  const ofNegative = factorOf(negatives.filter((one) => one > 0).length);
  const ofBoth = factorOf(all);
  const sums = influence.map((column) => classSums(column, labels, clusters, count));
  const covariance = sums.map(() => new Float64Array(sums.length));
  sums.forEach((a, j) => {
    for (let k = 0; k <= j; k++) {
      const b = sums[k] as ClassSums;
      const mixed = dot(a.positive, b.negative) + dot(a.negative, b.positive);
      const value =
        ofPositive * dot(a.positive, b.positive) + ofNegative * dot(a.negative, b.negative) + ofBoth * mixed;
      (covariance[j] as Float64Array)[k] = value;
      (covariance[k] as Float64Array)[j] = value;
    }
  });
  return { auc, covariance, clusters: all };
}

/** n / (n − 1); NaN for fewer than two: what one cluster varies by is not known. */
function factorOf(n: number): number {
  return n < 2 ? Number.NaN : n / (n - 1);
}

interface ClassSums {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

function classSums(
  column: Float64Array,
  labels: ArrayLike<number>,
  clusters: ArrayLike<number>,
  count: number,
): ClassSums {
  const positive = new Float64Array(count);
  const negative = new Float64Array(count);
  for (let i = 0; i < column.length; i++) {
    const side = labels[i] === 1 ? positive : negative;
    const cluster = clusters[i] as number;
    side[cluster] = (side[cluster] as number) + (column[i] as number);
  }
  return { positive, negative };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
