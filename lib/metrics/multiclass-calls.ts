import { meanEstimate } from './function-of-sums.ts';
import { type Examples, type Metric, SCORE } from './metric.ts';
import { calledClasses, classCount } from './multiclass-rows.ts';

const CLASS_SCORE = { task: 'multiclass', unit: 'share', ...SCORE, needsProbabilities: true } as const;

/** Share of rows whose most probable class is the label. */
export const multiclassAccuracyMetric: Metric<'multiclass'> = {
  name: 'multiclass_accuracy',
  title: 'accuracy',
  ...CLASS_SCORE,
  formula: 'share of rows where the most probable class is the label',
  source: 'sklearn.metrics.accuracy_score',
  estimate(examples) {
    const called = calledClasses(examples);
    const right = examples.labels.map((label, row) => (label === called[row] ? 1 : 0));
    return meanEstimate(right, examples.weights);
  },
};

/**
 * Share of rows whose label is among the k most probable classes. Of equally probable classes the later one is taken
 * first, as scikit-learn does.
 */
export function topKAccuracyMetric(name: string, k: number): Metric<'multiclass'> {
  return {
    name,
    title: `top-${k} accuracy`,
    ...CLASS_SCORE,
    formula: `share of rows whose label is among the ${k} most probable classes`,
    source: `sklearn.metrics.top_k_accuracy_score(k=${k})`,
    estimate(examples) {
      const hits = Float64Array.from(examples.labels, (_label, row) => (placeOfLabel(examples, row) < k ? 1 : 0));
      return meanEstimate(hits, examples.weights);
    },
  };
}

/** How many classes come before the label in the row's order of probability. */
function placeOfLabel(examples: Examples, row: number): number {
  const classes = classCount(examples);
  const label = examples.labels[row] as number;
  const own = examples.scores[row * classes + label] as number;
  let before = 0;
  for (let j = 0; j < classes; j++) {
    const other = examples.scores[row * classes + j] as number;
    if (other > own || (other === own && j > label)) before++;
  }
  return before;
}
