import { estimateOfCalls, ratioOfCalls } from './confusion.ts';
import { type Metric, SCORE } from './metric.ts';

/**
 * F-beta of the positive class: recall counts `beta` times as much as precision. The ratio estimator of Takahashi et
 * al. 2022. Without any positive, called or true, it is 0/0 and has no value (scikit-learn warns and says 0).
 */
export function fBetaMetric(name: string, beta: number): Metric<'binary'> {
  const square = beta * beta;
  const ratio = ratioOfCalls(
    { truePositives: 1 + square },
    { truePositives: 1 + square, falsePositives: 1, falseNegatives: square },
  );
  return {
    name,
    title: `F${beta}`,
    task: 'binary',
    unit: 'share',
    ...SCORE,
    needsProbabilities: true,
    formula: beta === 1 ? '2·TP / (2·TP + FP + FN)' : `${1 + square}·TP / (${1 + square}·TP + FP + ${square}·FN)`,
    source: `van Rijsbergen 1979; sklearn.metrics.${beta === 1 ? 'f1_score' : `fbeta_score(beta=${beta})`}`,
    estimate: (examples) => estimateOfCalls(ratio, examples),
  };
}

export const f1Metric = fBetaMetric('f1', 1);

/** Recall counts twice. */
export const f2Metric = fBetaMetric('f2', 2);

/** Precision counts twice. */
export const fHalfMetric = fBetaMetric('f0_5', 0.5);
