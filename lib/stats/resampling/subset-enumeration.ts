/** Up to this many units all 2^n exchanges are tried: a million sums. */
export const EXACT_UNITS = 20;

/** The sums of a column over all 2^n subsets of its n ≤ EXACT_UNITS values; entry s has the units whose bits s sets. */
export function allSubsetSums(column: Float64Array): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(2 ** column.length);
  column.forEach((value, unit) => {
    const bit = 2 ** unit;
    for (let subset = 0; subset < bit; subset++) sums[bit + subset] = (sums[subset] as number) + value;
  });
  return sums;
}
