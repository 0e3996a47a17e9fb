import { coarserKey, GRID_BITS } from '../stats/distances/log-linear-grid.ts';
import { type Histogram, MAX_HISTOGRAM_BINS } from './profile.ts';

/** Slots of the hash table: a quarter full at most. A power of two. */
const SLOTS = 4 * MAX_HISTOGRAM_BINS;
const SLOT_SHIFT = 32 - Math.log2(SLOTS);
/** 2^32 / golden ratio: spreads neighbouring keys (Knuth's multiplicative hashing). */
const SPREAD = 0x9e3779b1;

export interface HistogramCounter {
  /** Counts `count` values whose key on the finest grid is `key`. */
  add(key: number, count: number): void;
  /** The counts so far; the counter can go on. */
  finish(): Histogram;
}

/** Counts keys, on the finest grid at which they fill at most MAX_HISTOGRAM_BINS bins. */
export function createHistogramCounter(): HistogramCounter {
  const keys = new Int32Array(SLOTS);
  const counts = new Float64Array(SLOTS);
  let bits = GRID_BITS;
  let filled = 0;

  /** `key` is of the present grid. */
  function count(key: number, add: number): void {
    let slot = Math.imul(key, SPREAD) >>> SLOT_SHIFT;
    for (;;) {
      const have = counts[slot] as number;
      if (have === 0) {
        keys[slot] = key;
        counts[slot] = add;
        filled++;
        return;
      }
      if (keys[slot] === key) {
        counts[slot] = have + add;
        return;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  function entries(): [number, number][] {
    const found: [number, number][] = [];
    for (let slot = 0; slot < SLOTS; slot++) {
      if ((counts[slot] as number) > 0) found.push([keys[slot] as number, counts[slot] as number]);
    }
    return found;
  }

  function coarsen(): void {
    const before = entries();
    const step = GRID_BITS - 1;
    bits--;
    counts.fill(0);
    filled = 0;
    // One bit less: the same shift that leads from the finest grid to the next.
    for (const [key, have] of before) count(coarserKey(key, step), have);
  }

  return {
    add(key, add) {
      count(bits === GRID_BITS ? key : coarserKey(key, bits), add);
      while (filled > MAX_HISTOGRAM_BINS) coarsen();
    },
    finish() {
      const sorted = entries().sort((a, b) => a[0] - b[0]);
      return {
        bits,
        keys: sorted.map(([key], index) => (index === 0 ? key : key - (sorted[index - 1] as [number, number])[0])),
        counts: sorted.map(([, have]) => have),
      };
    },
  };
}

/** The bins of a histogram: keys of its own grid, ascending, with their counts. */
export function histogramBins(histogram: Histogram): { readonly key: number; readonly count: number }[] {
  let key = 0;
  return histogram.counts.map((count, index) => {
    key += histogram.keys[index] as number;
    return { key, count };
  });
}
