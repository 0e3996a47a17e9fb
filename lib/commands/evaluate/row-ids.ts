import { stringsOf } from '../../engine/collect.ts';
import type { Frame } from '../../engine/frame.ts';

/** Separates the parts of a composite id: the character is made for it and occurs in no text. */
export const ID_SEPARATOR = '\u001f';

/** The text of each row's id: its columns' values; null where any of them is missing. */
export function idsOf(frame: Frame, columns: readonly string[]): (string | null)[] {
  const parts = columns.map((column) => stringsOf(frame, column));
  return Array.from({ length: frame.rows }, (_, row) => {
    const values = parts.map((part) => part[row] ?? null);
    return values.includes(null) ? null : values.join(ID_SEPARATOR);
  });
}
