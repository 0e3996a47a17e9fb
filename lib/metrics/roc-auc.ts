import { type Estimate, type Examples, type Metric, SCORE_MARGIN } from './metric.ts';

/** First index whose value is not below `x` in an ascending array. */
function lowerBound(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First index whose value is above `x` in an ascending array. */
function upperBound(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of a sorted array lie below `x`, ties counted half. */
function placement(sorted: Float64Array, x: number): number {
  return (lowerBound(sorted, x) + upperBound(sorted, x)) / 2;
}

/** Scores of one class in ascending order. */
function sortedScores(labels: Float64Array, scores: Float64Array, label: 0 | 1, rows: ArrayLike<number>): Float64Array {
  const found = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (labels[row] === label) found[count++] = scores[row] as number;
  }
  return found.subarray(0, count).sort();
}

/**
 * Area under the ROC curve, ties counted half, with the structural components of DeLong, DeLong & Clarke-Pearson
 * (1988) as influence values. O(n log n), as Sun & Xu (2014), by sorting each class once and searching the other's
 * scores in it.
 *
 * @returns undefined when one class is missing.
 */
export function estimateRocAuc({ labels, scores }: Examples): Estimate | undefined {
  const n = labels.length;
  const everyRow = Int32Array.from(labels, (_label, row) => row);
  const positiveScores = sortedScores(labels, scores, 1, everyRow);
  const negativeScores = sortedScores(labels, scores, 0, everyRow);
  const positives = positiveScores.length;
  const negatives = negativeScores.length;
  if (positives === 0 || negatives === 0) return undefined;

  // A row's wins: for a positive, the negatives it beats; for a negative, the positives that beat it. Halves of
  // integers, so that every sum of them is exact.
  const rowWins = new Float64Array(n);
  let wins = 0;
  for (let i = 0; i < n; i++) {
    const score = scores[i] as number;
    if (labels[i] === 1) {
      rowWins[i] = placement(negativeScores, score);
      wins += rowWins[i] as number;
    } else {
      rowWins[i] = positives - placement(positiveScores, score);
    }
  }
  const value = wins / (positives * negatives);
  const influence = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [own, others] = labels[i] === 1 ? [positives, negatives] : [negatives, positives];
    influence[i] = ((rowWins[i] as number) / others - value) / own;
  }
  return {
    value,
    influence,
    leaveOut: (clusters, count) => leaveOut({ labels, scores, rowWins, wins, positives, negatives }, clusters, count),
  };
}

interface Wins {
  readonly labels: Float64Array;
  readonly scores: Float64Array;
  readonly rowWins: Float64Array;
  readonly wins: number;
  readonly positives: number;
  readonly negatives: number;
}

/** All wins, less those a cluster's rows take part in; its wins against itself were taken away twice. O(n log n). */
function leaveOut(all: Wins, clusters: ArrayLike<number>, count: number): Float64Array {
  return Float64Array.from(rowsByCluster(clusters, count), (rows) => {
    let wins = all.wins;
    for (const row of rows) wins -= all.rowWins[row] as number;
    const own = sortedScores(all.labels, all.scores, 1, rows);
    const others = sortedScores(all.labels, all.scores, 0, rows);
    for (const score of own) wins += placement(others, score);
    const pairs = (all.positives - own.length) * (all.negatives - others.length);
    return pairs === 0 ? Number.NaN : wins / pairs;
  });
}

/** The rows of every cluster, in order. */
function rowsByCluster(clusters: ArrayLike<number>, count: number): Int32Array[] {
  const sizes = new Int32Array(count);
  for (let row = 0; row < clusters.length; row++) {
    const cluster = clusters[row] as number;
    sizes[cluster] = (sizes[cluster] as number) + 1;
  }
  const rows = Array.from(sizes, (size) => new Int32Array(size));
  const next = new Int32Array(count);
  for (let row = 0; row < clusters.length; row++) {
    const cluster = clusters[row] as number;
    (rows[cluster] as Int32Array)[next[cluster] as number] = row;
    next[cluster] = (next[cluster] as number) + 1;
  }
  return rows;
}

/** Area under the ROC curve of 0/1 labels; NaN when one class is missing. */
export function rocAuc(labels: ArrayLike<number>, scores: Float64Array): number {
  return estimateRocAuc({ labels: Float64Array.from(labels), scores, threshold: 0.5 })?.value ?? Number.NaN;
}

export const rocAucMetric: Metric = {
  name: 'roc_auc',
  task: 'binary',
  higherIsBetter: true,
  defaultMargin: SCORE_MARGIN,
  needsProbabilities: false,
  estimate: estimateRocAuc,
};
