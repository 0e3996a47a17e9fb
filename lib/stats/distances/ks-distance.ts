/**
 * Kolmogorov–Smirnov D between two samples that were counted into the same ordered bins: the largest difference of
 * their cumulative shares at a bin's upper end. With one bin for each distinct value it is the D of the rows; with
 * wider bins it is never larger, and smaller by at most the share of rows that the fullest bin has on one side.
 *
 * @returns D in 0 … 1 and the bin at whose upper end it is taken; NaN and −1 when a side has no rows
 */
export function ksDistance(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): { readonly distance: number; readonly bin: number } {
  let referenceRows = 0;
  let currentRows = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    referenceRows += reference[bin] as number;
    currentRows += current[bin] as number;
  }
  if (referenceRows === 0 || currentRows === 0) return { distance: Number.NaN, bin: -1 };
  let distance = 0;
  let at = 0;
  let referenceBelow = 0;
  let currentBelow = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    referenceBelow += reference[bin] as number;
    currentBelow += current[bin] as number;
    const difference = Math.abs(currentBelow / currentRows - referenceBelow / referenceRows);
    if (difference > distance) {
      distance = difference;
      at = bin;
    }
  }
  return { distance, bin: at };
}
