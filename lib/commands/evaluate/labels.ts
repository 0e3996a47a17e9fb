import { numbersOf, stringsOf } from '../../engine/collect.ts';
import type { Frame } from '../../engine/frame.ts';
import type { Task } from '../../model/signature.ts';

/** Texts that mean yes and no in a 0/1 column that was stored as text. */
const BINARY_TEXT = new Map([
  ['1', 1],
  ['0', 0],
  ['true', 1],
  ['false', 0],
]);

/** What stands for a label that is none of the classes: the check of labels refuses it by name. */
const NO_CLASS = -1;

/**
 * The target's values as numbers, NaN where it is missing. Multiclass: the index of the class. A text column of 0/1 or
 * true/false is read as such for a binary task; other text is 2 there, which the check of labels refuses by name.
 *
 * @param classes multiclass: the names of the classes, in order
 */
export function labelsOf(frame: Frame, target: string, task: Task, classes: readonly string[] = []): Float64Array {
  if (task === 'multiclass') {
    const codes = new Map(classes.map((name, index) => [name, index]));
    return Float64Array.from(stringsOf(frame, target), (value) =>
      value === null ? Number.NaN : (codes.get(value) ?? NO_CLASS),
    );
  }
  const column = frame.columns.get(target);
  if (column?.kind !== 'string' || task !== 'binary') return numbersOf(frame, target);
  return Float64Array.from(column.values, (value) =>
    value === null ? Number.NaN : (BINARY_TEXT.get(value.toLowerCase()) ?? 2),
  );
}
