import type { ColumnData, Frame } from '../../engine/frame.ts';

/** The given rows of a frame, in the given order. */
export function selectFrame(frame: Frame, rows: readonly number[]): Frame {
  const columns = new Map([...frame.columns].map(([name, column]) => [name, selectColumn(column, rows)]));
  return { rows: rows.length, columns };
}

/** A frame without some of its columns. */
export function withoutColumns(frame: Frame, names: readonly string[]): Frame {
  return { rows: frame.rows, columns: new Map([...frame.columns].filter(([name]) => !names.includes(name))) };
}

function selectColumn(column: ColumnData, rows: readonly number[]): ColumnData {
  if (column.kind === 'string') return { ...column, values: rows.map((row) => column.values[row] ?? null) };
  return {
    ...column,
    values: Float64Array.from(rows, (row) => column.values[row] as number),
    valid: Uint8Array.from(rows, (row) => column.valid[row] as number),
  };
}
