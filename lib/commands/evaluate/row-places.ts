import { basename } from 'node:path';
import { numbersOf } from '../../engine/collect.ts';
import type { Engine } from '../../engine/engine.ts';
import type { TableSource } from '../../engine/table.ts';
import { AssayError, assayError, detailed } from '../../errors.ts';
import { SHOWN_ROWS } from '../../metrics/check-examples.ts';
import { idsOf } from './row-ids.ts';

type Ids = readonly (string | null)[];

/** A table, and how its rows are named. */
export interface PlacedTable {
  readonly engine: Engine;
  readonly source: TableSource;
  /** The columns that tell the rows apart. */
  readonly id: readonly string[];
}

/** The ids that an error names; none where it is about something else. */
export function namedIds({ details }: AssayError): string[] {
  const { ids, id } = details;
  if (Array.isArray(ids)) return ids.filter((one) => typeof one === 'string');
  return typeof id === 'string' ? [id] : [];
}

/** The side that an error is about, as it was called; undefined for one that is about both. */
export function namedSide({ details }: AssayError): string | undefined {
  return typeof details.side === 'string' ? details.side : undefined;
}

/** An error with the places of its ids, where it names any and they are not known yet; anything else as it is. */
export async function withPlaces(
  error: unknown,
  find: (ids: readonly string[], error: AssayError) => Promise<readonly string[]> | readonly string[],
): Promise<unknown> {
  if (!(error instanceof AssayError) || error.details.places !== undefined) return error;
  const ids = namedIds(error);
  return ids.length === 0 ? error : detailed(error, { places: await find(ids, error) });
}

/** Where each of the wanted ids is among those of a table: `row 7`, `rows 7 and 9`; rows count from 1, a header is none. */
export function placesAmong(ids: Ids, wanted: readonly string[]): string[] {
  const rows = new Map<string, string[]>(wanted.map((id) => [id, []]));
  ids.forEach((id, row) => {
    if (id !== null) rows.get(id)?.push(String(row + 1));
  });
  return wanted.map((id) => rowsText(rows.get(id) ?? []));
}

/** Where each of the wanted ids is in a table: `row 7 of days.csv`. One pass over the id columns, for a message alone. */
export async function placesInTable({ engine, source, id }: PlacedTable, wanted: readonly string[]): Promise<string[]> {
  // The rows of a query, or of folders that are columns, are in no one file.
  const isPlain = source.sql === undefined && source.hive !== true && source.files.length <= MOST_FILES;
  const parts = isPlain ? source.files.map((file) => ({ ...source, files: [file] })) : [source];
  const found = new Map<string, string[]>(wanted.map((one) => [one, []]));
  for (const part of parts) {
    const name = isPlain ? basename(part.files[0] ?? '') : `"${source.name}"`;
    const rows = new Map<string, string[]>();
    let before = 0;
    for await (const frame of engine.stream(part, { columns: [...id] })) {
      idsOf(frame, id).forEach((text, row) => {
        if (text === null || !found.has(text)) return;
        rows.set(text, [...(rows.get(text) ?? []), String(before + row + 1)]);
      });
      before += frame.rows;
    }
    for (const [text, numbers] of rows) found.get(text)?.push(`${rowsText(numbers)} of ${name}`);
  }
  return wanted.map((one) => (found.get(one) ?? []).join(', '));
}

/** Files of a dataset that are looked through one by one. */
const MOST_FILES = 1_000;

function rowsText(rows: readonly string[]): string {
  if (rows.length === 0) return '';
  if (rows.length === 1) return `row ${rows[0]}`;
  const shown = rows.slice(0, SHOWN_ROWS);
  return `rows ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}${rows.length > shown.length ? ', …' : ''}`;
}

/** A span of time (ms, `to` exclusive) by a column. */
interface TimeSpan {
  readonly time: string;
  readonly from: number;
  readonly to: number;
}

/** The error of rows without an id, named by where they are in the table. */
export async function missingIds({ engine, source, id }: PlacedTable, span?: TimeSpan): Promise<AssayError> {
  const rows: number[] = [];
  let count = 0;
  let before = 0;
  for await (const frame of engine.stream(source, { columns: [...id, ...(span === undefined ? [] : [span.time])] })) {
    const times = span === undefined ? undefined : numbersOf(frame, span.time);
    idsOf(frame, id).forEach((text, row) => {
      const time = times?.[row] ?? Number.NaN;
      const isAsked = span === undefined || (time >= span.from && time < span.to);
      if (text === null && isAsked && count++ < SHOWN_ROWS) rows.push(before + row + 1);
    });
    before += frame.rows;
  }
  const of =
    source.files.length === 1 && source.sql === undefined ? basename(source.files[0] ?? '') : `"${source.name}"`;
  return assayError('E_PAIR_NULL_ID', { side: `holdout "${source.name}"`, row: rows[0] ?? 0, rows, count, of });
}
