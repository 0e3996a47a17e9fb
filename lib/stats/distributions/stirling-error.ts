import gammaln from '@stdlib/math-base-special-gammaln';

/**
 * The two functions by which C. Loader (2000), "Fast and accurate computation of binomial probabilities", writes
 * gamma-like probabilities without the cancellation of large logarithms: what Stirling's formula misses, and the
 * deviance. R's dbinom, dpois and dt are built on the same two.
 */
export const HALF_LOG_TWO_PI = 0.9189385332046728;

/** From here on five terms of Stirling's series are exact to a double (the sixth is below 3e-16). */
const SERIES_FROM = 15;

/** ln Γ(x + 1) − [(x + ½) ln x − x + ½ ln 2π], x > 0. */
export function stirlingError(x: number): number {
  if (x <= SERIES_FROM) return gammaln(x + 1) - (x + 0.5) * Math.log(x) + x - HALF_LOG_TWO_PI;
  const square = x * x;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / x;
}

/** Where x and m are this close (relative), the deviance is summed as a series. */
const SERIES_WITHIN = 0.1;

/** x ln(x / m) + m − x for x ≥ 0, m > 0, accurate also where x ≈ m: Loader's bd0. */
export function deviance(x: number, m: number): number {
  if (x === 0) return m;
  const difference = x - m;
  if (Math.abs(difference) >= SERIES_WITHIN * (x + m)) {
    const ratio = x / m;
    const logRatio = ratio < Number.POSITIVE_INFINITY ? Math.log(ratio) : Math.log(x) - Math.log(m);
    return x * logRatio - difference;
  }
  const v = difference / (x + m);
  let sum = difference * v;
  let power = 2 * x * v;
  for (let odd = 3; ; odd += 2) {
    power *= v * v;
    const next = sum + power / odd;
    if (next === sum) return next;
    sum = next;
  }
}
