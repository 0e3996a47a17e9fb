import type { ColumnBins } from '../profile/bins.ts';
import { ksDistance } from '../stats/distances/ks-distance.ts';
import { gridBounds } from '../stats/distances/log-linear-grid.ts';
import { totalVariation } from '../stats/distances/total-variation.ts';

/** Digits of an edge. */
const DIGITS = 6;

/**
 * Where two distributions differ most: the edge at which KS D is taken (`≤ 1830`), or the category. Undefined where it
 * cannot be named. Categories are untrusted text.
 */
export function whereMost(bins: ColumnBins, reference: Float64Array, current: Float64Array): string | undefined {
  switch (bins.kind) {
    case 'numeric': {
      const { bin } = ksDistance(reference.subarray(2), current.subarray(2));
      const edge = bins.edges[bin];
      return edge === undefined ? undefined : `≤ ${Number(gridBounds(edge).high.toPrecision(DIGITS))}`;
    }
    case 'categorical': {
      const { category } = totalVariation(reference.subarray(1), current.subarray(1));
      if (category < 0) return undefined;
      if (category === 0) return 'values never seen before';
      return category > bins.shown ? 'other values' : bins.values[category - 1];
    }
    case 'hashed':
    case 'time':
      return undefined;
  }
}
