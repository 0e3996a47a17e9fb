import { compensatedSum } from '../numbers/compensated-sum.ts';

/**
 * The jackknife (Quenouille 1949; Efron & Tibshirani 1993 §11): the values of a statistic without each unit in turn.
 * A unit is a row, or a cluster whose rows leave together.
 */

/** Leave-one-out values of a statistic of column totals, in O(units · columns): a total without a unit is a difference. */
export function jackknifeTotals(
  columns: readonly Float64Array[],
  statistic: (totals: Float64Array) => number,
): Float64Array {
  const units = columns[0]?.length ?? 0;
  const totals = Float64Array.from(columns, compensatedSum);
  const rest = new Float64Array(columns.length);
  const values = new Float64Array(units);
  for (let unit = 0; unit < units; unit++) {
    for (let j = 0; j < rest.length; j++) {
      rest[j] = (totals[j] as number) - ((columns[j] as Float64Array)[unit] as number);
    }
    values[unit] = statistic(rest);
  }
  return values;
}

/** Leave-one-out values of any statistic of indices, at the price of one evaluation a unit. */
export function jackknifeIndices(units: number, statistic: (indices: Uint32Array) => number): Float64Array {
  const indices = Uint32Array.from({ length: Math.max(0, units - 1) }, (_none, i) => i + 1);
  const values = new Float64Array(units);
  for (let unit = 0; unit < units; unit++) {
    values[unit] = statistic(indices);
    // Unit `unit` comes back in, and the next one leaves.
    if (unit < units - 1) indices[unit] = unit;
  }
  return values;
}

/** What the interval needs of the leave-one-out values. */
export interface Jackknife {
  /** Efron's acceleration Σd³ / (6 (Σd²)^{3/2}), d = mean − value; NaN where nothing varies or fewer than 2 units. */
  readonly acceleration: number;
  /** √((n − 1)/n · Σd²); NaN for fewer than 2 units. */
  readonly standardError: number;
}

/** @param values leave-one-out values; one that is not defined (NaN) makes both answers NaN */
export function jackknifeSummary(values: Float64Array): Jackknife {
  const units = values.length;
  if (units < 2) return { acceleration: Number.NaN, standardError: Number.NaN };
  let mean = 0;
  for (const value of values) mean += value / units;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    const d = mean - value;
    squares += d * d;
    cubes += d * d * d;
  }
  return {
    // Differences that are rounding errors of equal values have no shape.
    acceleration: squares > (Number.EPSILON * mean) ** 2 * units ? cubes / (6 * squares ** 1.5) : Number.NaN,
    standardError: Math.sqrt(((units - 1) / units) * squares),
  };
}
