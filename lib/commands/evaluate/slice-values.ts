import { columnOf, stringsOf } from '../../engine/collect.ts';
import type { Frame } from '../../engine/frame.ts';
import { MISSING_SLICE } from '../../gate/compare/compare-slices.ts';

/** Characters of an ISO time that are its day. */
const DAY_LENGTH = 'YYYY-MM-DD'.length;

/**
 * A column's values as slices and groups are called: numbers and booleans as they are, dates by their day, times without
 * milliseconds that are none, null where there is nothing. A text that is empty, or reads as a missing value is called,
 * stands in quotes: it is a slice of its own. Throws as `stringsOf`.
 */
export function sliceValues(frame: Frame, column: string): (string | null)[] {
  const { kind, type } = columnOf(frame, column);
  const texts = stringsOf(frame, column);
  if (kind === 'time') {
    return texts.map((text) => (type === 'date' ? (text?.slice(0, DAY_LENGTH) ?? null) : withoutZeros(text)));
  }
  if (kind !== 'string') return [...texts];
  return texts.map((text) => (text === '' || text === MISSING_SLICE ? `"${text}"` : text));
}

function withoutZeros(time: string | null): string | null {
  return time?.replace(/\.000Z$/, 'Z') ?? null;
}
