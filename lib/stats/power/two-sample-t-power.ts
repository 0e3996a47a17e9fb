import { type TestLevel, tMinimumDetectableEffect, tPower, tSampleSize } from './t-power.ts';

/**
 * Planning of `pooledT`, and closely of `welchT`: two independent samples that spread alike; the size is the number of
 * values on the baseline's side. Effects and spreads are in the metric's unit.
 */
export interface TwoSampleDesign {
  /** Of the values on each side. */
  readonly standardDeviation: number;
  /** Values on the candidate's side over those on the baseline's; 1 when not given. */
  readonly ratio?: number;
  readonly level?: TestLevel;
}

/** Both sides need two values for a spread of their own. */
const SMALLEST = 2;

/** Chance that a true difference of `effect` is found with `values` on the baseline's side. */
export function power(design: TwoSampleDesign & { readonly effect: number; readonly values: number }): number {
  return tPower(design.effect, precision(design, design.values), design.level);
}

/** The difference that is found with chance `power`. */
export function minimumDetectableEffect(
  design: TwoSampleDesign & { readonly values: number; readonly power: number },
): number {
  return tMinimumDetectableEffect(precision(design, design.values), design.power, design.level);
}

/** Values a side with which `effect` is found with chance `power`; undefined beyond SIZE_CAP. */
export function sampleSize(
  design: TwoSampleDesign & { readonly effect: number; readonly power: number },
): { readonly baseline: number; readonly candidate: number; readonly exact: number } | undefined {
  const { ratio = 1 } = design;
  const smallest = SMALLEST * Math.max(1, 1 / ratio);
  const exact = tSampleSize(design.effect, (values) => precision(design, values), smallest, design.power, design.level);
  if (exact === undefined) return undefined;
  const baseline = Math.ceil(exact);
  return { baseline, candidate: Math.ceil(baseline * ratio), exact };
}

function precision(design: TwoSampleDesign, values: number): { standardError: number; degreesOfFreedom: number } {
  const { ratio = 1 } = design;
  return {
    standardError: design.standardDeviation * Math.sqrt(1 / values + 1 / (values * ratio)),
    degreesOfFreedom: values * (1 + ratio) - 2,
  };
}
