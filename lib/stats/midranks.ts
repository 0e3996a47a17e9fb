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
  const sorted = Float64Array.from(values).sort();
  const groups: number[] = [];
  const groupRanks: number[] = [];
  let tieTerm = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    const size = end - start;
    groups.push(sorted[start] as number);
    groupRanks.push((start + 1 + end) / 2);
    tieTerm += size * size * size - size;
    start = end;
  }
  const distinct = Float64Array.from(groups);
  const ranks = new Float64Array(sorted.length);
  for (let i = 0; i < ranks.length; i++) ranks[i] = groupRanks[firstNotBelow(distinct, values[i] as number)] as number;
  return { ranks, tieTerm };
}

function firstNotBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
