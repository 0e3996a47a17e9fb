import { normalQuantile } from '../distributions/normal.ts';

/**
 * Quantile of an ascending sample by linear interpolation (Hyndman & Fan 1996, type 7: NumPy's and R's default).
 * NaN for an empty sample.
 */
export function sampleQuantile(sorted: Float64Array, p: number): number {
  const last = sorted.length - 1;
  if (last < 0 || Number.isNaN(p)) return Number.NaN;
  const position = Math.min(last, Math.max(0, p * last));
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(last, below + 1)] as number;
  // Equal neighbours, also infinite ones, need no arithmetic.
  return low === high ? low : low + (position - below) * (high - low);
}

/**
 * Quantile of ascending bootstrap replicates, interpolated on the scale of normal quantiles (Davison & Hinkley 1997,
 * eq. 5.8: R's `boot::boot.ci`); the outermost replicates bound it. NaN for no replicates.
 */
export function normalScaleQuantile(sorted: Float64Array, p: number): number {
  const count = sorted.length;
  if (count === 0 || Number.isNaN(p)) return Number.NaN;
  const rank = (count + 1) * p;
  const below = Math.trunc(rank);
  if (below < 1) return sorted[0] as number;
  if (below >= count) return sorted[count - 1] as number;
  const low = sorted[below - 1] as number;
  if (below === rank) return low;
  const high = sorted[below] as number;
  const from = normalQuantile(below / (count + 1));
  const to = normalQuantile((below + 1) / (count + 1));
  return low + ((normalQuantile(p) - from) / (to - from)) * (high - low);
}
