import { createIndexSource } from './random-indices.ts';
import { createRandomKernel } from './random-kernel.ts';
import type { ResamplingUnits } from './resampling-units.ts';
import { rowsOf } from './resampling-units.ts';

/**
 * Replicates for BCa and studentised intervals: odd, so that (B + 1) α is an integer for the usual levels, and enough
 * for the tails (Efron & Tibshirani 1993 §14; Davison & Hinkley 1997 §2.5).
 */
export const BOOTSTRAP_REPLICATES = 9_999;

/** The statistic of every replicate, from the columns' totals in each (`runResampling`). */
export function statisticOfTotals(
  totals: Float64Array,
  columns: number,
  statistic: (totals: Float64Array) => number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: totals.length / columns }, (_none, replicate) =>
    statistic(totals.subarray(replicate * columns, (replicate + 1) * columns)),
  );
}

/**
 * The statistic of replicates `from` … `to` − 1 for any function of rows, such as a median or an average precision.
 * What is a function of column totals is faster as a `ResamplingTask`. Draws the same units as a task of the same seed.
 *
 * @param statistic of row indices with repetitions; NaN where it has no value. The array is its own to keep.
 */
export function bootstrapRows(input: {
  readonly units: ResamplingUnits;
  readonly seed: readonly [number, number];
  readonly from: number;
  readonly to: number;
  readonly statistic: (rows: Uint32Array<ArrayBuffer>) => number;
}): Float64Array<ArrayBuffer> {
  const { units, seed, from, to, statistic } = input;
  const drawn = new Uint32Array(units.starts.length - 1);
  const kernel = createRandomKernel();
  const sources = units.strata.map((size) => createIndexSource(seed, size, kernel));
  return Float64Array.from({ length: to - from }, (_none, offset) => {
    let first = 0;
    for (const [stratum, size] of units.strata.entries()) {
      sources[stratum]?.fill(from + offset, drawn.subarray(first, first + size), first, stratum);
      first += size;
    }
    return statistic(rowsOf(drawn, units));
  });
}
