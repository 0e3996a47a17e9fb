import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Digest, digestFile, digestOf } from '../digest.ts';
import type { Engine } from '../engine/engine.ts';
import { suggestion } from '../engine/suggestion.ts';
import { type ColumnInfo, TableFormat, type TableSource } from '../engine/table.ts';
import { tableSource } from '../engine/table-source.ts';
import { assayError } from '../errors.ts';
import type { DatasetConfig } from '../project/config.ts';
import { datasetFiles } from '../project/dataset-files.ts';
import { datasetOf, type Project } from '../project/project.ts';
import type { Context } from './context.ts';
import { bringPointers } from './data/transfer/bring-pointers.ts';

/** A dataset whose files are here. */
export interface OpenDataset {
  readonly name: string;
  readonly config: DatasetConfig;
  readonly source: TableSource;
  readonly columns: readonly ColumnInfo[];
  /** Of the files' paths and contents and the query over them: what "the same data" means. */
  readonly digest: Digest;
}

/** Brings a dataset's files (from the store where they are pointers), reads its columns, and digests it. */
export async function openDataset(
  context: Context,
  project: Project,
  engine: Engine,
  name: string,
): Promise<OpenDataset> {
  const config = datasetOf(project, name);
  const { files, pointers } = await datasetFiles(project, name);
  const brought = await bringPointers(context, project, pointers);
  const all = [...new Set([...files, ...brought])].sort();
  const source = tableSource({
    name,
    files: all,
    ...(config.format === undefined ? {} : { format: TableFormat.parse(config.format) }),
    ...(config.sql === undefined ? {} : { sql: config.sql }),
  });
  const columns = await engine.describe(source);
  const digests = await Promise.all(
    all.map(async (file) => ({
      path: relative(project.root, file).replaceAll('\\', '/'),
      sha256: await digestFile(file),
      size: (await stat(file)).size,
    })),
  );
  return { name, config, source, columns, digest: digestOf({ files: digests, sql: config.sql ?? null }) };
}

/** The dataset's column of that name. Throws E_COLUMN_MISSING with what it was needed for and a suggestion. */
export function columnOf(dataset: OpenDataset, column: string, role: string): ColumnInfo {
  return requireColumn(dataset.columns, column, role, dataset.name);
}

/** As `columnOf`, of any table's columns. */
export function requireColumn<T extends { readonly name: string }>(
  columns: readonly T[],
  column: string,
  role: string,
  dataset: string,
): T {
  const found = columns.find(({ name }) => name === column);
  if (found !== undefined) return found;
  const known = columns.map(({ name }) => name);
  throw assayError('E_COLUMN_MISSING', { column, role, dataset, known, suggestion: suggestion(column, known) });
}

/** The dataset's time column. Throws E_COLUMN_NOT_TIME when it is text or a number. */
export function timeColumnOf(dataset: OpenDataset): string | undefined {
  const column = dataset.config.time;
  if (column === undefined) return undefined;
  const { type } = columnOf(dataset, column, 'time');
  if (type !== 'timestamp' && type !== 'date')
    throw assayError('E_COLUMN_NOT_TIME', { column, dataset: dataset.name, type });
  return column;
}

/**
 * The column that alone tells the rows apart (an order, a person): its values say nothing of a distribution and are
 * nobody's business. A part of a compound id (the carrier of a flight) is a column like any other.
 */
export function rowIdColumn({ config }: OpenDataset): string | undefined {
  return config.id?.length === 1 ? config.id[0] : undefined;
}

/** Folders that the engine has to read for a project: the repository itself. */
export function projectFolders(project: Project): readonly string[] {
  return [project.root, join(project.root, '.assay')];
}
