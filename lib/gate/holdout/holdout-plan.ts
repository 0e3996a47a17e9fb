import type { CallCosts } from '../../metrics/metric.ts';
import type { GivenRows } from '../evidence/given-rows.ts';

/** Both sides' value of something. */
export interface Sides {
  readonly baseline: number;
  readonly candidate: number;
}

/** What is supposed of a holdout that is not there yet, and of the two models that are scored on it. */
export interface HoldoutPlan {
  /** Rows of every cluster, at least one each. */
  readonly sizes: readonly number[];
  /** Share of the variance that rows of a cluster have in common, in [0, 1): of the labels, the scores and the errors. */
  readonly intraclass: number;
  /** Binary: share of positives. Ranking: share of relevant documents. In (0, 1). */
  readonly positives: number;
  /** Correlation of the two sides' scores, and of their errors, on one row of one class, in [0, 1]. */
  readonly agreement: number;
  /**
   * How far apart scores lie, in standard deviations of either: those of positives and negatives, of a row's own class
   * and of the others, of the most relevant documents and of those that are not.
   */
  readonly separation: Sides;
  /** Regression, quantile, forecast: standard deviation of the errors, which is the RMSE. */
  readonly deviation: Sides;
  /** Regression, quantile, forecast: mean and standard deviation of the true values; all 0 when left out. */
  readonly target?: { readonly mean: number; readonly deviation: number };
  /** Multiclass: share of every class; they add up to 1. */
  readonly classes?: readonly number[];
  /** Quantile: the levels that are predicted, ascending. */
  readonly levels?: readonly number[];
  /** Ranking: documents of a query, where the rows are not given. */
  readonly documents?: number;
  /** Days in a row, this one included, whose errors hang together: forecasts so many days ahead. 1 when left out. */
  readonly reach?: number;
  /** Binary: what wrong calls cost. */
  readonly costs?: CallCosts;
  /** The rows that there are, labels included: then only scores are drawn. `sizes` are theirs. */
  readonly given?: GivenRows;
}
