import { type Estimate, type Examples, type Metric, SCORE } from './metric.ts';
import { classCount } from './multiclass-rows.ts';
import { estimateRocAuc } from './roc-auc.ts';
import { rowWeights } from './row-weights.ts';
import { rowsByCluster } from './rows-by-cluster.ts';

const CLASS_AUC = { task: 'multiclass', unit: 'share', ...SCORE, needsProbabilities: true } as const;

/** ROC AUC of every class against the rest; undefined for a class that no row, or every row, has. */
function classEstimates(examples: Examples): (Estimate | undefined)[] {
  const classes = classCount(examples);
  const { labels, scores, weights } = examples;
  return Array.from({ length: classes }, (_none, j) =>
    estimateRocAuc({
      labels: labels.map((label) => (label === j ? 1 : 0)),
      scores: Float64Array.from(labels, (_label, row) => scores[row * classes + j] as number),
      ...(weights === undefined ? {} : { weights }),
    }),
  );
}

/** Mean over the classes. A class that is missing: no value, because a mean over fewer classes is another metric. */
function estimateMacro(examples: Examples): Estimate | undefined {
  const found = classEstimates(examples).filter((one) => one !== undefined);
  if (found.length < classCount(examples)) return undefined;
  const meanOf = (columns: readonly Float64Array[]): Float64Array =>
    (columns[0] ?? new Float64Array(0)).map(
      (_value, row) => columns.reduce((sum, column) => sum + (column[row] as number), 0) / columns.length,
    );
  return {
    value: found.reduce((sum, { value }) => sum + value, 0) / found.length,
    influence: meanOf(found.map(({ influence }) => influence)),
    leaveOut: (clusters, count) => meanOf(found.map((one) => one.leaveOut(clusters, count))),
  };
}

/** Mean over the classes by their number of rows; a class without rows weighs nothing. */
function estimateWeighted(examples: Examples): Estimate | undefined {
  const { labels } = examples;
  const weights = rowWeights(examples);
  const support = new Float64Array(classCount(examples));
  let all = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights[row] as number;
    support[labels[row] as number] = (support[labels[row] as number] as number) + weight;
    all += weight;
  }
  const found = classEstimates(examples);
  if (found.filter((one) => one !== undefined).length < 2) return undefined;
  const value = found.reduce((sum, one, j) => sum + (one?.value ?? 0) * ((support[j] as number) / all), 0);
  const influence = new Float64Array(labels.length);
  found.forEach((one, j) => {
    if (one === undefined) return;
    for (let row = 0; row < influence.length; row++) {
      influence[row] = (influence[row] as number) + ((support[j] as number) / all) * (one.influence[row] as number);
    }
  });
  // A row also makes its own class weigh more.
  for (let row = 0; row < influence.length; row++) {
    const own = found[labels[row] as number]?.value ?? value;
    influence[row] = (influence[row] as number) + ((weights[row] as number) / all) * (own - value);
  }
  return {
    value,
    influence,
    leaveOut: (clusters, count) => {
      const without = found.map((one) => one?.leaveOut(clusters, count));
      return Float64Array.from(rowsByCluster(clusters, count), (rows, cluster) =>
        weightedWithout(
          without.map((one) => one?.[cluster]),
          supportWithout(support, labels, weights, rows),
        ),
      );
    },
  };
}

function supportWithout(support: Float64Array, labels: Float64Array, weights: Float64Array, rows: Int32Array) {
  const left = support.slice();
  for (const row of rows) {
    const label = labels[row] as number;
    left[label] = (left[label] as number) - (weights[row] as number);
  }
  return left;
}

/** NaN among the values says that a class is gone: it weighs nothing. Fewer than two left have no value. */
function weightedWithout(values: readonly (number | undefined)[], support: Float64Array): number {
  let top = 0;
  let bottom = 0;
  let left = 0;
  values.forEach((value, j) => {
    if (value === undefined || Number.isNaN(value)) return;
    left++;
    top += value * (support[j] as number);
    bottom += support[j] as number;
  });
  return left < 2 ? Number.NaN : top / bottom;
}

export const rocAucMacroMetric: Metric<'multiclass'> = {
  name: 'roc_auc_macro',
  title: 'ROC AUC, macro',
  ...CLASS_AUC,
  formula: 'ROC AUC of each class against the rest, mean over the classes',
  source: "Fawcett 2006; sklearn.metrics.roc_auc_score(multi_class='ovr', average='macro')",
  estimate: estimateMacro,
};

export const rocAucWeightedMetric: Metric<'multiclass'> = {
  name: 'roc_auc_weighted',
  title: 'ROC AUC, weighted',
  ...CLASS_AUC,
  formula: 'ROC AUC of each class against the rest, mean over the classes by their number of rows',
  source: "Provost & Domingos 2003; sklearn.metrics.roc_auc_score(multi_class='ovr', average='weighted')",
  estimate: estimateWeighted,
};
