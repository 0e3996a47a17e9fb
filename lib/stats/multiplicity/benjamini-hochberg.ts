/**
 * p values adjusted to the false discovery rate (Benjamini & Hochberg 1995, step-up): the smallest rate at which each
 * is still among the discoveries. NaN stays NaN and is not counted among the tests.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const adjusted: number[] = pValues.map(() => Number.NaN);
  const order = [...pValues.keys()]
    .filter((index) => !Number.isNaN(pValues[index]))
    .sort((a, b) => (pValues[b] as number) - (pValues[a] as number) || b - a);
  const tests = order.length;
  let smallest = 1;
  order.forEach((index, place) => {
    smallest = Math.min(smallest, ((pValues[index] as number) * tests) / (tests - place));
    adjusted[index] = smallest;
  });
  return adjusted;
}
