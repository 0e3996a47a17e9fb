/** Below this a comparison sort is faster than six passes with tables of 2,048 counts. */
const RADIX_FROM = 2048;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const LOW_PASSES = 3;

/**
 * The order that sorts finite values ascending, ties in the order of the rows: `values[order[0]]` is the smallest; −0
 * and 0 are equal. Radix sort by the bits of the doubles, which are in the order of the values once the negative ones
 * are turned over: O(n), passes whose digit is the same everywhere are left out.
 */
export function ascendingOrder(values: Float64Array): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: values.length }, (_none, i) => i);
  if (values.length < RADIX_FROM) {
    return order.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  }
  const [low, high] = sortableWords(values);
  let from = order;
  let to: Uint32Array<ArrayBuffer> = new Uint32Array(values.length);
  for (let pass = 0; pass < 2 * LOW_PASSES; pass++) {
    const keys = pass < LOW_PASSES ? low : high;
    if (distribute(keys, (pass % LOW_PASSES) * DIGIT_BITS, from, to)) [from, to] = [to, from];
  }
  return from;
}

/** The bits of each value as two words whose unsigned order is the order of the values. */
function sortableWords(values: Float64Array): [low: Uint32Array, high: Uint32Array] {
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  const one = new Float64Array(1);
  const words = new Uint32Array(one.buffer);
  // Which half comes first depends on the machine: 1 is 0x3ff00000 00000000.
  one[0] = 1;
  const highAt = words[1] === 0x3ff00000 ? 1 : 0;
  for (let i = 0; i < values.length; i++) {
    // Adding 0 makes −0 to 0.
    one[0] = (values[i] as number) + 0;
    const top = words[highAt] as number;
    const negative = top >>> 31 === 1;
    high[i] = negative ? ~top : top | 0x80000000;
    low[i] = negative ? ~(words[1 - highAt] as number) : (words[1 - highAt] as number);
  }
  return [low, high];
}

/** One stable pass by a digit; false, and nothing moved, where all digits are the same. */
function distribute(keys: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): boolean {
  const places = new Uint32Array(DIGITS);
  const mask = DIGITS - 1;
  for (let i = 0; i < keys.length; i++) {
    const digit = ((keys[i] as number) >>> shift) & mask;
    places[digit] = (places[digit] as number) + 1;
  }
  if (places[((keys[0] as number) >>> shift) & mask] === keys.length) return false;
  let place = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = places[digit] as number;
    places[digit] = place;
    place += count;
  }
  for (let i = 0; i < from.length; i++) {
    const row = from[i] as number;
    const digit = ((keys[row] as number) >>> shift) & mask;
    const at = places[digit] as number;
    places[digit] = at + 1;
    to[at] = row;
  }
  return true;
}
