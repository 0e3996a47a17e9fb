/**
 * A grid for histograms that depends on no data: the double's own exponent and leading mantissa bits, so bins are
 * log-linear as in HdrHistogram (each octave in equal parts), signed, with zero for itself. Bins are known by integer
 * keys that rise with the value. The finest grid has 2^20 parts an octave (every integer up to 2^21 has a bin of its
 * own); leaving out `20 − bits` low bits of a key gives the coarser grids, each a coarsening of the one before.
 */
export const GRID_BITS = 20;

/** The largest magnitude key: the bin of ±infinity. */
const INFINITY_KEY = 0x7ff00000 + 1;

/** Index of a double's high 32-bit word among its two words on this machine. */
export function highWordIndex(): 0 | 1 {
  return new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
}

/** The finest key of a double that is neither NaN nor ±0, from its high 32-bit word. */
export function gridKeyOfHighWord(high: number): number {
  return high < 0x80000000 ? high + 1 : -(high - 0x80000000) - 1;
}

/** The finest key of any number but NaN. */
export function gridKey(value: number): number {
  if (value === 0) return 0;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return gridKeyOfHighWord(view.getUint32(0));
}

/** The key, on the grid with `bits` (0 … 20) mantissa bits, of the bin that holds the bin `key` of the finest grid. */
export function coarserKey(key: number, bits: number): number {
  if (key === 0) return 0;
  const magnitude = ((Math.abs(key) - 1) >>> (GRID_BITS - bits)) + 1;
  return key < 0 ? -magnitude : magnitude;
}

/** The first and last key of the finest grid that lie in the bin `key` of the grid with `bits` mantissa bits. */
export function finestKeys(key: number, bits: number): { readonly first: number; readonly last: number } {
  if (key === 0) return { first: 0, last: 0 };
  const parts = 2 ** (GRID_BITS - bits);
  const near = (Math.abs(key) - 1) * parts + 1;
  const far = Math.min(near + parts - 1, INFINITY_KEY);
  return key > 0 ? { first: near, last: far } : { first: -far, last: -near };
}

/** The smallest and largest double of the bin `key` of the finest grid. */
export function gridBounds(key: number): { readonly low: number; readonly high: number } {
  if (key === 0) return { low: 0, high: 0 };
  const magnitude = Math.abs(key);
  if (magnitude >= INFINITY_KEY) {
    return key > 0 ? { low: Infinity, high: Infinity } : { low: -Infinity, high: -Infinity };
  }
  const near = double(magnitude - 1, 0);
  const far = double(magnitude - 1, 0xffffffff);
  return key > 0 ? { low: near, high: far } : { low: -far, high: -near };
}

function double(high: number, low: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
}
