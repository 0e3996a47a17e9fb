/**
 * Total variation distance between two samples counted into the same categories: half the sum of the absolute
 * differences of their shares; the share of rows that would have to change category.
 *
 * @returns the distance in 0 … 1 and the category that differs most; NaN and −1 when a side has no rows
 */
export function totalVariation(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): { readonly distance: number; readonly category: number } {
  let referenceRows = 0;
  let currentRows = 0;
  for (let category = 0; category < reference.length; category++) {
    referenceRows += reference[category] as number;
    currentRows += current[category] as number;
  }
  if (referenceRows === 0 || currentRows === 0) return { distance: Number.NaN, category: -1 };
  let total = 0;
  let largest = 0;
  let at = 0;
  for (let category = 0; category < reference.length; category++) {
    const difference = Math.abs(
      (current[category] as number) / currentRows - (reference[category] as number) / referenceRows,
    );
    total += difference;
    if (difference > largest) {
      largest = difference;
      at = category;
    }
  }
  return { distance: Math.min(1, total / 2), category: at };
}
