import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { assayError, messageOf } from '../errors.ts';
import { compileExpression, Parameters, plainValue } from './compile-expression.ts';
import { query } from './connection.ts';
import { describeRelation } from './describe-relation.ts';
import { duckdbFailure } from './duckdb-failure.ts';
import type { Engine, Selection } from './engine.ts';
import { columnInfo, type Scope, typeOf } from './expression-type.ts';
import type { Frame } from './frame.ts';
import { FrameBuilder, frameColumn, frameColumnSql } from './frame-builder.ts';
import { type DuckDbModule, openLocked } from './locked-instance.ts';
import type { AggregatePlan, AggregateRow } from './plan.ts';
import { openSandbox } from './query-sandbox.ts';
import { quoteIdentifier } from './sql-text.ts';
import { type OrderedSelect, selectText, streamChunks } from './stream-chunks.ts';
import type { ColumnInfo, TableSource } from './table.ts';
import { type TableSchema, tableSchema } from './table-schema.ts';
import { copySql, placeFile, type WriteFormat } from './write-table.ts';

/** Rows of a streamed frame at most: 20 columns of numbers are 6 MB. */
const BATCH_ROWS = 32_768;
const DEFAULT_MEMORY_LIMIT = '2GB';
const DEFAULT_THREADS = 2;

export interface DuckDbOptions {
  /** e.g. `2GB`; more is spilled to the temporary folder. */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Folder for temporary files; made if it is not there. What the engine puts in it is removed on close. */
  readonly tempDirectory: string;
  /** Folders that hold every file the engine is ever asked to read. */
  readonly allowedDirectories: readonly string[];
}

async function spillFolder(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    return await mkdtemp(join(path, 'engine-'));
  } catch (error) {
    throw assayError('E_STORE_WRITE', { path, reason: `no temporary folder: ${messageOf(error)}` }, error);
  }
}

/** Opens the table engine. `duckdb` is the package `@duckdb/node-api`, loaded by the caller. */
export async function openDuckDb(duckdb: DuckDbModule, options: DuckDbOptions): Promise<Engine> {
  const tempDirectory = await spillFolder(options.tempDirectory);
  const limits = {
    memoryLimit: options.memoryLimit ?? DEFAULT_MEMORY_LIMIT,
    threads: options.threads ?? DEFAULT_THREADS,
    tempDirectory,
  };
  const instance = await openLocked(duckdb, { ...limits, directories: options.allowedDirectories, files: [] });
  return new DuckDbEngine(duckdb, instance, limits);
}

/** A table that is ready to be selected from. */
interface OpenTable {
  readonly instance: DuckDBInstance;
  readonly relation: string;
  readonly scope: Scope;
  /** Where COPY may write. */
  readonly tempDirectory: string;
}

class DuckDbEngine implements Engine {
  readonly #duckdb: DuckDbModule;
  readonly #instance: DuckDBInstance;
  readonly #limits: { readonly memoryLimit: string; readonly threads: number; readonly tempDirectory: string };
  /** By files, sizes and times: a text file is examined once, however many questions are asked of it. */
  readonly #schemas = new Map<string, Promise<TableSchema>>();

  constructor(
    duckdb: DuckDbModule,
    instance: DuckDBInstance,
    limits: { memoryLimit: string; threads: number; tempDirectory: string },
  ) {
    this.#duckdb = duckdb;
    this.#instance = instance;
    this.#limits = limits;
  }

  async describe(source: TableSource): Promise<readonly ColumnInfo[]> {
    return this.#withTable(source, async ({ scope }) => scope.columns);
  }

