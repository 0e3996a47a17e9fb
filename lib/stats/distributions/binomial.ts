import { incompleteBeta } from './incomplete-beta.ts';
import { deviance, HALF_LOG_TWO_PI, stirlingError } from './stirling-error.ts';
import { ALL_ABOVE, ALL_BELOW, swapTails, type TailPair } from './tail-pair.ts';

/** ln P(X = k) for X ~ Binomial(n, p), whole 0 ≤ k ≤ n (else −∞), 0 ≤ p ≤ 1: Loader (2000), as in R's dbinom. */
export function logBinomialPmf(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  if (p === 0 || p === 1) return k === p * n ? 0 : Number.NEGATIVE_INFINITY;
  const failures = n - k;
  if (k === 0) return n * Math.log1p(-p);
  if (failures === 0) return n * Math.log(p);
  const logScale = stirlingError(n) - stirlingError(k) - stirlingError(failures);
  return (
    logScale -
    deviance(k, n * p) -
    deviance(failures, n * (1 - p)) -
    HALF_LOG_TWO_PI +
    0.5 * (Math.log(n) - Math.log(k) - Math.log(failures))
  );
}

/** P(X = k). */
export function binomialPmf(k: number, n: number, p: number): number {
  return Math.exp(logBinomialPmf(k, n, p));
}

/** P(X ≤ k) as `lower` and P(X > k) as `upper`, for X ~ Binomial(n, p) and a whole k. */
export function binomialTails(k: number, n: number, p: number): TailPair {
  if (k < 0) return ALL_ABOVE;
  if (k >= n) return ALL_BELOW;
  return swapTails(incompleteBeta(k + 1, n - k, p));
}

/** The smallest k with P(X ≤ k) ≥ q. */
export function binomialQuantile(q: number, n: number, p: number): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialTails(middle, n, p).lower >= q) high = middle;
    else low = middle + 1;
  }
  return low;
}
