import { chiSquaredTails } from '../distributions/chi-squared.ts';
import { normalCritical } from '../distributions/normal.ts';
import { type WaldInference, waldInference } from '../wald-inference.ts';
import type { DeLong } from './delong.ts';

/** What a covariance of areas is about: `delong` has one for independent examples, `clusteredDelong` one for clusters. */
export type AucCovariance = Pick<DeLong, 'auc' | 'covariance'>;

/** Differences of areas with a variance below this share of the areas' own are equal but for rounding. */
const ROUNDING = 1e-13;

/**
 * The difference of two areas, `second` − `first`: z test and interval of DeLong, DeLong & Clarke-Pearson (1988). Two
 * models with the same ranks, or that both separate perfectly, have a difference without variance: p is 1.
 *
 * @param first,second numbers of the models
 */
export function aucDifference(
  { auc, covariance }: AucCovariance,
  first: number,
  second: number,
  level: number,
): WaldInference {
  const entry = (i: number, j: number): number => (covariance[i] as Float64Array)[j] as number;
  const own = entry(first, first) + entry(second, second);
  const variance = own - 2 * entry(first, second);
  const difference = (auc[second] as number) - (auc[first] as number);
  return waldInference(difference, Math.abs(variance) <= ROUNDING * own ? 0 : variance, level);
}

/** An interval of one area, within [0, 1]. */
export interface AucInterval {
  readonly low: number;
  readonly high: number;
  /** Why the limits are NaN, if so: no variance (perfect separation, constant scores), or no value at all. */
  readonly degenerate?: 'no-variance' | 'undefined';
}

/**
 * Interval of one area. `logit`: on the scale ln(A / (1 − A)), where the area is nearer to normal and the limits stay
 * inside (0, 1) (Pepe 2003 §5.2); it has none where the variance is 0. `plain`: A ± z · se cut off at 0 and 1 (pROC), which
 * at perfect separation is the point 1: that says nothing of how sure it is.
 */
export function aucInterval(
  { auc, covariance }: AucCovariance,
  model: number,
  level: number,
  scale: 'logit' | 'plain' = 'logit',
): AucInterval {
  const area = auc[model] as number;
  const standardError = Math.sqrt((covariance[model] as Float64Array)[model] as number);
  if (Number.isNaN(area) || Number.isNaN(standardError)) {
    return { low: Number.NaN, high: Number.NaN, degenerate: 'undefined' };
  }
  const half = normalCritical(level) * standardError;
  if (scale === 'plain') {
    const limits = { low: Math.max(0, area - half), high: Math.min(1, area + half) };
    return standardError === 0 ? { ...limits, degenerate: 'no-variance' } : limits;
  }
  if (standardError === 0) return { low: Number.NaN, high: Number.NaN, degenerate: 'no-variance' };
  const odds = Math.log(area / (1 - area));
  const reach = half / (area * (1 - area));
  return { low: 1 / (1 + Math.exp(reach - odds)), high: 1 / (1 + Math.exp(-reach - odds)) };
}

/** The test that all areas are equal. */
export interface AucEquality {
  readonly chiSquared: number;
  /** Differences that do not follow from each other: models − 1, less where models have the same ranks. */
  readonly degreesOfFreedom: number;
  readonly p: number;
  readonly logP: number;
}

/**
 * Wald test of equal areas (DeLong et al. 1988): with differences d to the first model and their covariance S, dᵀS⁻¹d is
 * χ² with rank(S) degrees of freedom. Rank 0 (all models rank alike): 0, p = 1. NaN where the covariance is.
 */
export function aucEquality({ auc, covariance }: AucCovariance): AucEquality {
  const models = Array.from({ length: auc.length - 1 }, (_none, i) => i + 1);
  const entry = (i: number, j: number): number => (covariance[i] as Float64Array)[j] as number;
  const rows = models.map((i) => [
    ...models.map((j) => entry(i, j) - entry(i, 0) - entry(0, j) + entry(0, 0)),
    (auc[i] as number) - (auc[0] as number),
  ]);
  const scales = models.map((i) => entry(i, i) + entry(0, 0));
  if (rows.flat().some(Number.isNaN)) {
    return { chiSquared: Number.NaN, degreesOfFreedom: models.length, p: Number.NaN, logP: Number.NaN };
  }
  const { value, rank } = quadraticForm(rows, scales);
  if (rank === 0) return { chiSquared: 0, degreesOfFreedom: 0, p: 1, logP: 0 };
  const { upper, logUpper } = chiSquaredTails(value, rank);
  return { chiSquared: value, degreesOfFreedom: rank, p: upper, logP: logUpper };
}

/** dᵀS⁺d by symmetric elimination of [S | d], the largest pivot first; pivots that are rounding errors are left out. */
function quadraticForm(rows: number[][], scales: readonly number[]): { value: number; rank: number } {
  const left = new Set(rows.keys());
  const last = rows.length;
  let value = 0;
  let rank = 0;
  const at = (i: number, j: number): number => (rows[i] as number[])[j] as number;
  const share = (i: number): number => at(i, i) / (scales[i] as number);
  while (left.size > 0) {
    const pivot = [...left].reduce((best, i) => (share(i) > share(best) ? i : best));
    if (!(share(pivot) > ROUNDING)) break;
    left.delete(pivot);
    rank++;
    value += at(pivot, last) ** 2 / at(pivot, pivot);
    for (const i of left) {
      const factor = at(i, pivot) / at(pivot, pivot);
      const row = rows[i] as number[];
      for (const j of [...left, last]) row[j] = (row[j] as number) - factor * at(pivot, j);
    }
  }
  return { value, rank };
}