  async aggregate(source: TableSource, plan: AggregatePlan): Promise<readonly AggregateRow[]> {
    return this.#withTable(source, async ({ instance, relation, scope }) => {
      const parameters = new Parameters();
      const groups = Object.entries(plan.groupBy ?? {});
      const aggregates = Object.entries(plan.aggregates);
      const columns = [
        ...groups.map(([, expression]) =>
          plainValue(compileExpression(expression, scope, parameters), typeOf(expression, scope)),
        ),
        ...aggregates.map(([, expression]) => compileExpression(expression, scope, parameters)),
      ];
      const ordinals = groups.map((_, index) => index + 1).join(', ');
      const grouped = groups.length === 0 ? '' : ` GROUP BY ${ordinals} ORDER BY ${ordinals}`;
      const rows = await query(instance, `SELECT ${columns.join(', ')} FROM ${relation}${grouped}`, parameters.values);
      const names = [...groups, ...aggregates].map(([name]) => name);
      return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
    });
  }

  async *stream(source: TableSource, selection: Selection = {}): AsyncGenerator<Frame> {
    const table = await this.#open(source);
    const context = { source, memoryLimit: this.#limits.memoryLimit };
    try {
      const columns = selectedColumns(selection, table.scope).map((column) =>
        frameColumn(column, selection.text?.includes(column.name) ?? false),
      );
      for (const name of selection.text ?? []) columnInfo(name, table.scope);
      const builder = new FrameBuilder(columns, BATCH_ROWS);
      let batches = 0;
      for await (const chunk of streamChunks(
        table.instance,
        orderedSelect(table, selection, columns.map(frameColumnSql)),
      )) {
        if (builder.isFullFor(chunk.rows)) {
          yield builder.take();
          batches += 1;
        }
        builder.add(chunk);
      }
      // A table without rows still has columns.
      if (builder.rows > 0 || batches === 0) yield builder.take();
    } catch (error) {
      throw duckdbFailure(error, context);
    } finally {
      await table.close();
    }
  }

  async write(
    source: TableSource,
    selection: Selection,
    target: { readonly path: string; readonly format: WriteFormat },
  ): Promise<number> {
    return this.#withTable(source, async (table) => {
      const columns = selectedColumns(selection, table.scope).map(({ name }) =>
        selection.text?.includes(name) === true
          ? `${quoteIdentifier(name)}::VARCHAR AS ${quoteIdentifier(name)}`
          : quoteIdentifier(name),
      );
      const select = orderedSelect(table, selection, columns);
      const finished = join(table.tempDirectory, `write-${randomUUID()}`);
      try {
        const [row] = await query(table.instance, copySql(selectText(select), finished, target.format), select.values);
        await placeFile(finished, target.path);
        return Number(row?.[0] ?? 0);
      } finally {
        await rm(finished, { force: true });
      }
    });
  }

  async close(): Promise<void> {
    this.#instance.closeSync();
    await rm(this.#limits.tempDirectory, { recursive: true, force: true });
  }

  async #withTable<T>(source: TableSource, use: (table: OpenTable) => Promise<T>): Promise<T> {
    const table = await this.#open(source);
    try {
      return await use(table);
    } catch (error) {
      throw duckdbFailure(error, { source, memoryLimit: this.#limits.memoryLimit });
    } finally {
      await table.close();
    }
  }

  async #open(source: TableSource): Promise<OpenTable & { close(): Promise<void> }> {
    const schema = await this.#schema(source);
    const plain = {
      instance: this.#instance,
      relation: schema.relation,
      scope: { table: source.name, columns: schema.columns },
    };
    if (source.sql === undefined && source.probe === undefined) {
      return { ...plain, tempDirectory: this.#limits.tempDirectory, close: async () => {} };
    }
    try {
      const sandbox = await openSandbox(this.#duckdb, source, schema.relation, this.#limits);
      try {
        const columns = await describeRelation(sandbox.instance, sandbox.relation);
        return { ...sandbox, scope: { table: source.name, columns }, close: () => sandbox.close() };
      } catch (error) {
        await sandbox.close();
        throw error;
      }
    } catch (error) {
      throw duckdbFailure(error, { source, memoryLimit: this.#limits.memoryLimit });
    }
  }

  async #schema(source: TableSource): Promise<TableSchema> {
    const facts = await Promise.all(source.files.map((file) => stat(file).catch(() => undefined)));
    const key = JSON.stringify([
      source.format,
      source.hive ?? false,
      source.files,
      facts.map((fact) => [fact?.size, fact?.mtimeMs]),
    ]);
    const known = this.#schemas.get(key);
    if (known !== undefined) return known;
    const schema = tableSchema(this.#instance, source, this.#limits.memoryLimit);
    this.#schemas.set(key, schema);
    return schema.catch((error: unknown) => {
      this.#schemas.delete(key);
      throw error;
    });
  }
}

function selectedColumns(selection: Selection, scope: Scope): readonly ColumnInfo[] {
  return selection.columns?.map((name) => columnInfo(name, scope)) ?? scope.columns;
}

/** The SELECT of a selection; ties of its order stay in the order of the rows. */
function orderedSelect(table: OpenTable, selection: Selection, columns: readonly string[]): OrderedSelect {
  const parameters = new Parameters();
  const { values } = parameters;
  const where =
    selection.where === undefined ? '' : ` WHERE ${compileExpression(selection.where, table.scope, parameters)}`;
  const keys = (selection.orderBy ?? []).map((name) => quoteIdentifier(columnInfo(name, table.scope).name));
  if (keys.length === 0) return { columns, from: `FROM ${table.relation}${where}`, order: '', values };
  const position = quoteIdentifier(unusedName(table.scope));
  const numbered = `(SELECT *, row_number() OVER () AS ${position} FROM ${table.relation})`;
  const order = [...keys.map((key) => `${key} ASC NULLS LAST`), position].join(', ');
  return { columns, from: `FROM ${numbered}${where}`, order: `ORDER BY ${order}`, values };
}

function unusedName(scope: Scope): string {
  let name = 'position';
  while (scope.columns.some((column) => column.name.toLowerCase() === name)) name += '_';
  return name;
}
