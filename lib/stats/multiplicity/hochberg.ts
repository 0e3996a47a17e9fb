/**
 * p values adjusted to the family-wise error rate by Hochberg's step-up procedure (1988): at least as small as Holm's,
 * for tests that are independent or positively dependent (Simes' condition). NaN stays NaN and is not counted.
 */
export function hochberg(pValues: readonly number[]): number[] {
  const adjusted: number[] = pValues.map(() => Number.NaN);
  const order = [...pValues.keys()]
    .filter((index) => !Number.isNaN(pValues[index]))
    .sort((a, b) => (pValues[b] as number) - (pValues[a] as number) || b - a);
  let smallest = 1;
  order.forEach((index, place) => {
    smallest = Math.min(smallest, (pValues[index] as number) * (place + 1));
    adjusted[index] = smallest;
  });
  return adjusted;
}
