import { coarserKey, GRID_BITS } from '../stats/distances/log-linear-grid.ts';
import { histogramBins } from './histogram.ts';
import { type Histogram, MAX_HISTOGRAM_BINS } from './profile.ts';

/**
 * The histogram of both sides' values, exactly as if they had been counted together: on the coarser of the two grids,
 * and coarser still until the bins fit. Associative and commutative to the byte.
 */
export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  let bits = Math.min(a.bits, b.bits);
  let bins = new Map<number, number>();
  for (const side of [a, b]) {
    for (const { key, count } of histogramBins(side)) {
      const coarse = coarserKey(key, GRID_BITS - (side.bits - bits));
      bins.set(coarse, (bins.get(coarse) ?? 0) + count);
    }
  }
  while (bins.size > MAX_HISTOGRAM_BINS) {
    const coarser = new Map<number, number>();
    for (const [key, count] of bins) {
      const coarse = coarserKey(key, GRID_BITS - 1);
      coarser.set(coarse, (coarser.get(coarse) ?? 0) + count);
    }
    bins = coarser;
    bits--;
  }
  const keys = [...bins.keys()].sort((x, y) => x - y);
  return {
    bits,
    keys: keys.map((key, index) => (index === 0 ? key : key - (keys[index - 1] as number))),
    counts: keys.map((key) => bins.get(key) ?? 0),
  };
}
