import type { Engine } from '../../engine/engine.ts';
import { and, column, compare, max, min, type Predicate, time } from '../../engine/expression.ts';
import type { TableSource } from '../../engine/table.ts';

/** The oldest and newest time (ms since 1970, UTC) of a time column; undefined when it has none. */
export async function timeRange(
  engine: Engine,
  source: TableSource,
  name: string,
): Promise<{ readonly oldest: number; readonly newest: number } | undefined> {
  const aggregates = { oldest: min(column(name)), newest: max(column(name)) };
  const [row] = await engine.aggregate(source, { aggregates });
  const { oldest, newest } = row ?? {};
  return typeof oldest === 'number' && typeof newest === 'number' ? { oldest, newest } : undefined;
}

/** Rows before a time (ms). Rows without a time are not among them: nobody can say that they lie before the holdout. */
export function timeBefore(name: string, to: number): Predicate {
  return compare(column(name), '<', time(to));
}

/** Rows from a time up to, and without, another (ms). */
export function timeBetween(name: string, from: number, to: number): Predicate {
  return and(compare(column(name), '>=', time(from)), timeBefore(name, to));
}
