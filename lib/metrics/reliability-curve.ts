import { type BinsBy, CALIBRATION_BINS, type CalibrationBin, calibrationBins } from './calibration-bins.ts';
import type { Examples } from './metric.ts';

/** Normal quantile of a two-sided 95 % interval. */
const Z_95 = 1.959963984540054;

/** A bin of a reliability diagram, with the interval of its share of positives. */
export interface ReliabilityPoint extends CalibrationBin {
  readonly lower: number;
  readonly upper: number;
}

/**
 * What happened against what was predicted, with Wilson's (1927) 95 % interval a bin. Descriptive: rows count as
 * independent here, each as often as its weight says.
 */
export function reliabilityCurve(
  examples: Examples,
  bins = CALIBRATION_BINS,
  by: BinsBy = 'width',
): ReliabilityPoint[] {
  return calibrationBins(examples, bins, by).map((bin) => ({ ...bin, ...wilson(bin.observed, bin.weight) }));
}

function wilson(share: number, rows: number): { readonly lower: number; readonly upper: number } {
  const square = Z_95 ** 2;
  const center = (share + square / (2 * rows)) / (1 + square / rows);
  const half = (Z_95 / (1 + square / rows)) * Math.sqrt((share * (1 - share)) / rows + square / (4 * rows ** 2));
  // At 0 and at 1 the limit is exactly there; the root is not.
  return { lower: share === 0 ? 0 : center - half, upper: share === 1 ? 1 : center + half };
}
