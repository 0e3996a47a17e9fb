import type { Task } from '../../model/signature.ts';
import type { ColumnFacts } from './init-columns.ts';
import { MOST_CLASSES } from './init-roles.ts';

/** Tasks that a target alone can be told to be; the others need more than a column. */
export const INIT_TASKS = ['binary', 'multiclass', 'regression', 'forecast'] as const satisfies readonly Task[];
export type InitTask = (typeof INIT_TASKS)[number];

export interface ChosenTask {
  readonly task: InitTask;
  /** Multiclass: the classes, sorted. */
  readonly classes?: readonly string[];
  /** Binary: the value that counts as a positive, where the column says it in other words than 0/1 or true/false. */
  readonly positive?: { readonly value: string; readonly kind: 'text' | 'number' };
}

/** A value of the target and its rows. */
export interface TargetValue {
  readonly value: string;
  readonly rows: number;
}

const YES = /^(1|y|yes|true|t|pos|positive|churn|churned|fraud|late|good|success|won|bad)$/i;

/**
 * What the values of a target make of it: two are binary, a few texts are classes, numbers are numbers.
 *
 * @param values all values with their rows where they are few, else undefined
 * @param byCommand a user's command trains: it can learn classes, and knows the labels as they are
 */
export function chooseTask(
  { type }: Pick<ColumnFacts, 'type'>,
  values: readonly TargetValue[] | undefined,
  { byCommand, asked }: { readonly byCommand: boolean; readonly asked?: InitTask | undefined },
): ChosenTask | undefined {
  const task = asked ?? told(type, values, byCommand);
  if (task === 'regression' || task === 'forecast') return type === 'string' ? undefined : { task };
  if (values === undefined || values.length < 2) return undefined;
  const names = values.map(({ value }) => value);
  if (task === 'multiclass') return names.length <= MOST_CLASSES ? { task, classes: inOrder(names) } : undefined;
  if (names.every(isTruth)) return { task };
  const positive = positiveOf(values);
  return positive === undefined
    ? undefined
    : { task, positive: { value: positive, kind: type === 'string' ? 'text' : 'number' } };
}

function told(type: ColumnFacts['type'], values: readonly TargetValue[] | undefined, byCommand: boolean): InitTask {
  if (type === 'boolean') return 'binary';
  if (values?.length === 2) return byCommand && !values.every(({ value }) => isTruth(value)) ? 'multiclass' : 'binary';
  return type === 'string' ? 'multiclass' : 'regression';
}

/** 0/1 and true/false, as a binary task reads them. */
function isTruth(value: string): boolean {
  return /^(true|false)$/i.test(value) || (value.trim() !== '' && (Number(value) === 0 || Number(value) === 1));
}

/** The value that says yes, else the rarer one; undefined unless there are two. */
function positiveOf(values: readonly TargetValue[]): string | undefined {
  const [first, second] = values;
  if (first === undefined || second === undefined || values.length > 2) return undefined;
  if (YES.test(first.value) !== YES.test(second.value)) return YES.test(first.value) ? first.value : second.value;
  return first.rows < second.rows ? first.value : second.value;
}

/** Numbers by value, then texts: `10` after `9`. */
function inOrder(names: readonly string[]): string[] {
  const numeric = names.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  return [...names].sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : 1));
}
