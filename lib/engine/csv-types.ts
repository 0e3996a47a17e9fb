import { quoteIdentifier, quoteLiteral } from './sql-text.ts';
import type { ColumnType } from './table.ts';

/** What a column of a text file can turn out to be: `bigint` … in DuckDB's words. */
export type CsvType = 'BOOLEAN' | 'BIGINT' | 'DOUBLE' | 'DATE' | 'TIMESTAMP' | 'TIMESTAMPTZ' | 'VARCHAR';

/** From narrow to wide: a column gets the first type that all of its values fit. */
const LADDER: readonly CsvType[] = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'VARCHAR'];

const WHOLE = '(0|[1-9][0-9]*)';
/** Written out, integers of more digits than a double carries are identifiers: they stay text, exactly as they are. */
const WHOLE_EXACT = '(0|[1-9][0-9]{0,14})';
const DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const CLOCK = '[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?';

/**
 * How each type is written. A leading zero makes text (postcodes and account numbers keep it); yes/no, 0/1 and local
 * date formats are not guessed at.
 */
const PATTERN: Readonly<Record<Exclude<CsvType, 'VARCHAR' | 'BOOLEAN'>, string>> = {
  BIGINT: ` *[+-]?${WHOLE} *`,
  DOUBLE: `(?i) *[+-]?(${WHOLE}[.][0-9]*|[.][0-9]+|${WHOLE_EXACT}|${WHOLE}([.][0-9]*)?e[+-]?[0-9]+|nan|inf|infinity) *`,
  DATE: DAY,
  TIMESTAMP: `${DAY}${CLOCK}`,
  TIMESTAMPTZ: `${DAY}${CLOCK} ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)`,
};

const COLUMN_TYPE: Readonly<Record<CsvType, ColumnType>> = {
  BOOLEAN: 'boolean',
  BIGINT: 'integer',
  DOUBLE: 'float',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMPTZ: 'timestamp',
  VARCHAR: 'string',
};

export function columnTypeOfCsv(type: CsvType): ColumnType {
  return COLUMN_TYPE[type];
}

/** SQL: true where a value that is neither null nor empty is not written as the type. */
export function misfitSql(column: string, type: CsvType): string {
  const name = quoteIdentifier(column);
  if (type === 'VARCHAR') return 'FALSE';
  const fits =
    type === 'BOOLEAN'
      ? `lower(${name}) IN ('true', 'false')`
      : // Cast is what is written as the type alone: AND may do both sides, and a cast that fails costs an exception.
        `CASE WHEN regexp_full_match(${name}, ${quoteLiteral(PATTERN[type])}) THEN TRY_CAST(${name} AS ${type}) IS NOT NULL ELSE FALSE END`;
  return `(${name} <> '' AND NOT ${fits})`;
}

/**
 * SQL of a column as its type. In text an empty field is null and a quoted empty field is the empty text; in any other
 * type both are null.
 */
export function castSql(column: string, type: CsvType): string {
  const name = quoteIdentifier(column);
  return type === 'VARCHAR' ? name : `CAST(nullif(${name}, '') AS ${type}) AS ${name}`;
}

/** The first type of the ladder after `type`; text is the last. */
export function widerType(type: CsvType): CsvType {
  return LADDER[LADDER.indexOf(type) + 1] ?? 'VARCHAR';
}

/**
 * The first type of the ladder that all values are written as; nulls and empty values are of any type. Whether they can be
 * cast to it is not looked at, so that it is never wider than the type that `misfitSql` lets pass.
 */
export function narrowestWritten(values: readonly unknown[]): CsvType {
  const texts = values.filter((value): value is string => typeof value === 'string' && value !== '');
  return LADDER.find((type) => texts.every(looksOf(type))) ?? 'VARCHAR';
}

function looksOf(type: CsvType): (text: string) => boolean {
  if (type === 'VARCHAR') return () => true;
  if (type === 'BOOLEAN') return (text) => /^(true|false)$/i.test(text);
  const [, ignoreCase, pattern] = /^(\(\?i\))?(.*)$/.exec(PATTERN[type]) ?? [];
  const written = new RegExp(`^(?:${pattern})$`, ignoreCase === undefined ? 'u' : 'iu');
  return (text) => written.test(text);
}

/** The type that holds a column of several files; undefined is a file in which the column is empty. */
export function unitedType(types: readonly (CsvType | undefined)[]): CsvType | undefined {
  const found = new Set(types.filter((type) => type !== undefined));
  const [first, second] = [...found].sort((a, b) => LADDER.indexOf(a) - LADDER.indexOf(b));
  if (second === undefined || found.size > 2) return found.size > 1 ? 'VARCHAR' : first;
  if (first === 'BIGINT' && second === 'DOUBLE') return 'DOUBLE';
  if (first === 'DATE' && second === 'TIMESTAMP') return 'TIMESTAMP';
  return 'VARCHAR';
}
