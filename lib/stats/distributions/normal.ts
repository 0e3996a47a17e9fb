import erfc from '@stdlib/math-base-special-erfc';
import erfcinv from '@stdlib/math-base-special-erfcinv';
import { HALF_LOG_TWO_PI } from './stirling-error.ts';

/**
 * The standard normal distribution with both tails to the smallest double (z ≈ ±38.5) and their logarithms beyond.
 * erfc and its inverse are stdlib's (FreeBSD's and Boost's), which keep their relative precision in the tail; the
 * packaged normal quantile does not (it is −∞ at 1e-300).
 */

/** From here on the logarithm of the tail comes from Laplace's continued fraction for Mills' ratio. */
const FRACTION_FROM = 8;
/** Enough levels of it for a full double at FRACTION_FROM; fewer are needed further out. */
const FRACTION_LEVELS = 60;

/** P(Z ≤ z). */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z * Math.SQRT1_2);
}

/** P(Z > z). */
export function normalUpper(z: number): number {
  return 0.5 * erfc(z * Math.SQRT1_2);
}

/** P(|Z| ≥ |z|): the two-sided p value of a z statistic. */
export function normalTwoSided(z: number): number {
  return erfc(Math.abs(z) * Math.SQRT1_2);
}

/** ln P(Z > z). */
export function logNormalUpper(z: number): number {
  if (z < 0) return Math.log1p(-normalCdf(z));
  if (z < FRACTION_FROM) return Math.log(normalUpper(z));
  if (z === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  let tail = z;
  for (let level = FRACTION_LEVELS; level > 0; level--) tail = z + level / tail;
  return -0.5 * z * z - HALF_LOG_TWO_PI - Math.log(tail);
}

/** ln P(Z ≤ z). */
export function logNormalCdf(z: number): number {
  return logNormalUpper(-z);
}

/** ln P(|Z| ≥ |z|). */
export function logNormalTwoSided(z: number): number {
  return Math.min(0, Math.LN2 + logNormalUpper(Math.abs(z)));
}

/** The z below which the share `p` lies; ∓∞ at 0 and 1, NaN outside of them. */
export function normalQuantile(p: number): number {
  const z = -Math.SQRT2 * erfcinv(2 * p);
  return z === 0 ? 0 : z;
}

/** The z above which the share `p` lies: −normalQuantile(p), for tails that 1 − p cannot express. */
export function normalUpperQuantile(p: number): number {
  return 0 - normalQuantile(p);
}

/** The half-width, in standard errors, of a two-sided interval at `level` in (0, 1): 1.96 for 0.95. */
export function normalCritical(level: number): number {
  return Math.SQRT2 * erfcinv(1 - level);
}
