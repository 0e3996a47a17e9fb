import { estimatedPower } from './estimated-power.ts';

/** Power at which "needed" is stated (the field's convention, Cohen 1988). */
export const POWER = 0.8;

/** More clusters than this are not a plan: 10 years of days. */
export const NEEDED_CAP = 3_650;

/**
 * Clusters with which a one-sided test at `alpha` tells a distance of `margin` with 80 % power, from a standard error
 * estimated on `clusters` of them: the fewest whose chance, averaged over what the true spread can be, is that
 * (`estimatedPower`). The standard error shrinks with √clusters, degrees of freedom grow in proportion. Stated at the
 * margin, never at the observed difference (design §5).
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
  const { standardError, degreesOfFreedom, clusters, margin, alpha } = input;
  return fewestClusters(Math.max(2, input.atLeast), (count) => {
    const precision = {
      standardError: standardError * Math.sqrt(clusters / count),
      estimatedWith: degreesOfFreedom,
      degreesOfFreedom: degreesAt(input, count),
    };
    return estimatedPower(margin, precision, alpha) >= POWER;
  });
}

/** Degrees of freedom that another number of clusters like these would have. */
export function degreesAt(
  { degreesOfFreedom, clusters }: { readonly degreesOfFreedom: number; readonly clusters: number },
  count: number,
): number {
  return Math.max(1, (degreesOfFreedom * (count - 1)) / (clusters - 1));
}

/** The least number, from `atLeast` on, that is enough, where more always are; undefined beyond NEEDED_CAP. */
export function fewestClusters(atLeast: number, isEnough: (count: number) => boolean): number | undefined {
  if (!isEnough(NEEDED_CAP)) return undefined;
  let low = atLeast;
  let high = NEEDED_CAP;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
