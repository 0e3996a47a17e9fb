import { type Estimate, type Examples, type Metric, SCORE } from './metric.ts';
import { rowWeights } from './row-weights.ts';
import { rowsByCluster } from './rows-by-cluster.ts';
import { type ScoreRanks, scoreRanks, weightByRank } from './score-ranks.ts';

/** Rows with their ranks by score. */
interface RankedRows {
  readonly labels: Float64Array;
  readonly weights: Float64Array;
  readonly ranks: ScoreRanks;
}

/**
 * Area under the ROC curve, ties counted half, with the structural components of DeLong, DeLong & Clarke-Pearson
 * (1988) as influence values. O(n log n), as Sun & Xu (2014).
 *
 * @returns undefined when one class is missing.
 */
export function estimateRocAuc(examples: Pick<Examples, 'labels' | 'scores' | 'weights'>): Estimate | undefined {
  return rankedRocAuc({
    labels: examples.labels,
    weights: rowWeights(examples),
    ranks: scoreRanks(examples.scores),
  });
}

/** Half of the weight at an index and all of it below: ties count half. */
function placements(weightAt: Float64Array): Float64Array {
  let below = 0;
  return weightAt.map((weight) => {
    const placed = below + weight / 2;
    below += weight;
    return placed;
  });
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function rankedRocAuc(rows: RankedRows): Estimate | undefined {
  const { labels, weights, ranks } = rows;
  const positiveAt = weightByRank(ranks, weights, { labels, label: 1 });
  const negativeAt = weightByRank(ranks, weights, { labels, label: 0 });
  const positives = sum(positiveAt);
  const negatives = sum(negativeAt);
  if (positives === 0 || negatives === 0) return undefined;

  const negativesBelow = placements(negativeAt);
  const positivesBelow = placements(positiveAt);
  // A row's wins: for a positive, the negatives it beats; for a negative, the positives that beat it. Without weights
  // these are halves of integers, so that every sum of them is exact.
  const rowWins = new Float64Array(labels.length);
  let wins = 0;
  for (let row = 0; row < rowWins.length; row++) {
    const at = ranks.rank[row] as number;
    if (labels[row] === 1) {
      rowWins[row] = negativesBelow[at] as number;
      wins += (rowWins[row] as number) * (weights[row] as number);
    } else {
      rowWins[row] = positives - (positivesBelow[at] as number);
    }
  }
  const value = wins / (positives * negatives);
  const influence = new Float64Array(labels.length);
  for (let row = 0; row < influence.length; row++) {
    const [own, others] = labels[row] === 1 ? [positives, negatives] : [negatives, positives];
    influence[row] = ((weights[row] as number) * ((rowWins[row] as number) / others - value)) / own;
  }
  return { value, influence, leaveOut: (clusters, count) => leaveOut({ ...rows, rowWins, wins }, clusters, count) };
}

/** All wins, less those a cluster's rows take part in; its wins against itself were taken away twice. O(n). */
function leaveOut(
  all: RankedRows & { readonly rowWins: Float64Array; readonly wins: number },
  clusters: ArrayLike<number>,
  count: number,
): Float64Array {
  const left = [0, 1].map((label) => weightOfOthers(all, label, clusters, count));
  return Float64Array.from(rowsByCluster(clusters, count, all.ranks.order), (own, cluster) => {
    const pairs = (left[0] as Float64Array)[cluster] as number;
    const pairsOf = (left[1] as Float64Array)[cluster] as number;
    if (pairs === 0 || pairsOf === 0) return Number.NaN;
    let wins = all.wins;
    for (const row of own) wins -= (all.rowWins[row] as number) * (all.weights[row] as number);
    return (wins + winsAmong(all, own)) / (pairs * pairsOf);
  });
}

/** Weight of a class outside of each cluster; 0 exactly where nobody else has the class. */
function weightOfOthers(
  { labels, weights }: RankedRows,
  label: number,
  clusters: ArrayLike<number>,
  count: number,
): Float64Array {
  const own = new Float64Array(count);
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] !== label) continue;
    const cluster = clusters[row] as number;
    own[cluster] = (own[cluster] as number) + (weights[row] as number);
  }
  const after = new Float64Array(count + 1);
  for (let cluster = count - 1; cluster >= 0; cluster--) {
    after[cluster] = (after[cluster + 1] as number) + (own[cluster] as number);
  }
  let before = 0;
  return own.map((weight, cluster) => {
    const others = before + (after[cluster + 1] as number);
    before += weight;
    return others;
  });
}

/** Wins of some rows' positives over the same rows' negatives. The rows are in ascending order of their scores. */
function winsAmong({ labels, weights, ranks }: RankedRows, ordered: Int32Array): number {
  let wins = 0;
  let negativesBelow = 0;
  for (let start = 0; start < ordered.length; ) {
    const at = ranks.rank[ordered[start] as number];
    const tied = [0, 0];
    let end = start;
    for (; end < ordered.length && ranks.rank[ordered[end] as number] === at; end++) {
      const row = ordered[end] as number;
      const label = labels[row] as number;
      tied[label] = (tied[label] as number) + (weights[row] as number);
    }
    wins += (tied[1] as number) * (negativesBelow + (tied[0] as number) / 2);
    negativesBelow += tied[0] as number;
    start = end;
  }
  return wins;
}

/** Area under the ROC curve of 0/1 labels; NaN when one class is missing. */
export function rocAuc(labels: ArrayLike<number>, scores: Float64Array): number {
  return estimateRocAuc({ labels: Float64Array.from(labels), scores })?.value ?? Number.NaN;
}

export const rocAucMetric: Metric<'binary'> = {
  name: 'roc_auc',
  title: 'ROC AUC',
  task: 'binary',
  unit: 'share',
  ...SCORE,
  needsProbabilities: false,
  formula: 'P(score of a positive > score of a negative) + ½ P(equal)',
  source: 'Hanley & McNeil 1982; DeLong et al. 1988; sklearn.metrics.roc_auc_score',
  estimate: estimateRocAuc,
};
