/** Below this a comparison sort is faster than passes with tables of 2,048 counts. */
const RADIX_FROM = 256;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const MASK = DIGITS - 1;
/** Digits of a word: 11, 11 and 10 bits. */
const PASSES = 3;
/** Runs up to this length are put in order one by one. */
const SHORT_RUN = 16;

/**
 * The order that sorts finite values ascending, ties in the order of the rows: `values[order[0]]` is the smallest; −0
 * and 0 are equal. Radix sort by the upper half of the doubles' bits, which is in the order of the values once negative
 * ones are turned over; then the few runs of values that agree there are sorted by themselves. O(n) where values tie or
 * spread, and where they agree in the upper half alone; passes whose digit is the same everywhere are left out.
 */
export function ascendingOrder(values: Float64Array): Uint32Array<ArrayBuffer> {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (values.length < RADIX_FROM) return compared(values, order);
  const { keys, rows } = sortByWord(upperWords(values), order);
  for (let from = 0; from < keys.length; ) {
    const key = keys[from];
    let to = from + 1;
    while (to < keys.length && keys[to] === key) to++;
    if (to - from > 1) sortRun(values, rows.subarray(from, to));
    from = to;
  }
  return rows;
}

function compared<T extends Uint32Array>(values: Float64Array, rows: T): T {
  return rows.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
}

/** Sorts rows of values that agree in their upper halves; they are in order of the rows. */
function sortRun(values: Float64Array, rows: Uint32Array<ArrayBuffer>): void {
  if (isSorted(values, rows)) return;
  if (rows.length <= SHORT_RUN) insertOneByOne(values, rows);
  else if (rows.length < RADIX_FROM) compared(values, rows);
  else rows.set(sortByWord(lowerWords(values, rows), rows.slice()).rows);
}

function isSorted(values: Float64Array, rows: Uint32Array): boolean {
  for (let at = 1; at < rows.length; at++) {
    if ((values[rows[at - 1] as number] as number) > (values[rows[at] as number] as number)) return false;
  }
  return true;
}

function insertOneByOne(values: Float64Array, rows: Uint32Array): void {
  for (let at = 1; at < rows.length; at++) {
    const row = rows[at] as number;
    const value = values[row] as number;
    let place = at;
    while (place > 0 && (values[rows[place - 1] as number] as number) > value) {
      rows[place] = rows[place - 1] as number;
      place--;
    }
    rows[place] = row;
  }
}

/** Which half of a double's two words is the upper one depends on the machine: 1 is 0x3ff00000 00000000. */
function upperAt(): number {
  return new Uint32Array(Float64Array.of(1).buffer)[1] === 0x3ff00000 ? 1 : 0;
}

function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
}

/** The upper words, so that their unsigned order is the order of the values; −0 becomes 0. */
function upperWords(values: Float64Array): Uint32Array<ArrayBuffer> {
  const words = wordsOf(values);
  const at = upperAt();
  const keys = new Uint32Array(values.length);
  for (let i = 0; i < keys.length; i++) {
    const word = words[2 * i + at] as number;
    const isNegative = word >>> 31 === 1 && values[i] !== 0;
    keys[i] = isNegative ? ~word : word | 0x80000000;
  }
  return keys;
}

/** The lower words of rows whose values have one sign, likewise. */
function lowerWords(values: Float64Array, rows: Uint32Array): Uint32Array<ArrayBuffer> {
  const words = wordsOf(values);
  const at = 1 - upperAt();
  const turned = (values[rows[0] as number] as number) < 0;
  const keys = new Uint32Array(rows.length);
  for (let i = 0; i < keys.length; i++) {
    const word = words[2 * (rows[i] as number) + at] as number;
    keys[i] = turned ? ~word : word;
  }
  return keys;
}

interface Keyed {
  readonly keys: Uint32Array<ArrayBuffer>;
  readonly rows: Uint32Array<ArrayBuffer>;
}

/** Sorts rows by their keys, stably: a pass a digit, the lowest first. What is given is written over. */
function sortByWord(keys: Uint32Array<ArrayBuffer>, rows: Uint32Array<ArrayBuffer>): Keyed {
  const counts = Array.from({ length: PASSES }, () => new Uint32Array(DIGITS));
  const [low, middle, high] = counts as [Uint32Array, Uint32Array, Uint32Array];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    (low[key & MASK] as number)++;
    (middle[(key >>> DIGIT_BITS) & MASK] as number)++;
    (high[key >>> (2 * DIGIT_BITS)] as number)++;
  }
  let from: Keyed = { keys, rows };
  let to: Keyed = { keys: new Uint32Array(keys.length), rows: new Uint32Array(keys.length) };
  counts.forEach((places, pass) => {
    const shift = pass * DIGIT_BITS;
    if (places[((keys[0] as number) >>> shift) & MASK] === keys.length) return;
    distribute(from, to, shift, places);
    [from, to] = [to, from];
  });
  return from;
}

/** One stable pass by a digit, whose counts become places. */
function distribute(from: Keyed, to: Keyed, shift: number, places: Uint32Array): void {
  let place = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = places[digit] as number;
    places[digit] = place;
    place += count;
  }
  const { keys, rows } = from;
  const { keys: sortedKeys, rows: sortedRows } = to;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    const digit = (key >>> shift) & MASK;
    const at = places[digit] as number;
    places[digit] = at + 1;
    sortedKeys[at] = key;
    sortedRows[at] = rows[i] as number;
  }
}
