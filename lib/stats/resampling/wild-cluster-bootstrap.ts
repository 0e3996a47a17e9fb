import type { ClusterSums } from '../clusters/cluster-sums.ts';
import { type ResamplingTask, type RunResampling, runResampling } from './resampling-task.ts';

/** Replicates; odd, so that the 95 % and 99 % quantiles are order statistics (Davidson & MacKinnon 2000). */
export const WILD_REPLICATES = 9_999;

/** The bootstrap distribution of |T|. */
export interface AbsoluteTDistribution {
  /** The `level` quantile of |T*|: half the width of a symmetric interval, in standard errors. */
  quantile(level: number): number;
  /** (1 + #{|T*| ≥ t}) / (replicates + 1). */
  upperTail(t: number): number;
}

/** A replicate's squared residuals below this share of the sums' squares are what rounding leaves of zero. */
const ROUNDING = 1e-14;

/**
 * Wild cluster bootstrap-t (Cameron, Gelbach & Miller 2008) for an estimate that is a sum over clusters of influence
 * values. Each replicate flips whole clusters' sums by a Rademacher sign, recentres by the clusters' shares of the
 * rows — as refitting the mean would — and studentises by its own clustered standard error. Symmetric: quantiles of
 * |T*|. Assumes independent clusters; keeps its level from about 20 of them, also when their sizes differ.
 *
 * @param clusters sums (which add up to about 0) and shares (which add up to 1)
 * @param run who does the replicates; the answer does not depend on it
 */
export function wildClusterDistribution(
  clusters: ClusterSums,
  seed: readonly [number, number],
  run: RunResampling = runResampling,
): AbsoluteTDistribution {
  return wildClusterOf(clusters, run(wildClusterTask(clusters, seed), 0, WILD_REPLICATES));
}

/** The random part as work that can be split; its totals go to `wildClusterOf`. Two totals a replicate. */
export function wildClusterTask({ sums, shares }: ClusterSums, seed: readonly [number, number]): ResamplingTask {
  return { kind: 'choose', seed, columns: [sums, sums.map((sum, g) => sum * (shares[g] as number))] };
}

/**
 * The distribution from what was chosen to change its sign. With v the signs, T = Σ v·s and the residuals v·s − share·T have
 * the squares Σ s² − 2T Σ share·v·s + T² Σ share²: two sums a replicate are enough.
 *
 * @param chosen of each replicate, the sums and the sums times their shares that changed their sign
 */
export function wildClusterOf({ sums, shares }: ClusterSums, chosen: Float64Array): AbsoluteTDistribution {
  const count = sums.length;
  const ofSums = sums.reduce((sum, one) => sum + one, 0);
  const ofProducts = sums.reduce((sum, one, g) => sum + one * (shares[g] as number), 0);
  const squares = sums.reduce((sum, one) => sum + one * one, 0);
  const squaredShares = shares.reduce((sum, share) => sum + share * share, 0);
  const statistics = new Float64Array(chosen.length / 2);
  for (let replicate = 0; replicate < statistics.length; replicate++) {
    const total = ofSums - 2 * (chosen[2 * replicate] as number);
    const products = ofProducts - 2 * (chosen[2 * replicate + 1] as number);
    const residual = squares - 2 * total * products + total * total * squaredShares;
    const variance = (count / (count - 1)) * residual;
    // All residuals zero: this draw says nothing against any value of the estimate.
    statistics[replicate] =
      residual > ROUNDING * squares ? Math.abs(total) / Math.sqrt(variance) : Number.POSITIVE_INFINITY;
  }
  statistics.sort();
  const replicates = statistics.length;
  return {
    quantile(level) {
      const rank = Math.ceil(level * (replicates + 1));
      return statistics[Math.min(replicates, Math.max(1, rank)) - 1] as number;
    },
    upperTail(t) {
      let low = 0;
      let high = replicates;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((statistics[middle] as number) < t) low = middle + 1;
        else high = middle;
      }
      return (1 + replicates - low) / (replicates + 1);
    },
  };
}
