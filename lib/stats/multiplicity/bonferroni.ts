/**
 * p values adjusted to the family-wise error rate by Bonferroni's inequality (Dunn 1961): m · p, at most 1, under any
 * dependence. NaN stays NaN and is not counted among the m tests.
 */
export function bonferroni(pValues: readonly number[]): number[] {
  const tests = pValues.filter((p) => !Number.isNaN(p)).length;
  return pValues.map((p) => Math.min(1, p * tests));
}
