/** Replicates this close to the estimate, relative to it, are equal to it but for rounding. */
const TIE_TOLERANCE = 1e-13;

/** The replicates of a bootstrap, as every interval needs them. */
export interface BootstrapDistribution {
  readonly estimate: number;
  /** Ascending. */
  readonly sorted: Float64Array;
  /** Replicates below the estimate, and equal to it but for rounding. */
  readonly below: number;
  readonly equal: number;
  /** Mean and standard deviation (n − 1) of the replicates. */
  readonly mean: number;
  readonly standardError: number;
  /** Replicates in which the statistic has no value (NaN), such as a precision without a positive call. They are left out. */
  readonly undefinedReplicates: number;
}

/** @param replicates the statistic in every resample; NaN where it has no value */
export function bootstrapDistribution(replicates: Float64Array, estimate: number): BootstrapDistribution {
  const sorted = replicates.filter((value) => !Number.isNaN(value)).sort();
  const count = sorted.length;
  const tolerance = TIE_TOLERANCE * Math.abs(estimate);
  let below = 0;
  let equal = 0;
  let mean = 0;
  for (const value of sorted) {
    if (Math.abs(value - estimate) <= tolerance) equal++;
    else if (value < estimate) below++;
    mean += value / count;
  }
  let squares = 0;
  for (const value of sorted) squares += (value - mean) ** 2;
  return {
    estimate,
    sorted,
    below,
    equal,
    mean: count > 0 ? mean : Number.NaN,
    standardError: count > 1 ? Math.sqrt(squares / (count - 1)) : Number.NaN,
    undefinedReplicates: replicates.length - count,
  };
}
