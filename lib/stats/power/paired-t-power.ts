import { type TestLevel, tMinimumDetectableEffect, tPower, tSampleSize } from './t-power.ts';

/**
 * Planning of `pairedT`: the spread is the standard deviation of the differences, the size the number of pairs. Effects
 * and spreads are in the metric's unit. `spread: 'known'` takes the standard deviation as known, which gives the normal
 * formula MDE = (z₁₋α + z_power) · sd/√n.
 */
export interface PairedDesign {
  readonly standardDeviation: number;
  readonly spread?: 'estimated' | 'known';
  readonly level?: TestLevel;
}

const SMALLEST = 2;

/** Chance that a true mean difference of `effect` is found with `pairs` pairs; 0 for fewer than two. */
export function power(design: PairedDesign & { readonly effect: number; readonly pairs: number }): number {
  return tPower(design.effect, precision(design, design.pairs), design.level);
}

/** The mean difference that is found with chance `power`. */
export function minimumDetectableEffect(
  design: PairedDesign & { readonly pairs: number; readonly power: number },
): number {
  return tMinimumDetectableEffect(precision(design, design.pairs), design.power, design.level);
}

/** Pairs with which `effect` is found with chance `power`; undefined beyond SIZE_CAP. */
export function sampleSize(
  design: PairedDesign & { readonly effect: number; readonly power: number },
): { readonly pairs: number; readonly exact: number } | undefined {
  const exact = tSampleSize(design.effect, (pairs) => precision(design, pairs), SMALLEST, design.power, design.level);
  return exact === undefined ? undefined : { pairs: Math.ceil(exact), exact };
}

function precision(design: PairedDesign, pairs: number): { standardError: number; degreesOfFreedom: number } {
  const known = design.spread === 'known' && pairs > 0;
  return {
    standardError: design.standardDeviation / Math.sqrt(pairs),
    degreesOfFreedom: known ? Number.POSITIVE_INFINITY : pairs - 1,
  };
}
