import { MINIMUM_CLUSTERS } from '../stats/inference.ts';
import { NEEDED_CAP, POWER } from '../stats/needed-clusters.ts';
import { noncentralT } from '../stats/noncentral-t.ts';
import { studentUpperQuantile } from '../stats/student-t.ts';
import { tPower } from '../stats/t-power.ts';
import type { Requirement } from './rules.ts';

/** What is known, or supposed, of the evidence for one comparison before it is made. */
export interface Evidence {
  readonly requirement: Requirement;
  /** The loss that is allowed. */
  readonly margin: number;
  /** Of the difference, with so many clusters. */
  readonly standardError: number;
  /** Of that standard error, with so many clusters. */
  readonly degreesOfFreedom: number;
  readonly clusters: number;
}

/**
 * The chance that the lower limit of the interval clears what is asked, when the truth is `difference` (+ is better): the
 * power of the one-sided t test, exact where differences of clusters are normal (`bench/stats/calibration.ts` says how
 * near that is elsewhere). The standard error shrinks with √clusters, the degrees of freedom grow in proportion.
 *
 * @param alpha one-sided level of the look
 * @param clusters another number than the evidence has; with fewer than 20 nothing passes
 */
export function chanceOfPassing(
  evidence: Evidence,
  difference: number,
  alpha: number,
  clusters: number = evidence.clusters,
): number {
  if (clusters < MINIMUM_CLUSTERS || Number.isNaN(evidence.standardError)) return 0;
  const distance = difference + (evidence.requirement === 'not-worse' ? evidence.margin : 0);
  const standardError = evidence.standardError * Math.sqrt(evidence.clusters / clusters);
  const degreesOfFreedom = Math.max(1, (evidence.degreesOfFreedom * (clusters - 1)) / (evidence.clusters - 1));
  if (distance >= 0) return tPower(distance, { standardError, degreesOfFreedom }, { alpha, sides: 1 });
  if (standardError === 0) return 0;
  return noncentralT(studentUpperQuantile(alpha, degreesOfFreedom), degreesOfFreedom, distance / standardError).upper;
}

/** The truth that a plan is made for (design §5): better by the margin, or equal where not worse is asked. */
export function plannedDifference({ requirement, margin }: Pick<Evidence, 'requirement' | 'margin'>): number {
  return requirement === 'better' ? margin : 0;
}

/** The fewest clusters with which the planned truth passes in four cases of five; undefined beyond NEEDED_CAP. */
export function clustersForPower(evidence: Evidence, alpha: number): number | undefined {
  const reached = (clusters: number): boolean =>
    chanceOfPassing(evidence, plannedDifference(evidence), alpha, clusters) >= POWER;
  if (!reached(NEEDED_CAP)) return undefined;
  let low = MINIMUM_CLUSTERS;
  let high = NEEDED_CAP;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
