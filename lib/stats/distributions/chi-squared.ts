import { findRoot } from '../numbers/find-root.ts';
import { incompleteGamma } from './incomplete-gamma.ts';
import type { TailPair } from './tail-pair.ts';

/** ln of the smallest and the largest χ² a double holds. */
const LOG_LEAST = -745;
const LOG_MOST = 709;
/** A relative error of the result. */
const LOG_WITHIN = 1e-16;

/** Both tails of the χ² distribution with `df` > 0 degrees of freedom at x ≥ 0; all mass is above a negative x. */
export function chiSquaredTails(x: number, df: number): TailPair {
  return incompleteGamma(df / 2, Math.max(0, x) / 2);
}

/** The x below which the share `p` of χ² with `df` lies: 0 at p = 0, ∞ at 1, NaN outside. */
export function chiSquaredQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1 && df > 0)) return Number.NaN;
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const wanted = Math.log(p);
  return Math.exp(findRoot((u) => chiSquaredTails(Math.exp(u), df).logLower - wanted, LOG_LEAST, LOG_MOST, LOG_WITHIN));
}

/** The x above which the share `p` of χ² with `df` lies, for tails that 1 − p cannot express. */
export function chiSquaredUpperQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1 && df > 0)) return Number.NaN;
  if (p === 0) return Number.POSITIVE_INFINITY;
  if (p === 1) return 0;
  const wanted = Math.log(p);
  return Math.exp(findRoot((u) => wanted - chiSquaredTails(Math.exp(u), df).logUpper, LOG_LEAST, LOG_MOST, LOG_WITHIN));
}
