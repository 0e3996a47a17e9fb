import type { Description, Examples } from './metric.ts';
import { rowWeights } from './row-weights.ts';
import { scoreRanks, weightByRank } from './score-ranks.ts';

/** Mid-ranks, ties averaged; a row of weight w stands for w rows. */
function midRanks(values: Float64Array, weights: Float64Array): Float64Array {
  const ranks = scoreRanks(values);
  const { rank } = ranks;
  let below = 0;
  const middle = weightByRank(ranks, weights).map((weight) => {
    const found = below + weight / 2;
    below += weight;
    return found;
  });
  return values.map((_value, row) => middle[rank[row] as number] as number);
}

/** Pearson's correlation of the mid-ranks; undefined where either side is constant. */
function spearman(examples: Examples): number | undefined {
  const weights = rowWeights(examples);
  const a = midRanks(examples.labels, weights);
  const b = midRanks(examples.scores, weights);
  let rows = 0;
  for (const weight of weights) rows += weight;
  // Mid-ranks average to half of all rows.
  const center = rows / 2;
  let both = 0;
  let ofA = 0;
  let ofB = 0;
  for (let row = 0; row < a.length; row++) {
    const weight = weights[row] as number;
    const left = (a[row] as number) - center;
    const right = (b[row] as number) - center;
    both += weight * left * right;
    ofA += weight * left * left;
    ofB += weight * right * right;
  }
  return ofA > 0 && ofB > 0 ? both / Math.sqrt(ofA) / Math.sqrt(ofB) : undefined;
}

export const spearmanDescription: Description<'regression'> = {
  name: 'spearman',
  title: "Spearman's ρ",
  task: 'regression',
  unit: 'none',
  formula: 'correlation of the ranks of y and ŷ, ties averaged',
  source: 'Spearman 1904; scipy.stats.spearmanr',
  whyDescriptive: 'its influence values are not worked out here; decide on RMSE, MAE or R²',
  describe: spearman,
};
