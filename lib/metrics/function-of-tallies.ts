import type { Estimate } from './metric.ts';
import { rowsByCluster } from './rows-by-cluster.ts';

/**
 * A function of sums whose totals are many, of which a row adds to few: a confusion matrix, the bins of a histogram.
 * Otherwise as `FunctionOfSums`: homogeneous of degree 0, its gradient gives the influence values.
 */
export interface FunctionOfTallies {
  /** How many totals there are. */
  readonly size: number;
  /** What the rows add: to the total `cell[row]` the amount `amount[row]`. */
  readonly entries: readonly TallyEntry[];
  /** @returns undefined where the function has no value at these totals. */
  value(totals: Float64Array): number | undefined;
  /** Its derivative by every total, at totals where it has a value. */
  gradient(totals: Float64Array): ArrayLike<number>;
}

export interface TallyEntry {
  readonly cell: Int32Array;
  readonly amount: Float64Array;
}

/**
 * Value, influence and leave-one-cluster-out values; undefined where the function has no value. Leaving out costs
 * clusters × totals.
 */
export function estimateOfTallies({ size, entries, value, gradient }: FunctionOfTallies): Estimate | undefined {
  const totals = new Float64Array(size);
  // How many rows add to a total: when none is left it is 0, which a difference of sums need not be.
  const rows = new Float64Array(size);
  for (const { cell, amount } of entries) {
    for (let row = 0; row < cell.length; row++) {
      const at = cell[row] as number;
      totals[at] = (totals[at] as number) + (amount[row] as number);
      if (amount[row] !== 0) rows[at] = (rows[at] as number) + 1;
    }
  }
  const found = value(totals);
  if (found === undefined) return undefined;
  const slope = gradient(totals);
  const influence = new Float64Array(entries[0]?.cell.length ?? 0);
  for (const { cell, amount } of entries) {
    for (let row = 0; row < influence.length; row++) {
      influence[row] = (influence[row] as number) + (slope[cell[row] as number] as number) * (amount[row] as number);
    }
  }
  return {
    value: found,
    influence,
    leaveOut: (clusters, count) =>
      Float64Array.from(rowsByCluster(clusters, count), (own) => {
        const rest = totals.slice();
        const left = rows.slice();
        for (const { cell, amount } of entries) {
          for (const row of own) {
            if (amount[row] === 0) continue;
            const at = cell[row] as number;
            left[at] = (left[at] as number) - 1;
            rest[at] = left[at] === 0 ? 0 : (rest[at] as number) - (amount[row] as number);
          }
        }
        return value(rest) ?? Number.NaN;
      }),
  };
}
