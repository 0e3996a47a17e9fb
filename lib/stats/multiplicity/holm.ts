/**
 * Holm's step-down procedure (1979) on one-sided p values: which hypotheses are rejected at family-wise `alpha`, and
 * at which level each was looked at — so that an interval can be shown that agrees with the answer. After the first
 * that is not rejected all the rest share its level.
 */
export function holm(
  pValues: readonly number[],
  alpha: number,
): { readonly rejected: boolean[]; readonly level: number[] } {
  const order = pValues
    .map((_p, index) => index)
    .sort((a, b) => (pValues[a] as number) - (pValues[b] as number) || a - b);
  const rejected = pValues.map(() => false);
  const level = pValues.map(() => alpha);
  let stopped: number | undefined;
  order.forEach((index, step) => {
    const own = alpha / (pValues.length - step);
    if (stopped === undefined && !((pValues[index] as number) <= own)) stopped = own;
    rejected[index] = stopped === undefined;
    level[index] = stopped ?? own;
  });
  return { rejected, level };
}

/**
 * The same procedure as adjusted p values: the smallest family-wise rate at which each hypothesis is rejected, under any
 * dependence. NaN stays NaN and is not counted.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const adjusted: number[] = pValues.map(() => Number.NaN);
  const order = [...pValues.keys()]
    .filter((index) => !Number.isNaN(pValues[index]))
    .sort((a, b) => (pValues[a] as number) - (pValues[b] as number) || a - b);
  let largest = 0;
  order.forEach((index, step) => {
    largest = Math.max(largest, Math.min(1, (pValues[index] as number) * (order.length - step)));
    adjusted[index] = largest;
  });
  return adjusted;
}
