/** Counts of two classifications: rows of equally many cells, each whole and from 0. */
export type CountTable = readonly (readonly number[])[];

/** A table without its empty rows and columns, with its sums. */
export interface TrimmedTable {
  readonly cells: CountTable;
  readonly rowSums: readonly number[];
  readonly columnSums: readonly number[];
  readonly total: number;
}

/**
 * Drops the rows and columns that hold nothing: they carry no evidence and would divide by zero. Throws a RangeError at
 * a table that is ragged or holds anything but counts.
 */
export function trimTable(table: CountTable): TrimmedTable {
  const columns = table[0]?.length ?? 0;
  for (const row of table) {
    if (row.length !== columns) throw new RangeError(`a row has ${row.length} cells, the first has ${columns}`);
    for (const count of row) {
      if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is not a count`);
    }
  }
  const kept = Array.from({ length: columns }, (_, column) => column).filter((column) =>
    table.some((row) => (row[column] ?? 0) > 0),
  );
  const cells = table.map((row) => kept.map((column) => row[column] ?? 0)).filter((row) => row.some((n) => n > 0));
  const rowSums = cells.map(sum);
  const columnSums = kept.map((_, column) => sum(cells.map((row) => row[column] ?? 0)));
  return { cells, rowSums, columnSums, total: sum(rowSums) };
}

/** The counts to be expected without association: row sum · column sum / total. */
export function expectedCounts({ rowSums, columnSums, total }: TrimmedTable): number[][] {
  return rowSums.map((row) => columnSums.map((column) => (row / total) * column));
}

/** (rows − 1)(columns − 1); 0 where a row or column is all there is. */
export function independenceDegrees({ rowSums, columnSums }: TrimmedTable): number {
  return Math.max(0, rowSums.length - 1) * Math.max(0, columnSums.length - 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
