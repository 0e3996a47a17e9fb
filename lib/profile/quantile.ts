import { finestKeys, gridBounds } from '../stats/distances/log-linear-grid.ts';
import { histogramBins } from './histogram.ts';
import type { NumericProfile } from './profile.ts';

/**
 * The value below which a share `q` (0 … 1) of a column's values lies: the smallest whose cumulative share reaches q.
 * Known to the width of its bin, 2^−bits of the value; exact for a bin with a single integer of an integer column.
 * Undefined for a column without values.
 */
export function quantileOf(column: NumericProfile, q: number): number | undefined {
  const bins = histogramBins(column.histogram);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  let below = 0;
  for (const bin of bins) {
    below += bin.count;
    if (below >= q * total) return middleOf(column, bin.key);
  }
  return undefined;
}

/** The middle of a bin, held to the column's range. */
function middleOf(column: NumericProfile, key: number): number {
  const { first, last } = finestKeys(key, column.histogram.bits);
  const low = Math.max(gridBounds(first).low, column.min ?? -Infinity);
  const high = Math.min(gridBounds(last).high, column.max ?? Infinity);
  if (low >= high) return gridBounds(first).low === low ? low : high;
  if (column.type === 'integer' && Math.ceil(low) === Math.floor(high)) return Math.ceil(low);
  return low / 2 + high / 2;
}
