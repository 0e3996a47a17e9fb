import type { Confusion } from './confusion.ts';
import type { CallCosts, Examples } from './metric.ts';
import { scoreCuts } from './score-cuts.ts';

/** What a threshold shall be best at. */
export type ThresholdObjective =
  | { readonly kind: 'accuracy' }
  | { readonly kind: 'f-beta'; readonly beta: number }
  | { readonly kind: 'cost'; readonly costs: CallCosts }
  /** The most recall among the cuts whose precision is at least this. */
  | { readonly kind: 'precision-at-least'; readonly precision: number }
  /** The most precision among the cuts whose recall is at least this. */
  | { readonly kind: 'recall-at-least'; readonly recall: number };

export interface ChosenThreshold {
  /** Rows with at least this score are called. Just above the highest score where it is best to call nothing. */
  readonly threshold: number;
  /** What the objective is there: accuracy, F-beta, mean cost, recall, precision. */
  readonly value: number;
  readonly calls: Confusion;
}

/**
 * The best threshold of all that tell rows apart, exactly: every different score, and one above all of them (nothing
 * called). Choose it on the development half, never on the rows that decide. Of equally good ones the highest is
 * taken, which calls the fewest; for a wanted precision or recall first the one that has more of it.
 *
 * @returns undefined where no threshold has a value or meets the wish: no rows, no positives for F-beta, precision and
 * recall.
 */
export function chooseThreshold(
  examples: Pick<Examples, 'labels' | 'scores' | 'weights'>,
  objective: ThresholdObjective,
): ChosenThreshold | undefined {
  const { thresholds, truePositives, falsePositives, positives, negatives } = scoreCuts(examples);
  if (positives + negatives === 0) return undefined;
  if (positives === 0 && objective.kind !== 'accuracy' && objective.kind !== 'cost') return undefined;
  const callsAt = (cut: number): Confusion => {
    const hits = cut < 0 ? 0 : (truePositives[cut] as number);
    const misses = cut < 0 ? 0 : (falsePositives[cut] as number);
    return {
      truePositives: hits,
      falsePositives: misses,
      falseNegatives: positives - hits,
      trueNegatives: negatives - misses,
    };
  };
  let best: { readonly cut: number; readonly rank: Rank } | undefined;
  for (let cut = -1; cut < thresholds.length; cut++) {
    const rank = rankOf(callsAt(cut), objective);
    if (rank !== undefined && (best === undefined || isAbove(rank, best.rank))) best = { cut, rank };
  }
  if (best === undefined) return undefined;
  const top = thresholds[Math.max(0, best.cut)] as number;
  return {
    threshold: best.cut < 0 ? justAbove(top) : top,
    value: objective.kind === 'cost' ? -best.rank.first : best.rank.first,
    calls: callsAt(best.cut),
  };
}

/** Higher is better; the second decides among equals. */
interface Rank {
  readonly first: number;
  readonly second: number;
}

function isAbove(a: Rank, b: Rank): boolean {
  return a.first > b.first || (a.first === b.first && a.second > b.second);
}

/** Calls as rank, or undefined where they have no value or do not meet the wish. */
function rankOf(calls: Confusion, objective: ThresholdObjective): Rank | undefined {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = calls;
  const all = tp + fp + fn + tn;
  switch (objective.kind) {
    case 'accuracy':
      return { first: (tp + tn) / all, second: 0 };
    case 'cost': {
      const { falsePositive, falseNegative } = objective.costs;
      return { first: -(falsePositive * fp + falseNegative * fn) / all, second: 0 };
    }
    case 'f-beta': {
      const square = objective.beta ** 2;
      return { first: ((1 + square) * tp) / ((1 + square) * tp + fp + square * fn), second: 0 };
    }
    case 'precision-at-least': {
      if (tp + fp === 0 || tp / (tp + fp) < objective.precision) return undefined;
      return { first: tp / (tp + fn), second: tp / (tp + fp) };
    }
    case 'recall-at-least': {
      if (tp + fp === 0 || tp / (tp + fn) < objective.recall) return undefined;
      return { first: tp / (tp + fp), second: tp / (tp + fn) };
    }
  }
}

/** The next float64 above a finite number. */
function justAbove(x: number): number {
  if (x === 0) return Number.MIN_VALUE;
  const bits = new BigInt64Array(Float64Array.of(x).buffer);
  bits[0] = (bits[0] as bigint) + (x > 0 ? 1n : -1n);
  return new Float64Array(bits.buffer)[0] as number;
}
