/** Ranks 1 … n, ties at their mean rank. */
export interface Midranks {
  /** One a value, in the values' order; multiples of ½. */
  readonly ranks: Float64Array;
  /** Σ (t³ − t) over groups of t tied values: what the rank tests' variances are corrected by. */
  readonly tieTerm: number;
}

/**
 * Midranks in O(n log n): one sort of the bare numbers, then each value finds its group. −0 ties with 0. The values must
 * hold no NaN.
 */
export function midranks(values: ArrayLike<number>): Midranks {
  const sorted = new Float64Array(values).sort();
  // Distinct values overwrite the front of the sorted ones, which have been read by then.
  const distinct = sorted;
  const rankOf = new Float64Array(sorted.length);
  let groups = 0;
  let tieTerm = 0;
  for (let start = 0; start < sorted.length; ) {
    const value = sorted[start] as number;
    let end = start + 1;
    while (end < sorted.length && sorted[end] === value) end++;
    const size = end - start;
    tieTerm += size * size * size - size;
    distinct[groups] = value;
    rankOf[groups++] = (start + 1 + end) / 2;
    start = end;
  }
  const ranks = new Float64Array(sorted.length);
  for (let i = 0; i < ranks.length; i++) ranks[i] = rankOf[indexOf(distinct, groups, values[i] as number)] as number;
  return { ranks, tieTerm };
}

/** Place of a value that is among the first `count`, which ascend. */
function indexOf(distinct: Float64Array, count: number, value: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((distinct[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
