import {
  type BinsBy,
  binOfRows,
  CALIBRATION_BINS,
  type CalibrationBin,
  calibrationBins,
  totalWeight,
} from './calibration-bins.ts';
import { estimateOfTallies } from './function-of-tallies.ts';
import { type Description, type Estimate, type Examples, LOSS, type Metric } from './metric.ts';
import { rowWeights } from './row-weights.ts';

/**
 * Expected calibration error over bins of equal width, Σ |Σ w·(y − p) in the bin| / Σ w. A function of the bins' sums,
 * with a kink where a bin is right on the average: near perfect calibration its influence values say too little, and it
 * is biased upwards, by about 1/√(rows in a bin).
 */
function estimateEce(examples: Examples): Estimate | undefined {
  const bins = CALIBRATION_BINS;
  const weights = rowWeights(examples);
  const misses = weights.map(
    (weight, row) => weight * ((examples.labels[row] as number) - (examples.scores[row] as number)),
  );
  // The bins' misses, and after them the weight of all rows.
  const eceOf = (totals: Float64Array) => {
    let misses = 0;
    for (let bin = 0; bin < bins; bin++) misses += Math.abs(totals[bin] as number);
    return misses / (totals[bins] as number);
  };
  return estimateOfTallies({
    size: bins + 1,
    entries: [
      { cell: binOfRows(examples, bins, 'width'), amount: misses },
      { cell: new Int32Array(weights.length).fill(bins), amount: weights },
    ],
    value: (totals) => ((totals[bins] as number) > 0 ? eceOf(totals) : undefined),
    gradient: (totals) => {
      const all = totals[bins] as number;
      return totals.map((total, at) => (at === bins ? -eceOf(totals) / all : Math.sign(total) / all));
    },
  });
}

export const eceMetric: Metric<'binary'> = {
  name: 'ece',
  title: 'ECE',
  task: 'binary',
  unit: 'share',
  ...LOSS,
  needsProbabilities: true,
  formula: `mean over ${CALIBRATION_BINS} bins of equal width, by their rows, of |share of positives − mean p|`,
  source: 'Naeini et al. 2015; Guo et al. 2017',
  estimate: estimateEce,
};

/** Expected calibration error by any bins; undefined without rows. */
export function expectedCalibrationError(examples: Examples, bins: number, by: BinsBy): number | undefined {
  const found = calibrationBins(examples, bins, by);
  const all = totalWeight(found);
  if (found.length === 0) return undefined;
  return found.reduce(
    (sum, { weight, predicted, observed }) => sum + (weight / all) * Math.abs(observed - predicted),
    0,
  );
}

/**
 * Variance of a bin's share of positives, estimated without bias: ō(1−ō)/(n−1), where a weight says how often a row
 * counts. NaN when a mixed bin has not more than one row.
 */
export function varianceOfObserved({ weight, observed }: CalibrationBin): number {
  const spread = observed * (1 - observed);
  if (spread === 0) return 0;
  return weight > 1 ? spread / (weight - 1) : Number.NaN;
}

/**
 * Squared calibration error without the bias that chance adds: Σ share of the bin · ((ō − p̄)² − ō(1−ō)/(n−1)) (Kumar
 * et al. 2019, also Bröcker 2012). May be below 0, where chance explains all of it; undefined without rows, or where
 * a bin has too few.
 */
export function debiasedSquaredCalibrationError(
  examples: Examples,
  bins = CALIBRATION_BINS,
  by: BinsBy = 'mass',
): number | undefined {
  const found = calibrationBins(examples, bins, by);
  const all = totalWeight(found);
  let sum = 0;
  for (const bin of found) {
    sum += (bin.weight / all) * ((bin.observed - bin.predicted) ** 2 - varianceOfObserved(bin));
  }
  return found.length === 0 || Number.isNaN(sum) ? undefined : sum;
}

const CALIBRATION = { task: 'binary', unit: 'share' } as const;

export const eceEqualMassDescription: Description<'binary'> = {
  name: 'ece_equal_mass',
  title: 'ECE, bins of equal mass',
  ...CALIBRATION,
  formula: `mean over ${CALIBRATION_BINS} bins of as many rows each of |share of positives − mean p|`,
  source: 'Nixon et al. 2019; Roelofs et al. 2022',
  whyDescriptive: 'its bins move with the data, and it is biased upwards',
  describe: (examples) => expectedCalibrationError(examples, CALIBRATION_BINS, 'mass'),
};

export const debiasedCalibrationDescription: Description<'binary'> = {
  name: 'calibration_error_debiased',
  title: 'calibration error, debiased',
  ...CALIBRATION,
  formula: `√ of the mean over ${CALIBRATION_BINS} bins of as many rows each of (ō − p̄)² − ō(1−ō)/(n−1), not below 0`,
  source: 'Kumar et al. 2019; Bröcker 2012',
  whyDescriptive: 'where chance explains the error it is 0 and has no slope',
  describe(examples) {
    const squared = debiasedSquaredCalibrationError(examples);
    return squared === undefined ? undefined : Math.sqrt(Math.max(0, squared));
  },
};
