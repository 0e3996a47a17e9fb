import { bellMcCaffreyDegrees } from './clusters/bell-mccaffrey.ts';
import { jackknifeMoves, satterthwaiteDegrees } from './clusters/cluster-jackknife.ts';
import { clusterStandardError } from './clusters/cluster-sums.ts';
import { studentCdf, studentQuantile } from './distributions/student-t.ts';

/** Registered names of methods; what each is stands where it is made. */
export type InferenceMethod = 'cluster-jackknife-t' | 'seed-and-cluster-jackknife-t' | 'diebold-mariano-hln';

/** What is known of an estimate beyond its value: enough for an interval at any level and a one-sided p. */
export interface Inference {
  readonly method: InferenceMethod;
  readonly standardError: number;
  /** At most clusters − 1; fewer when few clusters carry the weight. */
  readonly degreesOfFreedom: number;
  /** Half the width of the two-sided interval at `level` (e.g. 0.95), in standard errors. */
  critical(level: number): number;
  /** P(estimate this far below `null` or further | truth = null), one-sided. */
  pBelow(estimate: number, nullValue: number): number;
}

/** With fewer clusters no method here keeps its level; the answer is "inconclusive" (design §5). */
export const MINIMUM_CLUSTERS = 20;

/**
 * Inference from clusters: the jackknife's standard error and Student's t with Satterthwaite's degrees of freedom, and no
 * more of them than clusters of these sizes have where every row counts alike (Bell & McCaffrey 2002): that one cluster
 * has a third of the rows is known beforehand, and need not show in the moves. When nothing varies the standard error
 * is 0 and every interval is the point.
 *
 * One method for every number of clusters from 20 on: where few clusters carry the weight, the wild cluster bootstrap of
 * the linearised estimate says "better" too often of models that cannot be (docs/how-it-decides.md; `bench/day-swap.ts`).
 *
 * @param estimate the estimate on all clusters
 * @param without the estimate without each cluster that has rows
 * @param sizes rows of each of these clusters, in the same order; alike when left out
 * @returns undefined for fewer than 20 clusters, or when the estimate has no value without one of them
 */
export function clusteredInference(
  estimate: number,
  without: Float64Array,
  sizes?: Float64Array,
): Inference | undefined {
  if (without.length < MINIMUM_CLUSTERS || without.some(Number.isNaN)) return undefined;
  const moves = jackknifeMoves(estimate, without);
  const standardError = clusterStandardError(moves);
  const bySizes = sizes === undefined ? without.length - 1 : bellMcCaffreyDegrees(sizes);
  const degreesOfFreedom = Math.min(satterthwaiteDegrees(moves), bySizes);
  return studentInference('cluster-jackknife-t', standardError, degreesOfFreedom);
}

/** Inference from an estimate whose error is t distributed; a standard error of 0 makes every interval the point. */
export function studentInference(method: InferenceMethod, standardError: number, degreesOfFreedom: number): Inference {
  const degenerate = standardError === 0;
  return {
    method,
    standardError,
    degreesOfFreedom,
    critical: (level) => (degenerate ? 0 : studentQuantile((1 + level) / 2, degreesOfFreedom)),
    pBelow: (found, nullValue) => {
      if (degenerate) return found < nullValue ? 0 : 1;
      return studentCdf((found - nullValue) / standardError, degreesOfFreedom);
    },
  };
}
