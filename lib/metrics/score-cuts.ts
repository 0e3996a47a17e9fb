import type { Examples } from './metric.ts';
import { rowWeights } from './row-weights.ts';
import { scoreRanks, weightByRank } from './score-ranks.ts';

/** What is called positive at every possible threshold, from the highest score down. */
export interface ScoreCuts {
  /** The different scores of rows that count, descending: rows with at least this score are called. */
  readonly thresholds: Float64Array;
  /** Weight of called positives and of called negatives at each. */
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/** All different cuts of the rows by score. O(n log n). */
export function scoreCuts(examples: Pick<Examples, 'labels' | 'scores' | 'weights'>): ScoreCuts {
  const weights = rowWeights(examples);
  const ranks = scoreRanks(examples.scores);
  const { labels } = examples;
  const positiveAt = weightByRank(ranks, weights, { labels, label: 1 });
  const negativeAt = weightByRank(ranks, weights, { labels, label: 0 });
  const count = ranks.values.length;
  const thresholds = new Float64Array(count);
  const truePositives = new Float64Array(count);
  const falsePositives = new Float64Array(count);
  let positives = 0;
  let negatives = 0;
  let cuts = 0;
  for (let at = count - 1; at >= 0; at--) {
    if (positiveAt[at] === 0 && negativeAt[at] === 0) continue;
    positives += positiveAt[at] as number;
    negatives += negativeAt[at] as number;
    thresholds[cuts] = ranks.values[at] as number;
    truePositives[cuts] = positives;
    falsePositives[cuts] = negatives;
    cuts++;
  }
  return {
    thresholds: thresholds.slice(0, cuts),
    truePositives: truePositives.slice(0, cuts),
    falsePositives: falsePositives.slice(0, cuts),
    positives,
    negatives,
  };
}
