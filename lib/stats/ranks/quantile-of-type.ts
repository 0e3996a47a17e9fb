/** The nine definitions of Hyndman & Fan (1996), "Sample quantiles in statistical packages", numbered as there and in R. */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Interpolating types: the p-quantile is at position α + p(n + 1 − α − β), counted from 1. */
const POSITIONS: Readonly<Record<4 | 5 | 6 | 7 | 8 | 9, readonly [number, number]>> = {
  4: [0, 1],
  5: [0.5, 0.5],
  6: [0, 0],
  7: [1, 1],
  8: [1 / 3, 1 / 3],
  9: [3 / 8, 3 / 8],
};

/** Positions this close to a whole number (relative to n) are meant to be it: p · n of 0.29 · 100 is 28.999…. */
const FUZZ = 4 * Number.EPSILON;

/**
 * The p-quantile of an ascending sample by any of the nine definitions; `sampleQuantile` is type 7 alone. Type 1 is the
 * smallest value with at least the share p at or below it, which is always a value that was seen. NaN without values.
 *
 * @param sorted ascending, no NaN
 */
export function quantileOfType(sorted: ArrayLike<number>, p: number, type: QuantileType): number {
  const n = sorted.length;
  if (n === 0 || Number.isNaN(p)) return Number.NaN;
  const at = (rank: number): number => sorted[Math.min(n, Math.max(1, rank)) - 1] as number;
  if (type === 1 || type === 2 || type === 3) {
    const position = type === 3 ? n * p - 0.5 : n * p;
    const below = Math.floor(position + FUZZ * n);
    const isWhole = Math.abs(position - below) <= FUZZ * n;
    if (type === 1) return at(isWhole ? below : below + 1);
    if (type === 2) return isWhole ? at(below) + (at(below + 1) - at(below)) / 2 : at(below + 1);
    return at(isWhole && below % 2 === 0 ? below : below + 1);
  }
  const [alpha, beta] = POSITIONS[type];
  const position = alpha + p * (n + 1 - alpha - beta);
  const below = Math.floor(position + FUZZ * n);
  const fraction = position - below;
  const low = at(below);
  const high = at(below + 1);
  return low === high || Math.abs(fraction) <= FUZZ * n ? low : low + fraction * (high - low);
}
