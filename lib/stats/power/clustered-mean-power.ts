import { designEffect } from '../clusters/design-effect.ts';
import { type TestLevel, tMinimumDetectableEffect, tPower, tSampleSize } from './t-power.ts';

/**
 * Planning of `clusteredMeanTest`: rows in G clusters, t with G − 1 degrees of freedom. The size is the number of
 * clusters (days); the variance of the mean is sd² · design effect / rows (Donner & Klar 2000). Effects and spreads are
 * in the metric's unit.
 */
export interface ClusteredDesign {
  /** Of the rows' values (of their differences, where two sides are paired). */
  readonly standardDeviation: number;
  /** Mean rows of a cluster. */
  readonly rowsPerCluster: number;
  /** Correlation of two rows of one cluster: 0 independent, 1 the same. */
  readonly intraclass: number;
  /** Standard deviation of the cluster sizes over their mean; 0 when not given. */
  readonly sizeVariation?: number;
  readonly level?: TestLevel;
}

const SMALLEST = 2;

/** Chance that a true mean of `effect` is found with `clusters` clusters; 0 for fewer than two. */
export function power(design: ClusteredDesign & { readonly effect: number; readonly clusters: number }): number {
  return tPower(design.effect, precision(design, design.clusters), design.level);
}

/** The mean that is found with chance `power`. */
export function minimumDetectableEffect(
  design: ClusteredDesign & { readonly clusters: number; readonly power: number },
): number {
  return tMinimumDetectableEffect(precision(design, design.clusters), design.power, design.level);
}

/** Clusters, and the rows in them, with which `effect` is found with chance `power`; undefined beyond SIZE_CAP. */
export function sampleSize(
  design: ClusteredDesign & { readonly effect: number; readonly power: number },
): { readonly clusters: number; readonly rows: number; readonly exact: number } | undefined {
  const exact = tSampleSize(design.effect, (size) => precision(design, size), SMALLEST, design.power, design.level);
  if (exact === undefined) return undefined;
  const clusters = Math.ceil(exact);
  return { clusters, rows: Math.ceil(clusters * design.rowsPerCluster), exact };
}

function precision(design: ClusteredDesign, clusters: number): { standardError: number; degreesOfFreedom: number } {
  const { standardDeviation, rowsPerCluster, intraclass, sizeVariation } = design;
  const inflation = designEffect(rowsPerCluster, intraclass, sizeVariation);
  return {
    standardError: standardDeviation * Math.sqrt(inflation / (clusters * rowsPerCluster)),
    degreesOfFreedom: clusters - 1,
  };
}
