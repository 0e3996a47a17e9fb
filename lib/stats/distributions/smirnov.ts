import { logBinomialPmf } from './binomial.ts';

/** Terms this much (ln) smaller than the largest are no longer added: with all beyond them below 1e-15 of the sum. */
const NEGLIGIBLE = 60;

/**
 * ln P(D⁺ ≥ d) for the one-sided one-sample Kolmogorov–Smirnov statistic of n values (Smirnov 1944; Birnbaum and
 * Tingey 1951), exactly: d Σ C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j), a sum of positive terms.
 *
 * The exponent of a term is −n times the divergence of j/n from j/n + d, which is convex in j, so the terms fall to both
 * sides of the middle; only those near it are added, about 20·√n of them.
 *
 * @param n whole, from 1
 */
export function logSmirnovUpper(n: number, d: number): number {
  if (d <= 0) return 0;
  if (d >= 1) return Number.NEGATIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  /** Adds a term; false when it and those beyond it no longer count. */
  const add = (j: number): boolean => {
    const share = Math.min(1, d + j / n);
    const log = logBinomialPmf(j, n, share) - Math.log(share);
    if (log > largest) {
      sum = sum * Math.exp(largest - log) + 1;
      largest = log;
    } else sum += Math.exp(log - largest);
    return log >= largest - NEGLIGIBLE;
  };
  const last = Math.floor(n * (1 - d));
  const middle = Math.floor(last / 2);
  for (let j = middle; j <= last && add(j); j++);
  for (let j = middle - 1; j >= 0 && add(j); j--);
  return Math.min(0, Math.log(d) + largest + Math.log(sum));
}
