/** The different scores in ascending order, and which of them each row has. */
export interface ScoreRanks {
  /** Different scores, ascending. */
  readonly values: Float64Array;
  /** One a row: its score is `values[rank]`. */
  readonly rank: Int32Array;
}

/** Ranks rows by score, equal scores alike. O(n log n): the numbers are sorted, then every row is looked up. */
export function scoreRanks(scores: Float64Array): ScoreRanks {
  const sorted = scores.slice().sort();
  let count = 0;
  for (let at = 0; at < sorted.length; at++) {
    const score = sorted[at] as number;
    // 0 and -0 are the same score.
    if (count > 0 && sorted[count - 1] === score) continue;
    sorted[count++] = score;
  }
  const values = sorted.slice(0, count);
  const rank = new Int32Array(scores.length);
  for (let row = 0; row < rank.length; row++) rank[row] = firstNotBelow(values, scores[row] as number);
  return { values, rank };
}

/** First index whose value is not below `x` in an ascending array. */
export function firstNotBelow(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Weight of the rows of one label at every different score. */
export function weightByRank(
  { values, rank }: ScoreRanks,
  labels: Float64Array,
  weights: Float64Array,
  label: 0 | 1,
): Float64Array {
  const found = new Float64Array(values.length);
  for (let row = 0; row < rank.length; row++) {
    if (labels[row] !== label) continue;
    const at = rank[row] as number;
    found[at] = (found[at] as number) + (weights[row] as number);
  }
  return found;
}
