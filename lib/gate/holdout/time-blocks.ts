/** Days in a row as clusters. */
export interface TimeBlocks {
  /** One code a row, in order of time. */
  readonly clusters: Int32Array;
  readonly clusterCount: number;
}

/** Every day that has a row by itself, its codes in order of time. */
export function daysInOrder(days: ArrayLike<number>): TimeBlocks {
  const codes = new Map([...new Set(Array.from(days))].sort((a, b) => a - b).map((day, code) => [day, code]));
  return { clusters: Int32Array.from(days, (day) => codes.get(day) ?? 0), clusterCount: codes.size };
}

/**
 * Blocks of `length` days in a row, from the first day on. What is left at the end is shorter than what the declared length
 * says of how long days hang together, so it joins the block before it.
 *
 * @param days number of each row's day since 1970
 */
export function timeBlocks(days: ArrayLike<number>, length: number): TimeBlocks {
  if (days.length === 0) return { clusters: new Int32Array(0), clusterCount: 0 };
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < days.length; row++) {
    const day = days[row] as number;
    first = Math.min(first, day);
    last = Math.max(last, day);
  }
  const whole = Math.max(1, Math.floor((last - first + 1) / length));
  const blocks = Array.from(days, (day) => Math.min(whole - 1, Math.floor((day - first) / length)));
  // A block without any row is no cluster.
  return daysInOrder(blocks);
}
