import { durbinCdf } from './durbin-matrix.ts';
import { pelzGoodCdf } from './pelz-good.ts';
import { logSmirnovUpper } from './smirnov.ts';
import { stirlingError } from './stirling-error.ts';

/** Up to here Durbin's matrix is exact and small enough (Simard and L'Ecuyer 2011, table 2). */
const SMALL_SAMPLE = 140;
const DURBIN_SAMPLE = 100_000;
const DURBIN_POWER = 1.4;
/** From these n·d² on both sides of D hardly ever exceed d at once, so that twice one side is the answer. */
const TWICE_SMALL = 4;
const TWICE_LARGE = 2.2;

/**
 * ln P(D ≥ d) for the two-sided one-sample Kolmogorov–Smirnov statistic of n values from a continuous distribution,
 * after Simard and L'Ecuyer (2011, J. Stat. Software 39:11): exact for small n and in the tails, to about 6 digits
 * between them; the same choices as SciPy's kstwo.
 *
 * @param n whole, from 1
 */
export function logKolmogorovSmirnovUpper(n: number, d: number): number {
  const t = n * d;
  if (t <= 0.5) return 0;
  if (d >= 1) return Number.NEGATIVE_INFINITY;
  if (t <= 1) return Math.log(-Math.expm1(logFactorialRatio(n) + n * Math.log(2 * t - 1)));
  if (t >= n - 1) return Math.LN2 + n * Math.log1p(-d);
  const square = t * d;
  const tail = d >= 0.5 || square > (n <= SMALL_SAMPLE ? TWICE_SMALL : TWICE_LARGE);
  if (tail) return Math.min(0, Math.LN2 + logSmirnovUpper(n, d));
  const durbin = n <= SMALL_SAMPLE || (n <= DURBIN_SAMPLE && n * d ** 1.5 <= DURBIN_POWER);
  const below = durbin ? durbinCdf(n, d) : pelzGoodCdf(n, d);
  return Math.log1p(-Math.min(1, Math.max(0, below)));
}

/** ln n! / n^n. */
function logFactorialRatio(n: number): number {
  return stirlingError(n) + 0.5 * Math.log(2 * Math.PI * n) - n;
}
