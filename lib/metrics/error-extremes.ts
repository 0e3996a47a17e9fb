import type { Description, Examples } from './metric.ts';
import { absoluteError, rowErrors } from './row-errors.ts';
import { rowWeights } from './row-weights.ts';
import { scoreRanks, weightByRank } from './score-ranks.ts';

/** The absolute error that half of the rows do not exceed; between two, their mean. Undefined without rows. */
function medianAbsoluteError(examples: Examples): number | undefined {
  const errors = rowErrors(examples, absoluteError);
  const weights = rowWeights(examples);
  const ranks = scoreRanks(errors);
  const { values } = ranks;
  const weightAt = weightByRank(ranks, weights);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  let lower: number | undefined;
  for (let at = 0; at < values.length; at++) {
    if (weightAt[at] === 0) continue;
    // Exactly half was reached before: the median lies between that error and this one.
    if (lower !== undefined) return (lower + (values[at] as number)) / 2;
    below += weightAt[at] as number;
    if (2 * below > all) return values[at];
    if (2 * below === all) lower = values[at];
  }
  return lower;
}

function maxError(examples: Examples): number | undefined {
  const weights = rowWeights(examples);
  let found: number | undefined;
  for (let row = 0; row < weights.length; row++) {
    if (weights[row] === 0) continue;
    found = Math.max(found ?? 0, absoluteError(examples.labels[row] as number, examples.scores[row] as number));
  }
  return found;
}

/** The mean signed error: above 0 where predictions are too high. */
function bias(examples: Examples): number | undefined {
  const weights = rowWeights(examples);
  let total = 0;
  let rows = 0;
  for (let row = 0; row < weights.length; row++) {
    total += (weights[row] as number) * ((examples.scores[row] as number) - (examples.labels[row] as number));
    rows += weights[row] as number;
  }
  return rows > 0 ? total / rows : undefined;
}

const ERROR = { task: 'regression', unit: 'target' } as const;

export const medianErrorDescription: Description<'regression'> = {
  name: 'median_absolute_error',
  title: 'median absolute error',
  ...ERROR,
  formula: 'median of |ŷ − y|',
  source: 'sklearn.metrics.median_absolute_error',
  whyDescriptive: 'a quantile has no influence values without a density estimate',
  describe: medianAbsoluteError,
};

export const maxErrorDescription: Description<'regression'> = {
  name: 'max_error',
  title: 'largest error',
  ...ERROR,
  formula: 'largest |ŷ − y|',
  source: 'sklearn.metrics.max_error',
  whyDescriptive: 'one row decides it: no sample says how large it can get',
  describe: maxError,
};

export const biasDescription: Description<'regression'> = {
  name: 'bias',
  title: 'bias',
  ...ERROR,
  formula: 'mean of ŷ − y',
  source: 'Hyndman & Koehler 2006 (mean error)',
  whyDescriptive: 'neither more nor less of it is better, 0 is',
  describe: bias,
};
