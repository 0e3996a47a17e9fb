/** What is predicted. Forecasts are predicted values too: every regression metric fits them (see `fitsTask`). */
export type MetricTask = 'binary' | 'multiclass' | 'regression' | 'quantile' | 'ranking' | 'forecast';

/**
 * Labelled and scored examples, one entry a row; one shape for all tasks, so that sides, slices and clusters are cut
 * the same way. A pure check of everything said here is `checkExamples`.
 */
export interface Examples {
  /**
   * Binary: 0 or 1. Multiclass: index of the class, 0 … classes−1. Regression, quantile, forecast: the true value.
   * Ranking: relevance, at least 0; above 0 is relevant.
   */
  readonly labels: Float64Array;
  /**
   * Finite. Binary: probability of 1 (ranks alone need a score only). Multiclass: rows × classes, row after row.
   * Quantile: rows × levels, row after row. Regression, forecast: the predicted value. Ranking: higher is first.
   */
  readonly scores: Float64Array;
  /** Binary: a score of at least this is called positive. */
  readonly threshold: number;
  /** How often a row counts: finite, at least 0, not all 0. A row of weight 0 counts as absent. All 1 when left out. */
  readonly weights?: Float64Array;
  /** Multiclass: how many classes there are, in the order of the columns of `scores`. */
  readonly classes?: number;
  /** Quantile: the levels that the columns of `scores` predict, ascending, inside (0, 1). */
  readonly levels?: Float64Array;
  /** Ranking: the code of a row's query, from 0. Rows of one query have one weight. */
  readonly queries?: Int32Array;
  /** Forecast: the code of a row's series, from 0. */
  readonly series?: Int32Array;
  /** Forecast: mean absolute error of the naive forecast of every series on its past, in the target's unit (MASE). */
  readonly scales?: Float64Array;
  /** Binary: what a wrong call costs, in any one unit; 1 each when left out. */
  readonly costs?: CallCosts;
}

/** Cost of a wrong call, at least 0, in any one unit. */
export interface CallCosts {
  readonly falsePositive: number;
  readonly falseNegative: number;
}

/** A metric's value and how much every example, and every cluster of examples, moves it. */
export interface Estimate {
  readonly value: number;
  /**
   * One a row. They sum to zero, and `value(sample) − value(population) ≈ Σ influence`: a sum of independent terms, whose
   * variance is known however the rows are clustered. The difference of two metrics on the same rows has the difference
   * of the influence values. A ranking's are those of its queries, each on the query's first row.
   */
  readonly influence: Float64Array;
  /**
   * The value without each cluster in turn, exactly as if its rows had never been there; NaN where there is none then
   * (a cluster holds all of a class). A cluster without rows leaves the value as it is. Queries are never split: one
   * belongs to the cluster of its first row.
   *
   * @param clusters one code a row, 0 … count−1
   */
  leaveOut(clusters: ArrayLike<number>, count: number): Float64Array;
}

/** What people are told of a number, whether it decides or only describes. */
export interface MetricFacts<T extends MetricTask = MetricTask> {
  /** Its name in assay.yaml. */
  readonly name: string;
  /** As people write it. */
  readonly title: string;
  readonly task: T;
  /** `share` (0 to 1), `nats`, `target` (the target's unit), `target²`, `ratio`, `cost`, or `none`. */
  readonly unit: MetricUnit;
  /** In plain text; ŷ is the call or the prediction, p the probability, w the weight. */
  readonly formula: string;
  /** Who defined it; where it equals scikit-learn's function, that function. */
  readonly source: string;
}

export type MetricUnit = 'share' | 'nats' | 'target' | 'target²' | 'ratio' | 'cost' | 'none';

export interface Metric<T extends MetricTask = MetricTask> extends MetricFacts<T> {
  readonly higherIsBetter: boolean;
  /** Allowed loss when none is declared: absolute, or a share of the baseline's value (design §5). */
  readonly defaultMargin: { readonly absolute: number } | { readonly ofBaseline: number };
  /** True when scores have to be probabilities in [0, 1]; ranks alone need not. */
  readonly needsProbabilities: boolean;
  /** @returns undefined where the metric has no value: no rows, or one class only. */
  estimate(examples: Examples): Estimate | undefined;
}

/** A number that is shown and cannot decide, because it has no interval by influence values or no better direction. */
export interface Description<T extends MetricTask = MetricTask> extends MetricFacts<T> {
  /** Why no gate decides on it. */
  readonly whyDescriptive: string;
  /** @returns undefined where it has no value. */
  describe(examples: Examples): number | undefined;
}

/** Default margin of metrics on a 0–1 scale: one point (design §5). */
export const SCORE_MARGIN = { absolute: 0.01 } as const;

/** Default margin of losses: 2 % of the baseline's (design §5). */
export const LOSS_MARGIN = { ofBaseline: 0.02 } as const;

/** What scores have in common: more is better, one point is allowed. */
export const SCORE = { higherIsBetter: true, defaultMargin: SCORE_MARGIN } as const;

/** What losses have in common: less is better, 2 % of the baseline's is allowed. */
export const LOSS = { higherIsBetter: false, defaultMargin: LOSS_MARGIN } as const;

/** Whether a metric says something about a task's examples: its own, and a regression's also about forecasts. */
export function fitsTask({ task }: MetricFacts, wanted: MetricTask): boolean {
  return task === wanted || (task === 'regression' && wanted === 'forecast');
}
