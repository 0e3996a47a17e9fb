import { estimateOf } from './function-of-sums.ts';
import { type Estimate, type Examples, type Metric, SCORE } from './metric.ts';
import { rowErrors, squaredError } from './row-errors.ts';
import { rowWeights, weighted } from './row-weights.ts';

/** A spread below this share of the squares about the mean of all rows is rounding error: the target is constant. */
const CONSTANT_SHARE = 1e-12;

/**
 * 1 − Σ w·e² / Σ w·(y − ȳ)². A constant target has nothing to explain and no value (scikit-learn says 1 for a perfect
 * fit, else 0). Squares are taken about the mean of all rows, so that an offset of the target costs no digits.
 */
function estimateR2(examples: Examples): Estimate | undefined {
  const weights = rowWeights(examples);
  const center = centerOf(examples.labels, weights);
  const offsets = examples.labels.map((label) => label - center);
  const spread = ([, rows, first, second]: Float64Array): number | undefined => {
    if (!((rows as number) > 0)) return undefined;
    const found = (second as number) - (first as number) ** 2 / (rows as number);
    return found > CONSTANT_SHARE * (second as number) ? found : undefined;
  };
  return estimateOf({
    terms: [
      weighted(rowErrors(examples, squaredError), examples.weights),
      weights,
      weighted(offsets, examples.weights),
      weighted(
        offsets.map((offset) => offset * offset),
        examples.weights,
      ),
    ],
    value(totals) {
      const total = spread(totals);
      return total === undefined ? undefined : 1 - (totals[0] as number) / total;
    },
    gradient(totals) {
      const [errors, rows, first] = totals;
      const total = spread(totals) as number;
      const bySpread = (errors as number) / total ** 2;
      const mean = (first as number) / (rows as number);
      return [-1 / total, bySpread * mean ** 2, bySpread * -2 * mean, bySpread];
    },
  });
}

/** The weighted mean; where all are the same, exactly that. */
function centerOf(labels: Float64Array, weights: Float64Array): number {
  let total = 0;
  let rows = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights[row] as number;
    if (weight === 0) continue;
    const label = labels[row] as number;
    total += weight * label;
    rows += weight;
    low = Math.min(low, label);
    high = Math.max(high, label);
  }
  return low === high ? low : total / rows;
}

export const r2Metric: Metric<'regression'> = {
  name: 'r2',
  title: 'R²',
  task: 'regression',
  unit: 'share',
  ...SCORE,
  needsProbabilities: false,
  formula: '1 − Σ (ŷ − y)² / Σ (y − ȳ)²',
  source: 'Wright 1921; sklearn.metrics.r2_score',
  estimate: estimateR2,
};
