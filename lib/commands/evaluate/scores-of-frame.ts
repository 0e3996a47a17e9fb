import { numbersOf } from '../../engine/collect.ts';
import type { Frame } from '../../engine/frame.ts';

/** The scores of a table, rows × columns, row after row; NaN where there is none. Throws E_TABLE_COLUMN_KIND for text. */
export function scoresOfFrame(frame: Frame, columns: readonly string[]): Float64Array {
  const parts = columns.map((column) => numbersOf(frame, column));
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const scores = new Float64Array(frame.rows * parts.length);
  parts.forEach((part, j) => {
    for (let row = 0; row < frame.rows; row++) scores[row * parts.length + j] = part[row] as number;
  });
  return scores;
}
