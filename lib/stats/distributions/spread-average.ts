/** e to the minus this is nothing beside the sum. */
const NEGLIGIBLE_LOG = 30;

/** Steps in a standard deviation of ln S: error below 1e-9 for functions as smooth as a power. */
const STEPS_PER_DEVIATION = 2;

/** ln S of few degrees of freedom has a lopsided density; this is fine enough for it. */
const WIDEST_STEP = 0.1;

/**
 * The mean of f(S) where S² is χ²/df: S is an estimated standard deviation over the true one, for normal values. By the
 * trapezoidal rule in ln S, which converges exponentially for integrands that vanish at both ends (Trefethen & Weideman
 * 2014); its weights are taken relative to their own sum, so that constants come out exactly.
 *
 * @param df above 0; ∞: S is 1
 * @param f bounded and smooth
 */
export function averageOverSpread(df: number, f: (s: number) => number): number {
  if (!(df > 0)) return Number.NaN;
  if (df === Number.POSITIVE_INFINITY) return f(1);
  const half = df / 2;
  const step = Math.min(WIDEST_STEP, 1 / Math.sqrt(2 * df) / STEPS_PER_DEVIATION);
  let sum = 0;
  let weights = 0;
  const add = (u: number): boolean => {
    const density = half * (2 * u - Math.expm1(2 * u));
    const weight = Math.exp(density);
    sum += weight * f(Math.exp(u));
    weights += weight;
    return density > -NEGLIGIBLE_LOG;
  };
  add(0);
  for (let k = 1; add(k * step); k++);
  for (let k = 1; add(-k * step); k++);
  return sum / weights;
}
