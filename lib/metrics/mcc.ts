import { type Confusion, estimateOfCalls, type FunctionOfCalls } from './confusion.ts';
import { type Metric, SCORE } from './metric.ts';

/** Matthews' correlation of calls and labels: covariance over the root of the four margins. */
const MCC: FunctionOfCalls = {
  value(calls) {
    const { positives, negatives, called, passed, covariance } = margins(calls);
    if (positives === 0 || negatives === 0) return undefined;
    // The same call for every row carries no information: the limit 0 of Chicco & Jurman 2020, as scikit-learn.
    if (called === 0 || passed === 0) return 0;
    return covariance / (Math.sqrt(positives * negatives) * Math.sqrt(called * passed));
  },
  gradient(calls) {
    const { truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn } = calls;
    const { positives, negatives, called, passed, covariance } = margins(calls);
    if (called === 0 || passed === 0)
      return { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
    const root = Math.sqrt(positives * negatives) * Math.sqrt(called * passed);
    const value = covariance / root;
    // d log root: each margin that the count belongs to, by half.
    const slope = (change: number, ...own: number[]) =>
      change / root - value * own.reduce((sum, margin) => sum + 1 / (2 * margin), 0);
    return {
      truePositives: slope(tn, positives, called),
      falsePositives: slope(-fn, negatives, called),
      falseNegatives: slope(-fp, positives, passed),
      trueNegatives: slope(tp, negatives, passed),
    };
  },
};

function margins({ truePositives: tp, falsePositives: fp, falseNegatives: fn, trueNegatives: tn }: Confusion) {
  return {
    positives: tp + fn,
    negatives: fp + tn,
    called: tp + fp,
    passed: fn + tn,
    covariance: tp * tn - fp * fn,
  };
}

/** Matthews' correlation coefficient, −1 to 1. One class of labels: no value (scikit-learn says 0). */
export const mccMetric: Metric<'binary'> = {
  name: 'mcc',
  title: 'MCC',
  task: 'binary',
  unit: 'none',
  ...SCORE,
  needsProbabilities: true,
  formula: '(TP·TN − FP·FN) / √((TP+FP)(TP+FN)(TN+FP)(TN+FN))',
  source: 'Matthews 1975; Chicco & Jurman 2020; sklearn.metrics.matthews_corrcoef',
  estimate: (examples) => estimateOfCalls(MCC, examples),
};
