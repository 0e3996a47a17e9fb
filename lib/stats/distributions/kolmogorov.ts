import { findRoot } from '../numbers/find-root.ts';
import { logOneMinusExp } from './tail-pair.ts';

/** Below this the theta series for small arguments converges at once, above it the alternating one. */
const SMALL = 1;
/** Terms of either series beyond which nothing changes a double. */
const TERMS = 12;

/** ln P(K > x) of Kolmogorov's limit law (1933): of √n·D for a large sample, x ≥ 0. */
export function logKolmogorovUpper(x: number): number {
  if (!(x > 0)) return 0;
  if (x < SMALL) return logOneMinusExp(logSmall(x));
  // 2 Σ (−1)^(k−1) e^(−2 k² x²), with the first term taken out.
  let rest = 0;
  for (let k = 2; k <= TERMS; k++) rest += (k % 2 === 0 ? -1 : 1) * Math.exp(-2 * (k * k - 1) * x * x);
  return Math.min(0, Math.LN2 - 2 * x * x + Math.log1p(rest));
}

/** ln P(K ≤ x). */
export function logKolmogorovCdf(x: number): number {
  if (!(x > 0)) return Number.NEGATIVE_INFINITY;
  return x < SMALL ? logSmall(x) : logOneMinusExp(logKolmogorovUpper(x));
}

/** The x above which the share `p` lies: 0 at p = 1, ∞ at 0. */
export function kolmogorovUpperQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 1 ? 0 : p === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  const most = Math.sqrt((Math.LN2 - Math.log(p)) / 2) + 1;
  return findRoot((x) => Math.log(p) - logKolmogorovUpper(x), 0, most);
}

/** √(2π)/x Σ e^(−(2k−1)² π² / 8x²), with the first term taken out. */
function logSmall(x: number): number {
  const exponent = (Math.PI * Math.PI) / (8 * x * x);
  let rest = 0;
  for (let k = 2; k <= TERMS; k++) rest += Math.exp(-((2 * k - 1) ** 2 - 1) * exponent);
  return 0.5 * Math.log(2 * Math.PI) - Math.log(x) - exponent + Math.log1p(rest);
}
