import type { DuckDBInstance } from '@duckdb/node-api';
import { assayError } from '../errors.ts';
import { requireNames, requireSameColumns } from './column-names.ts';
import { query } from './connection.ts';
import { csvStructure } from './csv-structure.ts';
import { type CsvType, columnTypeOfCsv, misfitSql, narrowestWritten, unitedType, widerType } from './csv-types.ts';
import { describeRelation } from './describe-relation.ts';
import { csvSql, csvTextSql, separatorOf } from './read-relation.ts';
import { quoteIdentifier } from './sql-text.ts';
import type { TableSource } from './table.ts';
import type { TableSchema } from './table-schema.ts';

/** Rows whose looks say where to begin: in this process, because the table engine takes milliseconds for any question. */
const FIRST_ROWS = 64;

/** Rows that a column's type is guessed from, which are all of a small file; else every row is looked at then. */
const SAMPLE_ROWS = 4096;

/**
 * The columns of CSV or TSV files. Every file is read whole: its structure is checked, and each column gets the
 * narrowest type that all its values fit, so that no value is a surprise later.
 */
export async function csvSchema(
  instance: DuckDBInstance,
  source: TableSource,
  format: 'csv' | 'tsv',
): Promise<TableSchema> {
  const found: ReadonlyMap<string, CsvType | undefined>[] = [];
  let header: readonly string[] = [];
  for (const file of source.files) {
    const structure = await csvStructure(file, separatorOf(format));
    requireNames(file, structure.header);
    requireSingleLines(file, structure.header);
    if (header.length === 0) header = structure.header;
    requireSameHeader(source, file, header, structure.header);
    found.push(await csvFileTypes(instance, file, csvTextSql([file], format, structure.header, false), structure));
  }
  const types = new Map(header.map((name) => [name, unitedType(found.map((types) => types.get(name)))] as const));
  const known = new Map([...types].map(([name, type]) => [name, type ?? 'VARCHAR'] as const));
  const relation = csvSql(source.files, format, header, known, source.hive ?? false);
  const columns = header.map((name) => {
    const type = known.get(name) ?? 'VARCHAR';
    return { name, type: columnTypeOfCsv(type), physical: type };
  });
  if (source.hive !== true) return { columns, relation };
  const all = await describeRelation(instance, relation);
  return { columns: all.map((column) => columns.find(({ name }) => name === column.name) ?? column), relation };
}

/** The narrowest type of each column that holds every value; undefined where there is none. */
async function csvFileTypes(
  instance: DuckDBInstance,
  file: string,
  relation: string,
  structure: { readonly header: readonly string[]; readonly rows: number },
): Promise<ReadonlyMap<string, CsvType | undefined>> {
  const { header } = structure;
  const first = await query(instance, `SELECT * FROM ${relation} LIMIT ${FIRST_ROWS}`);
  const looks = new Map(header.map((name, index) => [name, narrowestWritten(first.map((row) => row[index]))] as const));
  const guess = await narrowest(instance, `(SELECT * FROM ${relation} LIMIT ${SAMPLE_ROWS})`, header, looks);
  const sure = guess.rows < SAMPLE_ROWS ? guess : await narrowest(instance, relation, header, guess.types);
  if (sure.rows !== structure.rows) {
    throw assayError('E_TABLE_ROWS_LOST', { file, counted: structure.rows, read: sure.rows });
  }
  return new Map(header.map((name) => [name, sure.filled.has(name) ? sure.types.get(name) : undefined]));
}

interface NarrowTypes {
  readonly rows: number;
  /** Columns that have a value. */
  readonly filled: ReadonlySet<string>;
  readonly types: ReadonlyMap<string, CsvType>;
}

/** Widens types step by step until all values of the relation fit; mostly one pass, when `start` guesses well. */
async function narrowest(
  instance: DuckDBInstance,
  relation: string,
  header: readonly string[],
  start: ReadonlyMap<string, CsvType>,
): Promise<NarrowTypes> {
  const types = new Map(header.map((name) => [name, start.get(name) ?? 'VARCHAR']));
  const filled = header.map((name) => `bool_or(${quoteIdentifier(name)} <> '')`);
  for (;;) {
    const misfits = header.map((name) => `bool_or(${misfitSql(name, types.get(name) ?? 'VARCHAR')})`);
    const [row = []] = await query(instance, `SELECT count(*), ${[...filled, ...misfits].join(', ')} FROM ${relation}`);
    const wider = header.filter((_, index) => row[1 + header.length + index] === true);
    for (const name of wider) types.set(name, widerType(types.get(name) ?? 'VARCHAR'));
    if (wider.length > 0) continue;
    return { rows: Number(row[0]), filled: new Set(header.filter((_, index) => row[1 + index] === true)), types };
  }
}

/** Text files are read by position: their columns also have to come in the same order. */
function requireSameHeader(
  source: TableSource,
  file: string,
  first: readonly string[],
  names: readonly string[],
): void {
  requireSameColumns(source, file, first, names);
  const moved = names.find((name, index) => name !== first[index]);
  if (moved !== undefined)
    throw assayError('E_TABLE_COLUMNS_ORDER', {
      table: source.name,
      first: source.files[0] ?? '',
      file,
      column: moved,
    });
}

/** DuckDB's reader loses all rows of some text files whose header has a line break in quotes. */
function requireSingleLines(file: string, header: readonly string[]): void {
  const index = header.findIndex((name) => /[\r\n]/.test(name));
  const column = header[index];
  if (column !== undefined) throw assayError('E_TABLE_COLUMN_LINE_BREAK', { file, position: index + 1, column });
}
