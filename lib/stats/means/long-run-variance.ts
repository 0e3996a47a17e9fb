/**
 * Long-run variance of a stationary series, ω² = Σₖ cov(xₜ, xₜ₊ₖ): the variance of the mean of n values in a row is about
 * ω²/n. In the square of the series' unit. Autocovariances are divided by n, as their users below do.
 */

/** `rectangular`: lags up to `lag` count fully; `bartlett`: with falling weight 1 − k/(lag + 1), never negative. */
export type LagKernel = 'rectangular' | 'bartlett';

/**
 * Kernel estimate γ₀ + 2 Σ wₖ γₖ: Hansen & Hodrick 1980 (rectangular; may come out negative), Newey & West 1987
 * (Bartlett). NaN for no values; lags beyond n − 1 do not count.
 */
export function longRunVariance(values: ArrayLike<number>, lag: number, kernel: LagKernel): number {
  const n = values.length;
  const centred = centre(values);
  let total = autocovariance(centred, 0);
  for (let k = 1; k <= Math.min(lag, n - 1); k++) {
    const weight = kernel === 'bartlett' ? 1 - k / (lag + 1) : 1;
    total += 2 * weight * autocovariance(centred, k);
  }
  return total;
}

/** Newey & West's rule of thumb for Bartlett's lag: ⌊4 (n/100)^(2/9)⌋ (1994). */
export function neweyWestLag(n: number): number {
  return Math.floor(4 * (n / 100) ** (2 / 9));
}

/**
 * Moving-block estimate b · mean over the n − b + 1 blocks of (block mean − mean)² (Künsch 1989; what the moving-block
 * bootstrap of the mean converges to). NaN when b is below 1 or above n; 0 when b = n, as there is one block only.
 *
 * @param length values in a block, b
 */
export function movingBlockVariance(values: ArrayLike<number>, length: number): number {
  const n = values.length;
  if (!(length >= 1 && length <= n)) return Number.NaN;
  if (length === n) return 0;
  const centred = centre(values);
  let blockSum = 0;
  let squares = 0;
  for (let end = 0; end < n; end++) {
    blockSum += centred[end] as number;
    if (end >= length) blockSum -= centred[end - length] as number;
    if (end >= length - 1) squares += blockSum * blockSum;
  }
  return squares / length / (n - length + 1);
}

function centre(values: ArrayLike<number>): Float64Array {
  const centred = new Float64Array(values);
  // Twice, so that a large common offset leaves no rounding behind.
  for (let pass = 0; pass < 2; pass++) {
    const mean = centred.reduce((sum, value) => sum + value, 0) / centred.length;
    for (let i = 0; i < centred.length; i++) centred[i] = (centred[i] as number) - mean;
  }
  return centred;
}

function autocovariance(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < centred.length; i++) sum += (centred[i] as number) * (centred[i - lag] as number);
  return sum / centred.length;
}
