import { type CountTable, expectedCounts, trimTable } from './contingency-table.ts';

/**
 * Cramér's V (1946), how strong an association is whatever the number of rows: 0 … 1, plain and with Bergsma's (2013)
 * correction of its upward bias. Both are 0 where a row or column is all there is.
 */
export function cramersV(table: CountTable): { readonly plain: number; readonly corrected: number } {
  const trimmed = trimTable(table);
  const { cells, total } = trimmed;
  const rows = trimmed.rowSums.length;
  const columns = trimmed.columnSums.length;
  if (rows < 2 || columns < 2) return { plain: 0, corrected: 0 };
  const expected = expectedCounts(trimmed).flat();
  const phi = cells.flat().reduce((sum, n, i) => sum + (n - (expected[i] ?? 0)) ** 2 / (expected[i] ?? 1), 0) / total;
  const bias = ((rows - 1) * (columns - 1)) / (total - 1);
  const shrink = (size: number): number => size - (size - 1) ** 2 / (total - 1);
  const least = Math.min(shrink(rows), shrink(columns)) - 1;
  return {
    plain: Math.min(1, Math.sqrt(phi / (Math.min(rows, columns) - 1))),
    corrected: least > 0 ? Math.sqrt(Math.max(0, phi - bias) / least) : 0,
  };
}
