import { findRoot } from '../numbers/find-root.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import type { TailPair } from './tail-pair.ts';

/** The log-odds of the smallest x a double holds, on both sides. */
const LOGIT_MOST = 745;
/** A relative error of the result. */
const LOGIT_WITHIN = 1e-16;

/** Both tails of the beta distribution with shapes a, b > 0 at x; `y` is 1 − x where that is known better. */
export function betaTails(x: number, a: number, b: number, y?: number): TailPair {
  const inside = Math.min(1, Math.max(0, x));
  return incompleteBeta(a, b, inside, inside === x ? y : undefined);
}

/** The x below which the share `p` of the beta distribution lies: 0 at p = 0, 1 at p = 1, NaN outside. */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1 && a > 0 && b > 0)) return Number.NaN;
  if (p === 0 || p === 1) return p;
  // The smaller tail is the one whose logarithm is steep.
  const lower = Math.log(p);
  const upper = Math.log1p(-p);
  const miss = (logit: number): number => {
    const tails = incompleteBeta(a, b, logistic(logit), logistic(-logit));
    return p < 0.5 ? tails.logLower - lower : upper - tails.logUpper;
  };
  return logistic(findRoot(miss, -LOGIT_MOST, LOGIT_MOST, LOGIT_WITHIN));
}

/** The x above which the share `p` lies. */
export function betaUpperQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1 && a > 0 && b > 0)) return Number.NaN;
  if (p === 0 || p === 1) return 1 - p;
  const wanted = Math.log(p);
  const miss = (logit: number): number => wanted - incompleteBeta(a, b, logistic(logit), logistic(-logit)).logUpper;
  return logistic(findRoot(miss, -LOGIT_MOST, LOGIT_MOST, LOGIT_WITHIN));
}

function logistic(u: number): number {
  return u < 0 ? Math.exp(u) / (1 + Math.exp(u)) : 1 / (1 + Math.exp(-u));
}
