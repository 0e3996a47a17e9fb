import type { ColumnData, Frame } from '../engine/frame.ts';
import { assayError } from '../errors.ts';
import type { BuiltInTask } from '../model/signature.ts';

const WANTED: Record<BuiltInTask, string> = { binary: '0 or 1 (or a boolean)', regression: 'a finite number' };

export interface LabelledRows {
  /** Rows whose target is known, ascending. */
  readonly rows: Int32Array;
  /** Their targets: 0 or 1 for a binary task. */
  readonly target: Float64Array;
}

/**
 * The rows that can be learnt from. A row without a target (null or NaN) is left out: its label is not known yet.
 * Throws E_MODEL_COLUMN_MISSING, E_TRAINER_TARGET (any other value, with its row counted from 1), E_TRAINER_NO_ROWS and,
 * for a binary task, E_MODEL_ONE_CLASS.
 */
export function labelledRows(frame: Frame, target: string, task: BuiltInTask): LabelledRows {
  const data = frame.columns.get(target);
  if (data === undefined)
    throw assayError('E_MODEL_COLUMN_MISSING', { column: target, known: [...frame.columns.keys()] });
  const rows: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < frame.rows; row++) {
    if (isMissing(data, row)) continue;
    const value = data.kind === 'number' ? (data.values[row] as number) : Number.NaN;
    if (task === 'binary' ? value !== 0 && value !== 1 : !Number.isFinite(value)) {
      throw assayError('E_TRAINER_TARGET', { target, row: row + 1, value: shown(data, row), wanted: WANTED[task] });
    }
    rows.push(row);
    values.push(value);
  }
  const first = values[0];
  if (first === undefined) throw assayError('E_TRAINER_NO_ROWS', { target, rows: frame.rows });
  if (task === 'binary' && values.every((value) => value === first)) {
    throw assayError('E_MODEL_ONE_CLASS', { target, value: String(first), rows: values.length });
  }
  return { rows: Int32Array.from(rows), target: Float64Array.from(values) };
}

function isMissing(data: ColumnData, row: number): boolean {
  return data.kind === 'string' ? data.values[row] === null : Number.isNaN(data.values[row]);
}

function shown(data: ColumnData, row: number): string {
  if (data.kind === 'time') return new Date(data.values[row] as number).toISOString();
  return data.kind === 'string' ? JSON.stringify(data.values[row]) : String(data.values[row]);
}
