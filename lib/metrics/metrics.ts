import { averagePrecisionMetric } from './average-precision.ts';
import { brierMetric } from './brier.ts';
import { eceMetric } from './calibration-error.ts';
import {
  accuracyMetric,
  balancedAccuracyMetric,
  precisionMetric,
  recallMetric,
  specificityMetric,
} from './call-scores.ts';
import { expectedCostMetric } from './expected-cost.ts';
import { f1Metric, f2Metric, fHalfMetric } from './f-beta.ts';
import { logLossMetric } from './log-loss.ts';
import { maeMetric } from './mae.ts';
import { maseMetric } from './mase.ts';
import { mccMetric } from './mcc.ts';
import { fitsTask, type Metric, type MetricTask } from './metric.ts';
import { rocAucMacroMetric, rocAucWeightedMetric } from './multiclass-auc.ts';
import {
  f1MacroMetric,
  f1MicroMetric,
  f1WeightedMetric,
  precisionMacroMetric,
  precisionMicroMetric,
  precisionWeightedMetric,
  recallMacroMetric,
  recallMicroMetric,
  recallWeightedMetric,
} from './multiclass-averages.ts';
import { multiclassAccuracyMetric, topKAccuracyMetric } from './multiclass-calls.ts';
import { multiclassBrierMetric, multiclassLogLossMetric } from './multiclass-loss.ts';
import { ndcg5Metric, ndcg10Metric, ndcgAllMetric, ndcgExponential10Metric } from './ndcg.ts';
import { mapeMetric, smapeMetric, wapeMetric } from './percentage-errors.ts';
import { intervalCoverageMetric, intervalScoreMetric, intervalWidthMetric, pinballMetric } from './quantile-loss.ts';
import { r2Metric } from './r2.ts';
import { mapMetric, mrrMetric, precision10Metric, recall10Metric } from './retrieval.ts';
import { mseMetric, rmseMetric } from './rmse.ts';
import { rocAucMetric } from './roc-auc.ts';

/** Every metric that a gate can decide on, by its name in assay.yaml. */
export const METRICS = {
  roc_auc: rocAucMetric,
  accuracy: accuracyMetric,
  f1: f1Metric,
  log_loss: logLossMetric,
  average_precision: averagePrecisionMetric,
  balanced_accuracy: balancedAccuracyMetric,
  precision: precisionMetric,
  recall: recallMetric,
  specificity: specificityMetric,
  f2: f2Metric,
  f0_5: fHalfMetric,
  mcc: mccMetric,
  brier: brierMetric,
  ece: eceMetric,
  expected_cost: expectedCostMetric,
  multiclass_accuracy: multiclassAccuracyMetric,
  recall_macro: recallMacroMetric,
  precision_macro: precisionMacroMetric,
  f1_macro: f1MacroMetric,
  recall_micro: recallMicroMetric,
  precision_micro: precisionMicroMetric,
  f1_micro: f1MicroMetric,
  recall_weighted: recallWeightedMetric,
  precision_weighted: precisionWeightedMetric,
  f1_weighted: f1WeightedMetric,
  roc_auc_macro: rocAucMacroMetric,
  roc_auc_weighted: rocAucWeightedMetric,
  top_2_accuracy: topKAccuracyMetric('top_2_accuracy', 2),
  top_3_accuracy: topKAccuracyMetric('top_3_accuracy', 3),
  top_5_accuracy: topKAccuracyMetric('top_5_accuracy', 5),
  multiclass_log_loss: multiclassLogLossMetric,
  multiclass_brier: multiclassBrierMetric,
  rmse: rmseMetric,
  mae: maeMetric,
  mse: mseMetric,
  r2: r2Metric,
  mape: mapeMetric,
  smape: smapeMetric,
  wape: wapeMetric,
  pinball_loss: pinballMetric,
  interval_score: intervalScoreMetric,
  interval_coverage: intervalCoverageMetric,
  interval_width: intervalWidthMetric,
  ndcg: ndcgAllMetric,
  ndcg_5: ndcg5Metric,
  ndcg_10: ndcg10Metric,
  ndcg_exponential_10: ndcgExponential10Metric,
  mrr: mrrMetric,
  map: mapMetric,
  precision_at_10: precision10Metric,
  recall_at_10: recall10Metric,
  mase: maseMetric,
} as const satisfies Record<string, Metric>;

/** The metrics that say something about a task's examples, in the order that people are shown. */
export function metricsForTask(task: MetricTask): Metric[] {
  return Object.values<Metric>(METRICS).filter((metric) => fitsTask(metric, task));
}
