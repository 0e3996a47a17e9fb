/** Labelled and scored examples, one entry a row. */
export interface Examples {
  /** Binary: 0 or 1. Regression: the true value. */
  readonly labels: Float64Array;
  /** Binary: probability of 1. Regression: the predicted value. Finite. */
  readonly scores: Float64Array;
  /** Binary: a score of at least this is called positive. */
  readonly threshold: number;
}

/** A metric's value and how much every example, and every cluster of examples, moves it. */
export interface Estimate {
  readonly value: number;
  /**
   * One a row. They sum to zero, and `value(sample) − value(population) ≈ Σ influence`: a sum of independent terms, whose
   * variance is known however the rows are clustered. The difference of two metrics on the same rows has the difference
   * of the influence values.
   */
  readonly influence: Float64Array;
  /**
   * The value without each cluster in turn, exactly as if its rows had never been there; NaN where there is none then
   * (a cluster holds all of a class). A cluster without rows leaves the value as it is.
   *
   * @param clusters one code a row, 0 … count−1
   */
  leaveOut(clusters: ArrayLike<number>, count: number): Float64Array;
}

export interface Metric {
  readonly name: string;
  readonly task: 'binary' | 'regression';
  readonly higherIsBetter: boolean;
  /** Allowed loss when none is declared: absolute, or a share of the baseline's value (design §5). */
  readonly defaultMargin: { readonly absolute: number } | { readonly ofBaseline: number };
  /** True when scores have to be probabilities in [0, 1]; ranks alone need not. */
  readonly needsProbabilities: boolean;
  /** @returns undefined where the metric has no value: no rows, or one class only. */
  estimate(examples: Examples): Estimate | undefined;
}

/** Default margin of metrics on a 0–1 scale: one point (design §5). */
export const SCORE_MARGIN = { absolute: 0.01 } as const;

/** Default margin of losses: 2 % of the baseline's (design §5). */
export const LOSS_MARGIN = { ofBaseline: 0.02 } as const;

/** Neumaier's compensated sum (1974): the error does not grow with the number of terms. */
export function compensatedSum(values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}
