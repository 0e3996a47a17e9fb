import { studentQuantile } from './student-t.ts';

/** Power at which "needed" is stated (the field's convention, Cohen 1988). */
export const POWER = 0.8;

/** More clusters than this are not a plan: 10 years of days. */
export const NEEDED_CAP = 3_650;

/**
 * Clusters with which a one-sided test at `alpha` tells a distance of `margin` with 80 % power, from a standard error
 * seen on `clusters` of them: the smallest G with (t₁₋α + t₀.₈) · se · √(clusters/G) ≤ margin, both quantiles at the degrees
 * of freedom that G clusters like these would have. Stated at the margin, never at the observed difference (design §5).
 *
 * @param input.degreesOfFreedom of that standard error
 * @returns undefined when more than NEEDED_CAP would be needed.
 */
export function neededClusters(input: {
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly clusters: number;
  readonly margin: number;
  readonly alpha: number;
  readonly atLeast: number;
}): number | undefined {
  const reached = (count: number): boolean => {
    const degrees = Math.max(1, (input.degreesOfFreedom * (count - 1)) / (input.clusters - 1));
    const t = studentQuantile(1 - input.alpha, degrees) + studentQuantile(POWER, degrees);
    return t * input.standardError * Math.sqrt(input.clusters / count) <= input.margin;
  };
  if (!reached(NEEDED_CAP)) return undefined;
  let low = Math.max(2, input.atLeast);
  let high = NEEDED_CAP;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
