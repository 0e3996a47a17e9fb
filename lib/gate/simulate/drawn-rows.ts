import type { MetricTask } from '../../metrics/metric.ts';
import { normalQuantile } from '../../stats/distributions/normal.ts';
import type { GivenRows } from '../evidence/given-rows.ts';
import type { HoldoutPlan } from '../holdout/holdout-plan.ts';

/** A naive forecast's error in those of a model, where it is not known: what it is does not change who is better. */
const NAIVE_ERRORS = 1;

/** Rows of a plan without labels: clusters one after another, queries and series in them. */
export function plannedRows(task: MetricTask, plan: HoldoutPlan): GivenRows {
  const { sizes } = plan;
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const clusters = new Int32Array(rows);
  const inCluster = new Int32Array(rows);
  let at = 0;
  sizes.forEach((size, cluster) => {
    for (let row = 0; row < size; row++) {
      inCluster[at] = row;
      clusters[at++] = cluster;
    }
  });
  return {
    digest: '',
    labels: new Float64Array(rows),
    clusters,
    clusterCount: sizes.length,
    slices: new Map(),
    ...(task === 'multiclass' ? { classes: (plan.classes ?? []).map((_share, index) => String(index + 1)) } : {}),
    ...(task === 'quantile' ? { levels: Float64Array.from(plan.levels ?? []) } : {}),
    ...(task === 'ranking' ? { queries: queryCodes(clusters, inCluster, plan.documents ?? 1) } : {}),
    ...(task === 'forecast' ? seriesOf(inCluster, plan) : {}),
    ...(plan.costs === undefined ? {} : { costs: plan.costs }),
  };
}

/** So many documents a query within each cluster; the last query of a cluster has what is left. */
function queryCodes(clusters: Int32Array, inCluster: Int32Array, documents: number): Int32Array {
  let query = -1;
  return clusters.map((_cluster, row) => {
    if ((inCluster[row] as number) % documents === 0) query++;
    return query;
  });
}

/** One row of every series a day. */
function seriesOf(inCluster: Int32Array, { sizes, deviation }: HoldoutPlan) {
  const scales = new Float64Array(Math.max(0, ...sizes)).fill(NAIVE_ERRORS * deviation.baseline);
  return { series: inCluster, scales };
}

/**
 * A label from a standard normal number that rows of a cluster share a part of: classes by thresholds, in the order that
 * they have, so that some clusters have more of the first and others more of the last.
 */
export function labelFrom(task: MetricTask, plan: HoldoutPlan): (latent: number) => number {
  switch (task) {
    case 'binary':
    case 'ranking': {
      const threshold = normalQuantile(plan.positives);
      return (latent) => (latent < threshold ? 1 : 0);
    }
    case 'multiclass': {
      let below = 0;
      const thresholds = (plan.classes ?? []).slice(0, -1).map((share) => {
        below = Math.min(1, below + share);
        return normalQuantile(below);
      });
      return (latent) => {
        const found = thresholds.findIndex((threshold) => latent < threshold);
        return found < 0 ? thresholds.length : found;
      };
    }
    case 'regression':
    case 'quantile':
    case 'forecast': {
      const { mean, deviation } = plan.target ?? { mean: 0, deviation: 0 };
      return (latent) => mean + deviation * latent;
    }
  }
}
