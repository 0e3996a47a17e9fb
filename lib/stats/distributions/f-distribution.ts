import { findRoot } from '../numbers/find-root.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { ALL_BELOW, type TailPair } from './tail-pair.ts';

/** ln of the smallest and the largest F a double holds. */
const LOG_LEAST = -745;
const LOG_MOST = 709;
/** A relative error of the result. */
const LOG_WITHIN = 1e-16;

/** Both tails of the F distribution with df1, df2 > 0 degrees of freedom at x; all mass is above a negative x. */
export function fTails(x: number, df1: number, df2: number): TailPair {
  const ratio = (df1 * Math.max(0, x)) / df2;
  if (ratio === Number.POSITIVE_INFINITY && df1 > 0 && df2 > 0) return ALL_BELOW;
  return incompleteBeta(df1 / 2, df2 / 2, ratio / (1 + ratio), 1 / (1 + ratio));
}

/** The x below which the share `p` of F lies: 0 at p = 0, ∞ at 1, NaN outside. */
export function fQuantile(p: number, df1: number, df2: number): number {
  if (!(p >= 0 && p <= 1 && df1 > 0 && df2 > 0)) return Number.NaN;
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const lower = Math.log(p);
  const upper = Math.log1p(-p);
  const miss = (u: number): number => {
    const tails = fTails(Math.exp(u), df1, df2);
    return p < 0.5 ? tails.logLower - lower : upper - tails.logUpper;
  };
  return Math.exp(findRoot(miss, LOG_LEAST, LOG_MOST, LOG_WITHIN));
}
