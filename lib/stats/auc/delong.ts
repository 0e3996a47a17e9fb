import { ascendingOrder } from '../numbers/sort-order.ts';

/** Areas under the ROC curves of several models on the same examples, and how sure they are. */
export interface DeLong {
  readonly positives: number;
  readonly negatives: number;
  /** One a model; NaN where a class is missing or a score is not a number. */
  readonly auc: Float64Array;
  /**
   * A column a model: how much each example moves its area, (placement value − area) / examples of its class. They sum
   * to 0, and `area(sample) − area(population) ≈ Σ influence`.
   */
  readonly influence: readonly Float64Array[];
  /** [model][model]; NaN where a class has fewer than two examples: how one example varies is not known. */
  readonly covariance: readonly Float64Array[];
}

/**
 * Areas under ROC curves, ties counted half, with the covariance of DeLong, DeLong & Clarke-Pearson (1988). Fast form
 * (Sun & Xu 2014): the placement values come from the ranks in one sort a model, O(k n log n) and O(k² n) for the
 * covariance. Assumes independent examples; where they come in clusters see `clusteredDelong`. Perfect separation and
 * constant scores have variance 0, which is not to be believed: see `aucInterval` and `aucDifference`.
 *
 * @param labels 0 or 1
 * @param scores a column a model, greater for likelier positives
 */
export function delong(labels: ArrayLike<number>, scores: readonly Float64Array[]): DeLong {
  return delongOf(
    labels,
    scores.map((column) => pairsWon(labels, column)),
  );
}

/**
 * How many examples of the other class each example wins against, ties counted half: a positive by a higher score, a
 * negative by a lower one. Multiples of ½, so they are exact. All NaN where a class is missing or a score is NaN. This is
 * the expensive part of `delong`, one sort a model, and can be done for each model elsewhere.
 */
export function pairsWon(labels: ArrayLike<number>, scores: Float64Array): Float64Array<ArrayBuffer> {
  const n = scores.length;
  const won = new Float64Array(n);
  const positives = positivesOf(labels);
  if (positives === 0 || positives === n || hasNaN(scores)) return won.fill(Number.NaN);
  const order = ascendingOrder(scores);
  let positivesBelow = 0;
  let negativesBelow = 0;
  // Walks the groups of equal scores upwards, with the examples of each class below them.
  for (let begin = 0; begin < n; ) {
    const score = scores[order[begin] as number];
    let end = begin;
    let tied = 0;
    while (end < n && scores[order[end] as number] === score) tied += labels[order[end++] as number] === 1 ? 1 : 0;
    const tiedNegatives = end - begin - tied;
    const beaten = negativesBelow + tiedNegatives / 2;
    const beating = positives - positivesBelow - tied / 2;
    for (let at = begin; at < end; at++) {
      const row = order[at] as number;
      won[row] = labels[row] === 1 ? beaten : beating;
    }
    positivesBelow += tied;
    negativesBelow += tiedNegatives;
    begin = end;
  }
  return won;
}

/** The rest of `delong`, from what `pairsWon` says of each model. */
export function delongOf(labels: ArrayLike<number>, won: readonly Float64Array[]): DeLong {
  const positives = positivesOf(labels);
  const negatives = labels.length - positives;
  const auc = Float64Array.from(won, (column) => winsOf(labels, column) / positives / negatives);
  const influence = won.map((column, model) => influenceOf(labels, column, auc[model] as number, positives, negatives));
  return { positives, negatives, auc, influence, covariance: covarianceOf(labels, influence, positives, negatives) };
}

/** A loop: a callback a value takes as long as a tenth of the sort. */
function hasNaN(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return true;
  return false;
}

function positivesOf(labels: ArrayLike<number>): number {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) positives += labels[i] === 1 ? 1 : 0;
  return positives;
}

function winsOf(labels: ArrayLike<number>, won: Float64Array): number {
  let wins = 0;
  for (let i = 0; i < won.length; i++) if (labels[i] === 1) wins += won[i] as number;
  return wins;
}

function influenceOf(
  labels: ArrayLike<number>,
  won: Float64Array,
  area: number,
  positives: number,
  negatives: number,
): Float64Array {
  const influence = new Float64Array(won.length);
  for (let i = 0; i < influence.length; i++) {
    const wins = won[i] as number;
    influence[i] = labels[i] === 1 ? (wins / negatives - area) / positives : (wins / positives - area) / negatives;
  }
  return influence;
}

/** Each class has its own factor n / (n − 1): a class is a sample of its own. */
function covarianceOf(
  labels: ArrayLike<number>,
  influence: readonly Float64Array[],
  positives: number,
  negatives: number,
): Float64Array[] {
  const ofPositive = positives / (positives - 1);
  const ofNegative = negatives / (negatives - 1);
  const covariance = influence.map(() => new Float64Array(influence.length));
  influence.forEach((a, j) => {
    for (let k = 0; k <= j; k++) {
      const { positive, negative } = productsOf(labels, a, influence[k] as Float64Array);
      const value = positives < 2 || negatives < 2 ? Number.NaN : ofPositive * positive + ofNegative * negative;
      (covariance[j] as Float64Array)[k] = value;
      (covariance[k] as Float64Array)[j] = value;
    }
  });
  return covariance;
}

/** Σ a·b over the examples of either class. */
function productsOf(
  labels: ArrayLike<number>,
  a: Float64Array,
  b: Float64Array,
): { readonly positive: number; readonly negative: number } {
  let positive = 0;
  let negative = 0;
  for (let i = 0; i < a.length; i++) {
    const product = (a[i] as number) * (b[i] as number);
    if (labels[i] === 1) positive += product;
    else negative += product;
  }
  return { positive, negative };
}
