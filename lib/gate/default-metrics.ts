import type { MetricTask } from '../metrics/metric.ts';
import type { MetricName } from './rules.ts';

/** The metric that decides, and those that must not get worse, where nothing else is said. */
export interface DefaultMetrics {
  readonly primary: MetricName;
  readonly guardrails: readonly MetricName[];
}

/**
 * What is compared when nothing is named: first how well the model does its work, then another view of the same that the
 * first could hide (probabilities behind a ranking, small errors behind large ones).
 */
export const DEFAULT_METRICS: Readonly<Record<MetricTask, DefaultMetrics>> = {
  binary: { primary: 'roc_auc', guardrails: ['log_loss'] },
  multiclass: { primary: 'multiclass_log_loss', guardrails: ['multiclass_accuracy'] },
  regression: { primary: 'rmse', guardrails: ['mae'] },
  quantile: { primary: 'pinball_loss', guardrails: ['interval_score'] },
  ranking: { primary: 'ndcg_10', guardrails: ['mrr'] },
  forecast: { primary: 'mae', guardrails: ['rmse'] },
};
