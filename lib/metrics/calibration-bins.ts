import type { Examples } from './metric.ts';
import { rowWeights } from './row-weights.ts';
import { scoreRanks, weightByRank } from './score-ranks.ts';

/** Rows of similar probability: what was predicted and what happened. */
export interface CalibrationBin {
  /** Sum of weights, above 0. */
  readonly weight: number;
  /** Mean probability. */
  readonly predicted: number;
  /** Share of positives. */
  readonly observed: number;
}

/** Bins of the same width in [0, 1], or of the same weight of rows. */
export type BinsBy = 'width' | 'mass';

/** How many bins a calibration error has when nothing else is said. */
export const CALIBRATION_BINS = 10;

/**
 * The bin of every probability, 0 … bins−1. Equal width: ((k−1)/K, k/K], the first closed at 0, as scikit-learn's
 * calibration_curve. Equal mass: by the middle of the rows that share the probability, so that equal ones stay together.
 */
export function binOfRows(examples: Examples, bins: number, by: BinsBy): Int32Array {
  const { scores } = examples;
  if (by === 'width') return Int32Array.from(scores, (score) => widthBin(score, bins));
  const weights = rowWeights(examples);
  const ranks = scoreRanks(scores);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  const binAt = Int32Array.from(weightByRank(ranks, weights), (weight) => {
    const middle = below + weight / 2;
    below += weight;
    return Math.min(bins - 1, Math.floor((middle / all) * bins));
  });
  return ranks.rank.map((at) => binAt[at] as number);
}

function widthBin(score: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.ceil(score * bins) - 1));
}

/** The bins that have rows, by ascending probability. */
export function calibrationBins(examples: Examples, bins = CALIBRATION_BINS, by: BinsBy = 'width'): CalibrationBin[] {
  const weights = rowWeights(examples);
  const binOf = binOfRows(examples, bins, by);
  const weight = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const observed = new Float64Array(bins);
  for (let row = 0; row < binOf.length; row++) {
    const bin = binOf[row] as number;
    const own = weights[row] as number;
    weight[bin] = (weight[bin] as number) + own;
    predicted[bin] = (predicted[bin] as number) + own * (examples.scores[row] as number);
    observed[bin] = (observed[bin] as number) + own * (examples.labels[row] as number);
  }
  return Array.from(weight, (total, bin) => ({
    weight: total,
    predicted: (predicted[bin] as number) / total,
    observed: (observed[bin] as number) / total,
  })).filter((bin) => bin.weight > 0);
}

/** Total weight of bins. */
export function totalWeight(bins: readonly CalibrationBin[]): number {
  return bins.reduce((sum, { weight }) => sum + weight, 0);
}
