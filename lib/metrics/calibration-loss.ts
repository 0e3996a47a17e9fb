import { binOfRows, CALIBRATION_BINS } from './calibration-bins.ts';
import { estimateOfTallies } from './function-of-tallies.ts';
import type { Estimate, Examples } from './metric.ts';
import { rowWeights } from './row-weights.ts';

/**
 * Mean square calibration error over bins of equal mass: Σ share of the bin · (ō − p̄)², the reliability term of the Brier
 * score (Murphy 1973). Smooth, and biased upwards by the chance within bins; leaving clusters out tells by how much, see
 * `withoutChance`. The bins are those of all rows, also where a cluster is left out: they are part of the question.
 *
 * @returns undefined without rows
 */
export function estimateCalibrationLoss(examples: Examples): Estimate | undefined {
  const bins = CALIBRATION_BINS;
  const weights = rowWeights(examples);
  const cell = binOfRows(examples, bins, 'mass');
  const misses = weights.map(
    (weight, row) => weight * ((examples.labels[row] as number) - (examples.scores[row] as number)),
  );
  // The bins' misses, then the bins' weights, then the weight of all rows.
  const lossOf = (totals: Float64Array): number => {
    let sum = 0;
    for (let bin = 0; bin < bins; bin++) {
      const weight = totals[bins + bin] as number;
      if (weight > 0) sum += (totals[bin] as number) ** 2 / weight;
    }
    return sum / (totals[2 * bins] as number);
  };
  return estimateOfTallies({
    size: 2 * bins + 1,
    entries: [
      { cell, amount: misses },
      { cell: cell.map((bin) => bins + bin), amount: weights },
      { cell: new Int32Array(weights.length).fill(2 * bins), amount: weights },
    ],
    value: (totals) => ((totals[2 * bins] as number) > 0 ? lossOf(totals) : undefined),
    gradient: (totals) => {
      const all = totals[2 * bins] as number;
      return totals.map((_total, at) => {
        if (at === 2 * bins) return -lossOf(totals) / all;
        const bin = at % bins;
        const weight = totals[bins + bin] as number;
        if (weight === 0) return 0;
        const miss = totals[bin] as number;
        return at < bins ? (2 * miss) / weight / all : -((miss / weight) ** 2) / all;
      });
    },
  });
}

/**
 * An estimate without the bias that chance adds, by the jackknife over clusters (Quenouille 1949): exact where the bias
 * is proportional to 1/clusters, as that of a mean square is. Rows of one cluster may depend on each other, which
 * the correction for single rows (Kumar et al. 2019) does not allow for. May come out below 0, where chance explains all.
 *
 * @param without the value without each cluster that has rows
 */
export function withoutChance(value: number, without: Float64Array): number {
  const count = without.length;
  if (count < 2) return value;
  const mean = without.reduce((sum, one) => sum + one, 0) / count;
  return value + (count - 1) * (value - mean);
}
