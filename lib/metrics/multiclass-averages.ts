import { estimateOfTallies, type FunctionOfTallies } from './function-of-tallies.ts';
import { type Examples, type Metric, SCORE } from './metric.ts';
import { calledClasses, classCount } from './multiclass-rows.ts';
import { rowWeights } from './row-weights.ts';

/**
 * How a class scores, 2·hits / (true + called) and the like: `hits` times the hits over the weighted margins. A class
 * that is there (true or called) with nothing below the line scores 0, as scikit-learn with zero_division=0.
 */
interface ClassRatio {
  readonly hits: number;
  readonly actual: number;
  readonly called: number;
}

const RATIOS = {
  precision: { hits: 1, actual: 0, called: 1 },
  recall: { hits: 1, actual: 1, called: 0 },
  f1: { hits: 2, actual: 1, called: 1 },
} as const satisfies Record<string, ClassRatio>;

type Average = 'macro' | 'micro' | 'weighted';

/** Totals are hits, true rows and called rows of every class, three a class. */
function averageOf(
  ratio: ClassRatio,
  average: Average,
  classes: number,
): Pick<FunctionOfTallies, 'value' | 'gradient'> {
  const totalsOf = (totals: Float64Array, j: number) => ({
    hits: totals[3 * j] as number,
    actual: totals[3 * j + 1] as number,
    called: totals[3 * j + 2] as number,
  });
  const score = (totals: Float64Array, j: number) => {
    const { hits, actual, called } = totalsOf(totals, j);
    const below = ratio.actual * actual + ratio.called * called;
    return { below, value: below > 0 ? (ratio.hits * hits) / below : 0, present: actual + called > 0, actual };
  };
  // Macro counts every class that is there alike, weighted by its true rows.
  const shares = (totals: Float64Array) => {
    const found = Array.from({ length: classes }, (_none, j) => score(totals, j));
    const all = found.reduce((sum, { actual, present }) => sum + (average === 'macro' ? Number(present) : actual), 0);
    return { found, all };
  };
  const value = (totals: Float64Array): number | undefined => {
    const { found, all } = shares(totals);
    if (all === 0) return undefined;
    return found.reduce((sum, { value: own, actual }) => sum + (own * (average === 'macro' ? 1 : actual)) / all, 0);
  };
  return {
    value,
    gradient(totals) {
      const { found, all } = shares(totals);
      const mean = value(totals) ?? 0;
      const slope = new Float64Array(3 * classes);
      found.forEach(({ below, value: own, present, actual }, j) => {
        if (!present) return;
        const share = (average === 'macro' ? 1 : actual) / all;
        // By the number of true rows a class also gains weight in the average.
        const gain = average === 'weighted' ? (own - mean) / all : 0;
        slope[3 * j] = below > 0 ? (share * ratio.hits) / below : 0;
        slope[3 * j + 1] = gain - (below > 0 ? (share * ratio.actual * own) / below : 0);
        slope[3 * j + 2] = below > 0 ? (-share * ratio.called * own) / below : 0;
      });
      return slope;
    },
  };
}

/** Micro: the totals of all classes together, which with one label and one call a row are hits over rows. */
function microOf(classes: number): Pick<FunctionOfTallies, 'value' | 'gradient'> {
  const sums = (totals: Float64Array) => {
    let hits = 0;
    let rows = 0;
    for (let j = 0; j < classes; j++) {
      hits += totals[3 * j] as number;
      rows += totals[3 * j + 1] as number;
    }
    return { hits, rows };
  };
  return {
    value(totals) {
      const { hits, rows } = sums(totals);
      return rows > 0 ? hits / rows : undefined;
    },
    gradient(totals) {
      const { hits, rows } = sums(totals);
      return Float64Array.from(totals, (_total, at) => [1 / rows, -hits / rows ** 2, 0][at % 3] as number);
    },
  };
}

function estimateAverage(examples: Examples, ratio: ClassRatio, average: Average) {
  const classes = classCount(examples);
  const called = calledClasses(examples);
  const weights = rowWeights(examples);
  const { labels } = examples;
  const cells = (code: ArrayLike<number>, kind: number) => Int32Array.from(code, (j) => 3 * j + kind);
  return estimateOfTallies({
    size: 3 * classes,
    entries: [
      { cell: cells(labels, 0), amount: weights.map((weight, row) => (labels[row] === called[row] ? weight : 0)) },
      { cell: cells(labels, 1), amount: weights },
      { cell: cells(called, 2), amount: weights },
    ],
    ...(average === 'micro' ? microOf(classes) : averageOf(ratio, average, classes)),
  });
}

function averageMetric(kind: keyof typeof RATIOS, average: Average): Metric<'multiclass'> {
  const word = kind === 'f1' ? 'F1' : kind;
  const over = {
    macro: 'mean over the classes that occur, as label or call',
    weighted: 'mean over the classes by their number of rows',
    micro: 'of all classes together, which is the accuracy',
  }[average];
  return {
    name: `${kind}_${average}`,
    title: `${average} ${word}`,
    task: 'multiclass',
    unit: 'share',
    ...SCORE,
    needsProbabilities: true,
    formula: `${word} of each class against the rest, ${over}`,
    source: `sklearn.metrics.${kind}_score(average='${average}', zero_division=0)`,
    estimate: (examples) => estimateAverage(examples, RATIOS[kind], average),
  };
}

export const precisionMacroMetric = averageMetric('precision', 'macro');
export const recallMacroMetric = averageMetric('recall', 'macro');
export const f1MacroMetric = averageMetric('f1', 'macro');
export const precisionMicroMetric = averageMetric('precision', 'micro');
export const recallMicroMetric = averageMetric('recall', 'micro');
export const f1MicroMetric = averageMetric('f1', 'micro');
export const precisionWeightedMetric = averageMetric('precision', 'weighted');
export const recallWeightedMetric = averageMetric('recall', 'weighted');
export const f1WeightedMetric = averageMetric('f1', 'weighted');
