import { estimateOfCalls, ratioOfCalls } from './confusion.ts';
import { type Metric, SCORE } from './metric.ts';

const CALL_SCORE = { task: 'binary', unit: 'share', ...SCORE, needsProbabilities: true } as const;

const EVERY_CALL = { truePositives: 1, falsePositives: 1, falseNegatives: 1, trueNegatives: 1 };

const ACCURACY = ratioOfCalls({ truePositives: 1, trueNegatives: 1 }, EVERY_CALL);
const PRECISION = ratioOfCalls({ truePositives: 1 }, { truePositives: 1, falsePositives: 1 });
const RECALL = ratioOfCalls({ truePositives: 1 }, { truePositives: 1, falseNegatives: 1 });
const SPECIFICITY = ratioOfCalls({ trueNegatives: 1 }, { trueNegatives: 1, falsePositives: 1 });

/** Share of rows whose call (score ≥ threshold) is the label. */
export const accuracyMetric: Metric<'binary'> = {
  name: 'accuracy',
  title: 'accuracy',
  ...CALL_SCORE,
  formula: '(TP + TN) / all',
  source: 'sklearn.metrics.accuracy_score',
  estimate: (examples) => estimateOfCalls(ACCURACY, examples),
};

/** Share of the called that are positive. Nothing called: 0/0, no value (scikit-learn warns and says 0). */
export const precisionMetric: Metric<'binary'> = {
  name: 'precision',
  title: 'precision',
  ...CALL_SCORE,
  formula: 'TP / (TP + FP)',
  source: 'sklearn.metrics.precision_score',
  estimate: (examples) => estimateOfCalls(PRECISION, examples),
};

/** Share of the positives that are called. No positives: no value (scikit-learn warns and says 0). */
export const recallMetric: Metric<'binary'> = {
  name: 'recall',
  title: 'recall',
  ...CALL_SCORE,
  formula: 'TP / (TP + FN)',
  source: 'sklearn.metrics.recall_score',
  estimate: (examples) => estimateOfCalls(RECALL, examples),
};

/** Share of the negatives that are not called. No negatives: no value. */
export const specificityMetric: Metric<'binary'> = {
  name: 'specificity',
  title: 'specificity',
  ...CALL_SCORE,
  formula: 'TN / (TN + FP)',
  source: 'Altman & Bland 1994; sklearn.metrics.recall_score(pos_label=0)',
  estimate: (examples) => estimateOfCalls(SPECIFICITY, examples),
};

/** Mean of recall and specificity. One class only: no value (scikit-learn warns and says the recall of the other). */
export const balancedAccuracyMetric: Metric<'binary'> = {
  name: 'balanced_accuracy',
  title: 'balanced accuracy',
  ...CALL_SCORE,
  formula: '½ TP / (TP + FN) + ½ TN / (TN + FP)',
  source: 'Brodersen et al. 2010; sklearn.metrics.balanced_accuracy_score',
  estimate: (examples) =>
    estimateOfCalls(
      {
        value(calls) {
          const recall = RECALL.value(calls);
          const specificity = SPECIFICITY.value(calls);
          return recall === undefined || specificity === undefined ? undefined : (recall + specificity) / 2;
        },
        gradient(calls) {
          const recall = RECALL.gradient(calls);
          const specificity = SPECIFICITY.gradient(calls);
          return {
            truePositives: recall.truePositives / 2,
            falseNegatives: recall.falseNegatives / 2,
            trueNegatives: specificity.trueNegatives / 2,
            falsePositives: specificity.falsePositives / 2,
          };
        },
      },
      examples,
    ),
};
