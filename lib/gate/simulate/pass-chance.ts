import { normalCdf } from '../../stats/distributions/normal.ts';
import { studentUpperQuantile } from '../../stats/distributions/student-t.ts';
import { MINIMUM_CLUSTERS } from '../../stats/inference.ts';
import { findRoot } from '../../stats/numbers/find-root.ts';
import { estimatedPower } from '../../stats/power/estimated-power.ts';
import { degreesAt, fewestClusters, POWER } from '../../stats/power/needed-clusters.ts';
import type { Requirement } from '../rules.ts';

/** The standard error of a difference on one holdout, and its degrees of freedom. */
export interface Precision {
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** What is known, or supposed, of the evidence for one comparison before it is made. */
export interface Evidence extends Precision {
  readonly requirement: Requirement;
  /** The loss that is allowed. */
  readonly margin: number;
  readonly clusters: number;
  /**
   * What holdouts with so many clusters have, where some were drawn: see `precisionsOf`. Without them there is one
   * estimate, of one holdout.
   */
  readonly draws?: readonly Precision[];
}

/** A relative error of a margin that nobody sees. */
const MARGIN_WITHIN = 1e-9;

/** So many typical precisions stand for all that were drawn. */
const TYPICAL = 50;

/**
 * The precisions of drawn holdouts, fifty that stand for all: neighbours by their standard error are averaged (variances, and
 * the inverses of degrees of freedom), so that the mean variance stays what it is.
 */
export function precisionsOf(drawn: readonly Precision[]): Precision[] {
  if (drawn.length <= TYPICAL) return [...drawn];
  const ordered = [...drawn].sort((a, b) => a.standardError - b.standardError);
  return Array.from({ length: TYPICAL }, (_none, part) => {
    const own = ordered.slice(
      Math.floor((part * drawn.length) / TYPICAL),
      Math.floor(((part + 1) * drawn.length) / TYPICAL),
    );
    return {
      standardError: Math.sqrt(meanOf(own.map(({ standardError }) => standardError ** 2))),
      degreesOfFreedom: 1 / meanOf(own.map(({ degreesOfFreedom }) => 1 / degreesOfFreedom)),
    };
  });
}

/**
 * The chance that the lower limit of the interval clears what is asked, when the truth is `difference` (+ is better).
 *
 * - Of drawn holdouts: the mean over their standard errors and degrees of freedom, with an estimate that is normal about
 *   the truth with their mean variance. For a spread that varies as χ² does, this is the power of the t test.
 * - Of one estimate: the power of the t test, averaged over what the true spread can be (`estimatedPower`).
 *
 * The variance shrinks with the clusters, and how much it varies with their root; degrees of freedom grow in proportion.
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
  if (evidence.draws !== undefined && evidence.draws.length > 0) {
    return chanceOfDrawn(evidence, evidence.draws, distance, alpha, clusters);
  }
  const precision = {
    standardError: evidence.standardError * Math.sqrt(evidence.clusters / clusters),
    estimatedWith: evidence.degreesOfFreedom,
    degreesOfFreedom: degreesAt(evidence, clusters),
  };
  return estimatedPower(distance, precision, alpha);
}

function chanceOfDrawn(
  { clusters: seen }: Evidence,
  draws: readonly Precision[],
  distance: number,
  alpha: number,
  clusters: number,
): number {
  const variance = meanOf(draws.map(({ standardError }) => standardError ** 2));
  const standardError = Math.sqrt((variance * seen) / clusters);
  if (standardError === 0) return distance > 0 ? 1 : 0;
  // A variance's own relative spread falls with √clusters; the mean of them all stays.
  const calmer = Math.sqrt(seen / clusters);
  const ratios = draws.map((one) => (one.standardError ** 2 / variance) ** calmer);
  const meanRatio = meanOf(ratios);
  return meanOf(
    draws.map(({ degreesOfFreedom }, draw) => {
      const own = Math.sqrt((ratios[draw] as number) / meanRatio);
      const critical = studentUpperQuantile(alpha, degreesAt({ degreesOfFreedom, clusters: seen }, clusters));
      return normalCdf(distance / standardError - critical * own);
    }),
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The truth that a plan is made for (design §5): better by the margin, or equal where not worse is asked. */
export function plannedDifference({ requirement, margin }: Pick<Evidence, 'requirement' | 'margin'>): number {
  return requirement === 'better' ? margin : 0;
}

/** The fewest clusters with which the planned truth passes in four cases of five; undefined beyond NEEDED_CAP. */
export function clustersForPower(evidence: Evidence, alpha: number): number | undefined {
  return fewestClusters(
    MINIMUM_CLUSTERS,
    (clusters) => chanceOfPassing(evidence, plannedDifference(evidence), alpha, clusters) >= POWER,
  );
}

/** The margin with which the planned truth passes in four cases of five; undefined with fewer than 20 clusters. */
export function marginForPower(evidence: Evidence, alpha: number): number | undefined {
  const { clusters, standardError } = evidence;
  if (clusters < MINIMUM_CLUSTERS || Number.isNaN(standardError)) return undefined;
  if (standardError === 0) return 0;
  const miss = (margin: number): number =>
    chanceOfPassing({ ...evidence, requirement: 'better' }, margin, alpha) - POWER;
  let high = standardError;
  while (miss(high) < 0) high *= 2;
  return findRoot(miss, 0, high, MARGIN_WITHIN * high);
}
