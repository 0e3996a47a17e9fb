/**
 * Independent rows of the current data with which a two-sample Kolmogorov–Smirnov test at level α against
 * `referenceRows` finds a distance: by the limit law's first term c·√(1/n + 1/m) ≤ D with c = √(−ln(α/2)/2). Undefined
 * where the reference is too small for any number to do. Not rounded: take the next whole one.
 */
export function ksNeededRows(plan: {
  readonly distance: number;
  readonly referenceRows: number;
  readonly alpha?: number;
}): number | undefined {
  const { distance, referenceRows, alpha = 0.05 } = plan;
  if (!(distance > 0 && distance <= 1)) throw new RangeError(`${distance} is not a distance between 0 and 1`);
  const inverse = (distance / ksCriticalFactor(alpha)) ** 2 - 1 / referenceRows;
  return inverse > 0 ? 1 / inverse : undefined;
}

/** c(α): the D that is just significant, in units of √(1/n + 1/m). */
export function ksCriticalFactor(alpha: number): number {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`${alpha} is not a level between 0 and 1`);
  return Math.sqrt(-Math.log(alpha / 2) / 2);
}
