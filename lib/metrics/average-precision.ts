import { type Estimate, type Examples, type Metric, SCORE } from './metric.ts';
import { rowWeights } from './row-weights.ts';
import { rowsByCluster } from './rows-by-cluster.ts';
import { scoreRanks, weightByRank } from './score-ranks.ts';

/** What is called at every score that a positive has: weights of positives there, and of positives and all called. */
interface Cuts {
  /** Rank of the cut in all different scores, ascending. */
  readonly at: Int32Array;
  readonly here: Float64Array;
  readonly hits: Float64Array;
  readonly called: Float64Array;
  readonly positives: number;
}

/**
 * Average precision, Σ (Rₙ − Rₙ₋₁)·Pₙ over the different scores in descending order, without interpolation. The
 * influence of a row is the derivative by its weight: a positive adds its own precision, and every row changes the
 * precision at its score and at all lower ones. Leaving out costs clusters × different scores of positives.
 *
 * @returns undefined when one class is missing.
 */
export function estimateAveragePrecision(examples: Pick<Examples, 'labels' | 'scores' | 'weights'>) {
  const { labels, scores } = examples;
  const weights = rowWeights(examples);
  const ranks = scoreRanks(scores);
  const positiveAt = weightByRank(ranks, weights, { labels, label: 1 });
  const negativeAt = weightByRank(ranks, weights, { labels, label: 0 });
  const cuts = cutsOf(positiveAt, negativeAt);
  if (cuts.positives === 0 || !negativeAt.some((weight) => weight > 0)) return undefined;
  const value = averageOf(cuts);
  const estimate: Estimate = {
    value,
    influence: influenceOf(cuts, value, ranks.rank, ranks.values.length, labels, weights),
    leaveOut: (clusters, count) => {
      const groups = rowsByCluster(clusters, count);
      return Float64Array.from(groups, (own) => withoutRows(cuts, own, labels, weights, ranks.rank, negativeAt));
    },
  };
  return estimate;
}

function cutsOf(positiveAt: Float64Array, negativeAt: Float64Array): Cuts {
  const at = Int32Array.from(positiveAt.keys()).filter((rank) => (positiveAt[rank] as number) > 0);
  const here = Float64Array.from(at, (rank) => positiveAt[rank] as number);
  const hits = new Float64Array(at.length);
  const called = new Float64Array(at.length);
  let positives = 0;
  let negatives = 0;
  let rank = positiveAt.length;
  for (let cut = at.length - 1; cut >= 0; cut--) {
    for (; rank > (at[cut] as number); rank--) negatives += negativeAt[rank - 1] as number;
    positives += here[cut] as number;
    hits[cut] = positives;
    called[cut] = positives + negatives;
  }
  return { at, here, hits, called, positives };
}

function averageOf({ here, hits, called, positives }: Cuts): number {
  let sum = 0;
  for (let cut = 0; cut < here.length; cut++) {
    sum += (here[cut] as number) * ((hits[cut] as number) / (called[cut] as number));
  }
  return sum / positives;
}

function influenceOf(
  { at, here, hits, called, positives }: Cuts,
  value: number,
  rank: Int32Array,
  count: number,
  labels: Float64Array,
  weights: Float64Array,
): Float64Array {
  const precision = new Float64Array(count);
  // Over the cuts at or below a score: what one more hit, and one more call, changes.
  const byHit = new Float64Array(count);
  const byCall = new Float64Array(count);
  let cut = 0;
  let hit = 0;
  let call = 0;
  for (let score = 0; score < count; score++) {
    if (at[cut] === score) {
      const all = called[cut] as number;
      precision[score] = (hits[cut] as number) / all;
      hit += (here[cut] as number) / all;
      call += ((here[cut] as number) * (precision[score] as number)) / all;
      cut++;
    }
    byHit[score] = hit;
    byCall[score] = call;
  }
  return labels.map((label, row) => {
    const score = rank[row] as number;
    const own = label === 1 ? (precision[score] as number) - value + (byHit[score] as number) : 0;
    return ((weights[row] as number) * (own - (byCall[score] as number))) / positives;
  });
}

/** The average precision without some rows: every cut of the others, with what these rows had called above it. */
function withoutRows(
  { at, here, hits, called }: Cuts,
  own: Int32Array,
  labels: Float64Array,
  weights: Float64Array,
  rank: Int32Array,
  negativeAt: Float64Array,
): number {
  const ordered = own.slice().sort((a, b) => (rank[b] as number) - (rank[a] as number));
  let next = 0;
  let hitsGone = 0;
  let callsGone = 0;
  let sum = 0;
  let positives = 0;
  for (let cut = at.length - 1; cut >= 0; cut--) {
    let hereGone = 0;
    for (; next < ordered.length && (rank[ordered[next] as number] as number) >= (at[cut] as number); next++) {
      const row = ordered[next] as number;
      const weight = weights[row] as number;
      callsGone += weight;
      if (labels[row] !== 1) continue;
      hitsGone += weight;
      if (rank[row] === at[cut]) hereGone += weight;
    }
    const left = remainder(here[cut] as number, hereGone);
    if (left === 0) continue;
    positives += left;
    sum +=
      (left * Math.max(left, (hits[cut] as number) - hitsGone)) / Math.max(left, (called[cut] as number) - callsGone);
  }
  return positives > 0 && hasNegatives(own, labels, weights, negativeAt) ? sum / positives : Number.NaN;
}

/** Share of a sum below which a difference is its rounding error and means nothing. */
const ROUNDING = 1e-12;

function remainder(all: number, gone: number): number {
  const left = all - gone;
  return left > all * ROUNDING ? left : 0;
}

function hasNegatives(own: Int32Array, labels: Float64Array, weights: Float64Array, negativeAt: Float64Array): boolean {
  let all = 0;
  for (const weight of negativeAt) all += weight;
  let gone = 0;
  for (const row of own) if (labels[row] === 0) gone += weights[row] as number;
  return remainder(all, gone) > 0;
}

export const averagePrecisionMetric: Metric<'binary'> = {
  name: 'average_precision',
  title: 'average precision',
  task: 'binary',
  unit: 'share',
  ...SCORE,
  needsProbabilities: false,
  formula: 'Σ (Rₙ − Rₙ₋₁)·Pₙ over the cuts n, by descending score',
  source: 'Manning et al. 2008 §8.4; sklearn.metrics.average_precision_score',
  estimate: estimateAveragePrecision,
};
