import type { ColumnFacts, TableSample } from './init-columns.ts';

/** Columns of a compound id. */
const MOST_ID_COLUMNS = 3;
/** Columns that a compound id is looked for among. */
const ID_CANDIDATES = 8;
/** A score from which a name says that a column is what is predicted. */
const SURE_ENOUGH = 4;
/** More classes than these are numbers or names, not classes. */
export const MOST_CLASSES = 20;

/** A column that was taken for a role, and those that could have been. */
export interface Choice<T> {
  readonly taken: T;
  readonly others: readonly T[];
}

const TARGET_NAMES = /^(target|label|labels|y|y_true|outcome|class|response|ground_truth|truth)$/i;
const TARGET_PARTS = /^(is|has|target|label)_|_(target|label|flag|outcome|class)$/i;
const TARGET_WORDS =
  /^(churn|churned|fraud|default|defaulted|survived|converted|conversion|clicked|purchased|bought|cancelled|canceled|late|delayed|failed|failure|price|saleprice|sales|demand|revenue|duration|arr_delay|delay|species|rating|quality|diagnosis)$/i;
const TIME_NAMES = /(^|_)(scheduled|event|created|timestamp|datetime|time|date|day|ts)(_|$)|_at$|time$|date$/i;
const OUTCOME_TIMES = /(^|_)(updated|modified|deleted|closed|resolved|arrived|arrival|actual|end|ended|finished)(_|$)/i;
const ID_NAMES = /^(id|uuid|guid|key|row|row_id|index|rowid|unnamed: 0)$/i;
const ID_PARTS = /_?(id|uuid|guid|key|number|no|nr|code)$/i;

/** The column of times that the rows are ordered by: the best by type, name and how full it is. */
export function timeChoice({ columns }: TableSample): Choice<string> | undefined {
  const score = ({ name, nulls }: ColumnFacts): number =>
    (TIME_NAMES.test(name) ? 2 : 0) - (OUTCOME_TIMES.test(name) ? 3 : 0) - (nulls > 0 ? 4 : 0);
  return best(
    columns.filter(({ type, distinct }) => (type === 'timestamp' || type === 'date') && distinct > 1),
    score,
  );
}

/** What one would predict, by name and kind of values; undefined where nothing says it, or two columns do alike. */
export function targetChoice({ columns }: TableSample, time: string | undefined): Choice<string> | undefined {
  const score = (column: ColumnFacts): number => {
    const { name } = column;
    const byName = TARGET_NAMES.test(name) ? 8 : TARGET_PARTS.test(name) || TARGET_WORDS.test(name) ? 4 : 0;
    const last = columns.at(-1)?.name === name ? 1 : 0;
    return byName + (isBinary(column) ? 2 : 0) + last;
  };
  const possible = columns.filter((one) => one.name !== time && canBeTarget(one));
  const [first, second] = [...possible].sort((a, b) => score(b) - score(a));
  if (first === undefined || score(first) < SURE_ENOUGH) return undefined;
  if (second !== undefined && score(second) === score(first)) return undefined;
  return best(possible, score);
}

/** The columns that could be predicted, for the error that asks for one. */
export function targetCandidates({ columns }: TableSample, time: string | undefined): string[] {
  return columns.filter((one) => one.name !== time && canBeTarget(one)).map(({ name }) => name);
}

/**
 * Columns that tell the rows of the sample apart: each by itself, then two together, then three. `unique` is then asked of
 * all rows, so whoever asks stops at the first that holds there.
 *
 * @param target never part of an id
 */
export function* idChoices(sample: TableSample, target: string, time: string | undefined): Generator<string[]> {
  const { columns, rows } = sample;
  const keys = columns.filter(
    ({ name, type, nulls }) =>
      name !== target && nulls === 0 && type !== 'float' && type !== 'other' && type !== 'boolean',
  );
  const score = ({ name }: ColumnFacts): number => (ID_NAMES.test(name) ? 3 : ID_PARTS.test(name) ? 2 : 0);
  const single = keys.filter(({ name, type, distinct }) => distinct === rows && name !== time && type !== 'date');
  for (const { name } of ranked(single, score)) yield [name];
  // What is counted or measured is rarely part of a key: names and times are.
  const part = (one: ColumnFacts): number =>
    score(one) + (one.name === time ? 4 : 0) + (one.type === 'string' ? 1 : 0) + Math.log10(1 + one.distinct) / 10;
  const parts = ranked(keys, part)
    .slice(0, ID_CANDIDATES)
    .map(({ name }) => name);
  for (let size = 2; size <= MOST_ID_COLUMNS; size++) {
    for (const names of combinations(parts, size)) if (sample.unique(names)) yield names;
  }
}

/** Two values, whatever they are called. */
export function isBinary({ distinct }: ColumnFacts): boolean {
  return distinct === 2;
}

function canBeTarget({ type, distinct }: ColumnFacts): boolean {
  if (distinct < 2) return false;
  if (type === 'string') return distinct <= MOST_CLASSES;
  return type === 'boolean' || type === 'integer' || type === 'float';
}

function best(columns: readonly ColumnFacts[], score: (one: ColumnFacts) => number): Choice<string> | undefined {
  const [first, ...rest] = ranked(columns, score);
  return first === undefined ? undefined : { taken: first.name, others: rest.map(({ name }) => name) };
}

/** By falling score; the order of the file decides between equals. */
function ranked(columns: readonly ColumnFacts[], score: (one: ColumnFacts) => number): ColumnFacts[] {
  return [...columns].sort((a, b) => score(b) - score(a));
}

function combinations(names: readonly string[], size: number): string[][] {
  if (size === 0) return [[]];
  return names.flatMap((name, index) => combinations(names.slice(index + 1), size - 1).map((rest) => [name, ...rest]));
}
