/** Which rows belong together. */
export interface Grouping {
  /** A code a row, 0 … clusters − 1: rows of a cluster are drawn together. Without it every row is a unit. */
  readonly clusters?: ArrayLike<number>;
  /** A code a row, 0 … strata − 1: every resample has as many units of each. A cluster is in the stratum of its first row. */
  readonly strata?: ArrayLike<number>;
}

/** The units of a resampling: strata one after another, in each the units in the order of their first rows. */
export interface ResamplingUnits {
  /** Rows of unit u: `rows[starts[u]]` … `rows[starts[u + 1] − 1]`. */
  readonly rows: Uint32Array<ArrayBuffer>;
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Units of each stratum that has any. */
  readonly strata: readonly number[];
}

/** Groups rows 0 … `count` − 1 into the units that are resampled: rows or whole clusters, within strata. */
export function resamplingUnits(count: number, { clusters, strata }: Grouping): ResamplingUnits {
  const byUnit = new Map<number, number[]>();
  for (let row = 0; row < count; row++) {
    const unit = clusters === undefined ? row : (clusters[row] as number);
    const rows = byUnit.get(unit);
    if (rows === undefined) byUnit.set(unit, [row]);
    else rows.push(row);
  }
  const byStratum = new Map<number, number[][]>();
  for (const rows of byUnit.values()) {
    const stratum = strata === undefined ? 0 : (strata[rows[0] as number] as number);
    const units = byStratum.get(stratum);
    if (units === undefined) byStratum.set(stratum, [rows]);
    else units.push(rows);
  }
  const ordered = [...byStratum.entries()].sort(([a], [b]) => a - b).map(([, units]) => units);
  const units = ordered.flat();
  const starts = new Uint32Array(units.length + 1);
  units.forEach((rows, unit) => {
    starts[unit + 1] = (starts[unit] as number) + rows.length;
  });
  return { rows: Uint32Array.from(units.flat()), starts, strata: ordered.map((one) => one.length) };
}

/** A column with the rows of every unit added up, in the units' order: what a `ResamplingTask` takes. */
export function sumByUnit(column: Float64Array, { rows, starts }: ResamplingUnits): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(starts.length - 1);
  for (let unit = 0; unit < sums.length; unit++) {
    let sum = 0;
    for (let at = starts[unit] as number; at < (starts[unit + 1] as number); at++)
      sum += column[rows[at] as number] as number;
    sums[unit] = sum;
  }
  return sums;
}

/** The rows of drawn units, one unit after another. */
export function rowsOf(drawn: Uint32Array, { rows, starts }: ResamplingUnits): Uint32Array<ArrayBuffer> {
  let count = 0;
  for (const unit of drawn) count += (starts[unit + 1] as number) - (starts[unit] as number);
  const result = new Uint32Array(count);
  let at = 0;
  for (const unit of drawn) {
    const part = rows.subarray(starts[unit], starts[unit + 1]);
    result.set(part, at);
    at += part.length;
  }
  return result;
}
