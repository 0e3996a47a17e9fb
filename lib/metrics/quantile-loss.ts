import { meanEstimate } from './function-of-sums.ts';
import { type Examples, LOSS, type Metric, SCORE } from './metric.ts';

const QUANTILE = { task: 'quantile', needsProbabilities: false } as const;

/** The levels of the columns of `scores`. Throws RangeError when not said: `checkExamples` finds that before. */
function levelsOf({ levels }: Examples): Float64Array {
  if (levels === undefined || levels.length === 0) throw new RangeError('quantile examples need their levels');
  return levels;
}

/** The pinball loss of one prediction of a quantile: what is missed counts by the level, what is passed by the rest. */
export function pinball(level: number, actual: number, predicted: number): number {
  return actual >= predicted ? level * (actual - predicted) : (1 - level) * (predicted - actual);
}

/** Mean pinball loss over levels and rows. */
export const pinballMetric: Metric<'quantile'> = {
  name: 'pinball_loss',
  title: 'pinball loss',
  unit: 'target',
  ...QUANTILE,
  ...LOSS,
  formula: 'mean of max(q·(y − ŷ), (1 − q)·(ŷ − y)) over rows and levels q',
  source: 'Koenker & Bassett 1978; sklearn.metrics.mean_pinball_loss',
  estimate(examples) {
    const levels = levelsOf(examples);
    const losses = examples.labels.map((actual, row) => {
      let loss = 0;
      for (let j = 0; j < levels.length; j++) {
        loss += pinball(levels[j] as number, actual, examples.scores[row * levels.length + j] as number);
      }
      return loss / levels.length;
    });
    return meanEstimate(losses, examples.weights);
  },
};

/** Something about the interval from the lowest to the highest level, a value a row. */
function ofInterval(examples: Examples, value: (actual: number, low: number, high: number) => number): Float64Array {
  const levels = levelsOf(examples);
  return examples.labels.map((actual, row) => {
    const start = row * levels.length;
    return value(actual, examples.scores[start] as number, examples.scores[start + levels.length - 1] as number);
  });
}

/**
 * Share of rows inside of the interval between the lowest and the highest level. Wider intervals always cover more:
 * read it with the width, or decide on the interval score.
 */
export const intervalCoverageMetric: Metric<'quantile'> = {
  name: 'interval_coverage',
  title: 'interval coverage',
  unit: 'share',
  ...QUANTILE,
  ...SCORE,
  formula: 'share of rows with lowest quantile ≤ y ≤ highest quantile',
  source: 'Gneiting et al. 2007',
  estimate: (examples) =>
    meanEstimate(
      ofInterval(examples, (actual, low, high) => (low <= actual && actual <= high ? 1 : 0)),
      examples.weights,
    ),
};

/** Mean width of the interval between the lowest and the highest level. Narrower intervals always cover less. */
export const intervalWidthMetric: Metric<'quantile'> = {
  name: 'interval_width',
  title: 'interval width',
  unit: 'target',
  ...QUANTILE,
  ...LOSS,
  formula: 'mean of highest quantile − lowest quantile',
  source: 'Gneiting et al. 2007 (sharpness)',
  estimate: (examples) =>
    meanEstimate(
      ofInterval(examples, (_actual, low, high) => high - low),
      examples.weights,
    ),
};

/**
 * Winkler's interval score of the interval between the lowest and the highest level: its width and, for a row outside,
 * its distance over the share that should be outside on that side. Proper: honest quantiles have the lowest.
 */
export const intervalScoreMetric: Metric<'quantile'> = {
  name: 'interval_score',
  title: 'interval score',
  unit: 'target',
  ...QUANTILE,
  ...LOSS,
  formula: 'mean of width + (lowest quantile − y)₊ / lowest level + (y − highest quantile)₊ / (1 − highest level)',
  source: 'Winkler 1972; Gneiting & Raftery 2007 eq. 43 (there both sides have α/2)',
  estimate(examples) {
    const levels = levelsOf(examples);
    const below = levels[0] as number;
    const above = 1 - (levels[levels.length - 1] as number);
    const losses = ofInterval(
      examples,
      (actual, low, high) => high - low + Math.max(0, low - actual) / below + Math.max(0, actual - high) / above,
    );
    return meanEstimate(losses, examples.weights);
  },
};
