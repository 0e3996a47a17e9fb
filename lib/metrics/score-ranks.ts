import { ascendingOrder } from '../stats/numbers/sort-order.ts';

/** The different scores in ascending order, and which of them each row has. */
export interface ScoreRanks {
  /** Different scores, ascending. */
  readonly values: Float64Array;
  /** One a row: its score is `values[rank]`. */
  readonly rank: Int32Array;
  /** The rows by score, ascending; rows of one score in their own order. */
  readonly order: Uint32Array;
}

/** Ranks rows by score, equal scores alike. O(n) for many rows. */
export function scoreRanks(scores: Float64Array): ScoreRanks {
  const order = ascendingOrder(scores);
  const values = new Float64Array(scores.length);
  const rank = new Int32Array(scores.length);
  let count = 0;
  for (let at = 0; at < order.length; at++) {
    const row = order[at] as number;
    const score = scores[row] as number;
    // 0 and -0 are the same score.
    if (count === 0 || values[count - 1] !== score) values[count++] = score;
    rank[row] = count - 1;
  }
  return { values: values.slice(0, count), rank, order };
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

/** Weight of the rows at every different score; with `of`, of the rows that have this label. */
export function weightByRank(
  { values, rank }: ScoreRanks,
  weights: Float64Array,
  of?: { readonly labels: Float64Array; readonly label: 0 | 1 },
): Float64Array {
  const found = new Float64Array(values.length);
  for (let row = 0; row < rank.length; row++) {
    if (of !== undefined && of.labels[row] !== of.label) continue;
    const at = rank[row] as number;
    found[at] = (found[at] as number) + (weights[row] as number);
  }
  return found;
}
