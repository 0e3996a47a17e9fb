import { quoteIdentifier, quoteLiteral } from './sql-text.ts';

/**
 * A dataset's `sql:` that gives a table of two-valued labels the truth values that a binary model needs: all columns as
 * they are, the label true where it has that value, false where it has another, null where it has none.
 *
 * @param value its text; a number stands for itself
 */
export function truthQuery(label: string, value: string, kind: 'text' | 'number'): string {
  const name = quoteIdentifier(label);
  const wanted = kind === 'number' ? String(Number(value)) : quoteLiteral(value);
  return `SELECT * REPLACE (${name} = ${wanted} AS ${name}) FROM data`;
}
