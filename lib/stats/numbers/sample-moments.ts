/** Mean and spread of a sample. */
export interface SampleMoments {
  readonly count: number;
  /** NaN for no values. */
  readonly mean: number;
  /** With n − 1; NaN for fewer than two values; 0 when the values differ by rounding only. */
  readonly variance: number;
}

/** A range of this many units in the last place of the largest value is rounding, not spread. */
const ROUNDING_STEPS = 4;

/**
 * Mean and unbiased variance in two passes, corrected for the rounding of the mean (Chan, Golub & LeVeque 1983,
 * "Algorithms for computing the sample variance", eq. 1.7), so a large common offset costs no digits. Values that differ
 * by rounding only count as constant. A value that is not finite makes both NaN.
 */
export function sampleMoments(values: ArrayLike<number>): SampleMoments {
  const count = values.length;
  if (count === 0) return { count, mean: Number.NaN, variance: Number.NaN };
  let sum = 0;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let finite = true;
  for (let i = 0; i < count; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) finite = false;
    sum += value;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  if (!finite) return { count, mean: Number.NaN, variance: Number.NaN };
  const first = sum / count;
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < count; i++) {
    const distance = (values[i] as number) - first;
    squares += distance * distance;
    rest += distance;
  }
  const mean = first + rest / count;
  if (count < 2) return { count, mean, variance: Number.NaN };
  const scale = Math.max(Math.abs(smallest), Math.abs(largest));
  const constant = largest - smallest <= ROUNDING_STEPS * Number.EPSILON * scale;
  return { count, mean, variance: constant ? 0 : (squares - (rest * rest) / count) / (count - 1) };
}
