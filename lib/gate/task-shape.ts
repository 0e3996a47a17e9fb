import { assayError } from '../errors.ts';
import { compareClassOrder } from '../metrics/class-order.ts';
import type { MetricTask } from '../metrics/metric.ts';

/** What a task's predictions look like: one score a row, or one for each class or level. */
export interface TaskShape {
  readonly task: MetricTask;
  /** Multiclass: the names of the classes, in the order that every score has. */
  readonly classes?: readonly string[] | undefined;
  /** Quantile: the levels, ascending, inside (0, 1). */
  readonly levels?: readonly number[] | undefined;
}

/** Name of the score's column in prediction files, where a row has one. */
export const SCORE_COLUMN = 'score';

/** What a class's column of probabilities begins with. */
const CLASS_PREFIX = 'p_';

/** What a level's column of predictions begins with. */
const LEVEL_PREFIX = 'q_';

/** The columns that a predict command writes beside the ids: `score`, `p_<class>` or `q_<level>`, in order. */
export function scoreColumnNames({ task, classes = [], levels = [] }: TaskShape, score = SCORE_COLUMN): string[] {
  if (task === 'multiclass') return classes.map((name) => CLASS_PREFIX + name);
  if (task === 'quantile') return levels.map((level) => LEVEL_PREFIX + level);
  return [score];
}

/**
 * The columns of a table that hold the scores, in the order of classes or levels wherever they stand in the table. A
 * class's column may be called `p_<class>` or as the class; a level's `q_0.1`, `q0.1` or `0.1`.
 *
 * Throws E_SCORE_COLUMNS for columns that are not there and E_SCORE_CLASSES for classes that nobody declared.
 *
 * @param side whose predictions, for messages
 * @param score name of the column, where a row has one score
 */
export function findScoreColumns(
  side: string,
  shape: TaskShape,
  known: readonly string[],
  score = SCORE_COLUMN,
): string[] {
  const wanted = scoreColumnNames(shape, score);
  const found = wanted.map((name) => alternatives(shape, name, known).find((one) => known.includes(one)));
  const missing = wanted.filter((_name, index) => found[index] === undefined);
  if (missing.length > 0 && shape.task === 'multiclass') {
    const order = compareClassOrder(shape.classes ?? [], classesOfColumns(known));
    // A model that knows other classes, rather than a file that lacks a column.
    if (order.kind === 'different' && order.unknown.length > 0) {
      throw assayError('E_SCORE_CLASSES', { side, unknown: order.unknown, missing: order.missing });
    }
  }
  if (missing.length > 0) throw assayError('E_SCORE_COLUMNS', { side, missing, wanted, known });
  return found.filter((name) => name !== undefined);
}

/**
 * Columns that were named one by one, in the order of classes or levels. Throws E_SCORE_COLUMNS when they are not as
 * many, and E_SCORE_CLASS_ORDER when their names are those of the classes in another order.
 */
export function namedScoreColumns(side: string, shape: TaskShape, names: readonly string[]): string[] {
  const wanted = scoreColumnNames(shape);
  if (names.length !== wanted.length)
    throw assayError('E_SCORE_COLUMNS', { side, missing: wanted, wanted, known: names });
  if (shape.task === 'multiclass') {
    const order = compareClassOrder(
      shape.classes ?? [],
      names.map((name) => (shape.classes?.includes(name) ? name : name.slice(CLASS_PREFIX.length))),
    );
    if (order.kind === 'reordered') {
      throw assayError('E_SCORE_CLASS_ORDER', { side, columns: names, classes: shape.classes ?? [] });
    }
  }
  return [...names];
}

/** The classes that a table has probabilities of, in its order: what its columns `p_<class>` name. */
export function classesOfColumns(known: readonly string[]): string[] {
  return known
    .filter((name) => name.startsWith(CLASS_PREFIX) && name.length > CLASS_PREFIX.length)
    .map((name) => name.slice(CLASS_PREFIX.length));
}

/** The levels that a table has predictions of, ascending: what its columns `q_<level>` name. */
export function levelsOfColumns(known: readonly string[]): number[] {
  return known
    .filter((name) => name.startsWith(LEVEL_PREFIX))
    .map((name) => Number(name.slice(LEVEL_PREFIX.length)))
    .filter((level) => level > 0 && level < 1)
    .sort((a, b) => a - b);
}

function alternatives(shape: TaskShape, name: string, known: readonly string[]): string[] {
  if (shape.task === 'multiclass') return [name, name.slice(CLASS_PREFIX.length)];
  if (shape.task !== 'quantile') return [name];
  const level = Number(name.slice(LEVEL_PREFIX.length));
  // 0.10 and 0.1 are one level, however a program writes it.
  return [name, ...known.filter((one) => /^q?_?\d*\.\d+$/.test(one) && Number(one.replace(/^q?_?/, '')) === level)];
}
