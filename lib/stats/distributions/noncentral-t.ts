import { normalCdf, normalUpper } from './normal.ts';
import { HALF_LOG_TWO_PI, stirlingError } from './stirling-error.ts';

/**
 * The noncentral t distribution: T = (Z + δ)/S with Z standard normal and S² an independent χ²/df (Johnson, Kotz &
 * Balakrishnan 1995, ch. 31). P(T ≥ t) is the mean of P(Z ≥ tS − δ) over S, here the trapezoidal rule in ln S, which
 * converges exponentially for integrands that vanish at both ends (Trefethen & Weideman 2014). Unlike the usual series
 * (Lenth 1989, AS 243) it keeps both tails' digits and does not lose them for large δ.
 */

/** e to the minus this is below a double's rounding, with room for relative precision in a tail. */
const NEGLIGIBLE_LOG = 45;

/** Steps in a standard deviation of ln S, and in the width of the normal's fall: error below 1e-15. */
const STEPS_PER_WIDTH = 4;

/** ln S of few degrees of freedom has a lopsided density; this is fine enough for it. */
const WIDEST_STEP = 0.1;

export interface NoncentralTails {
  /** P(T ≤ t). */
  readonly lower: number;
  /** P(T > t). */
  readonly upper: number;
}

/**
 * Both tails at t with `df` > 0 degrees of freedom (∞: the normal) and noncentrality δ; about 1e-12 relative. Takes time
 * in proportion to |δ|/√df. NaN for arguments outside.
 */
export function noncentralT(t: number, df: number, delta: number): NoncentralTails {
  if (Number.isNaN(t) || !(df > 0) || !Number.isFinite(delta)) return { lower: Number.NaN, upper: Number.NaN };
  if (df === Number.POSITIVE_INFINITY || Math.abs(t) === Number.POSITIVE_INFINITY) {
    return { lower: normalCdf(t - delta), upper: normalUpper(t - delta) };
  }
  if (t < 0) {
    const mirrored = noncentralT(-t, df, -delta);
    return { lower: mirrored.upper, upper: mirrored.lower };
  }
  const half = df / 2;
  const step = Math.min(
    WIDEST_STEP,
    1 / Math.sqrt(2 * df) / STEPS_PER_WIDTH,
    1 / (1 + Math.abs(delta)) / STEPS_PER_WIDTH,
  );
  const scale = 2 * Math.exp(logPeak(half)) * step;
  // Where the normal probability turns; the tail beyond it may hold all of the answer.
  const turn = t > 0 ? Math.min(0, Math.log((1 + Math.abs(delta)) / t)) : 0;
  let lower = 0;
  let upper = 0;
  const add = (u: number): boolean => {
    const density = half * (2 * u - Math.expm1(2 * u));
    const weight = Math.exp(density);
    const z = t * Math.exp(u) - delta;
    lower += weight * normalCdf(z);
    upper += weight * normalUpper(z);
    return density > -NEGLIGIBLE_LOG || (u < 0 && density > df * turn - NEGLIGIBLE_LOG);
  };
  add(0);
  for (let k = 1; add(k * step); k++);
  for (let k = 1; add(-k * step); k++);
  return { lower: Math.min(1, lower * scale), upper: Math.min(1, upper * scale) };
}

/** ln of half the density of ln S at 0: aᵃ e⁻ᵃ / Γ(a) = √(a/2π) e^−stirlingError(a). */
function logPeak(a: number): number {
  return Math.log(a) / 2 - HALF_LOG_TWO_PI - stirlingError(a);
}
