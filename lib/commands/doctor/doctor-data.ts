import { readFile, stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { Engine } from '../../engine/engine.ts';
import { column, count, isNull, not } from '../../engine/expression.ts';
import { type ColumnInfo, TableFormat, type TableSource } from '../../engine/table.ts';
import { tableSource } from '../../engine/table-source.ts';
import { assayError } from '../../errors.ts';
import { groupColumns } from '../../gate/compare/group-columns.ts';
import { parsePointer } from '../../pointers/formats/pointer-file.ts';
import { objectKey } from '../../pointers/object-key.ts';
import { readChecksFile } from '../../project/checks-file.ts';
import type { ModelConfig } from '../../project/config.ts';
import { datasetFiles } from '../../project/dataset-files.ts';
import { datasetOf, type Project } from '../../project/project.ts';
import { createLocalStore } from '../../stores/folder/local-store.ts';
import type { Context } from '../context.ts';
import { dvcStores } from '../data/store/project-store.ts';
import { bringPointers } from '../data/transfer/bring-pointers.ts';
import { requireColumn } from '../open-dataset.ts';
import { findingsOf } from './doctor-finding.ts';
import type { Finding } from './doctor-output.ts';

const { ok, warn, fail, thrown } = findingsOf('data');

export interface DataFacts {
  readonly findings: readonly Finding[];
  /** Datasets that are here and can be read with every column that is asked of them. */
  readonly sound: ReadonlySet<string>;
}

/** Every dataset: its files or pointers, its columns and their types, its checks file. Brings and writes nothing. */
export async function dataFindings(context: Context, project: Project, engine: Engine): Promise<DataFacts> {
  const findings: Finding[] = [];
  const sound = new Set<string>();
  for (const name of Object.keys(project.config.data)) {
    const found = await datasetFindings(context, project, engine, name).catch((error: unknown) => [
      thrown(name, error),
    ]);
    findings.push(...found);
    if (found.every(({ status }) => status === 'ok')) sound.add(name);
  }
  return { findings, sound };
}

async function datasetFindings(context: Context, project: Project, engine: Engine, name: string): Promise<Finding[]> {
  const { files, pointers } = await datasetFiles(project, name);
  await readChecksFile(project, name);
  const away = await missingOutputs(context, project, pointers);
  if (away.length > 0) return away.map((finding) => ({ ...finding, subject: name }));
  const brought = await bringPointers(context, project, pointers);
  const { format, sql } = datasetOf(project, name);
  const source = tableSource({
    name,
    files: [...new Set([...files, ...brought])],
    ...(format === undefined ? {} : { format: TableFormat.parse(format) }),
    ...(sql === undefined ? {} : { sql }),
  });
  return contentFindings(engine, source, project, name);
}

/**
 * What pointers name and is not here, and whether cache or store have it. Where everything is here nothing is brought
 * later: its digests are then compared, as every command does.
 */
async function missingOutputs(context: Context, project: Project, pointers: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (pointers.length === 0) return findings;
  const { config, storeFor } = await dvcStores(context, project);
  const cache = createLocalStore(config.cache);
  for (const pointer of pointers) {
    const { wdir, outs } = parsePointer(await readFile(pointer, 'utf8'), pointer);
    for (const out of outs) {
      const path = resolve(dirname(pointer), wdir, out.path);
      if (
        await stat(path).then(
          () => true,
          () => false,
        )
      )
        continue;
      const shown = relative(project.root, path).replaceAll('\\', '/');
      const key = objectKey(out.md5, out.hash);
      const store = storeFor(out.remote);
      if (await cache.has(key))
        findings.push(warn('', `${shown} is not here; DVC's cache has it`, `assay data checkout ${shown}`));
      else if (store === undefined)
        findings.push(
          fail(
            '',
            `${shown} is not here, and there is no remote to bring it from`,
            'Name one in .dvc/config (core.remote), or store: in assay.yaml.',
          ),
        );
      else if (await store.has(key))
        findings.push(warn('', `${shown} is not here; ${store.describe().title} has it`, `assay data pull ${shown}`));
      else
        findings.push(
          fail(
            '',
            `${shown} is neither here nor in ${store.describe().title}`,
            'Push it from where it is: assay data push.',
          ),
        );
    }
  }
  return findings;
}

/** What a model asks of its datasets' columns. */
interface Asked {
  readonly column: string;
  readonly role: string;
}

async function contentFindings(
  engine: Engine,
  source: TableSource,
  project: Project,
  name: string,
): Promise<Finding[]> {
  const columns = await engine.describe(source);
  const { time, id = [] } = datasetOf(project, name);
  const models = Object.entries(project.config.models).filter(([, model]) => usesOf(model).includes(name));
  const asked: Asked[] = [
    ...id.map((one) => ({ column: one, role: 'id' })),
    ...models.flatMap(([, model]) => askedBy(model, name)),
  ];
  const problems: Finding[] = [];
  for (const { column: wanted, role } of asked) {
    try {
      requireColumn(columns, wanted, role, name);
    } catch (error) {
      problems.push(thrown(name, error));
    }
  }
  if (time !== undefined) problems.push(...timeProblems(columns, time, name));
  if (problems.length > 0) return problems;
  const targets = [...new Set(models.map(([, { target }]) => target))];
  const [row] = await engine.aggregate(source, {
    aggregates: {
      rows: count(),
      ...Object.fromEntries(targets.map((target, index) => [`labelled${index}`, count(not(isNull(column(target))))])),
    },
  });
  const rows = Number(row?.rows ?? 0);
  if (rows === 0) return [fail(name, 'there is no row', 'Bring rows.')];
  return [
    ok(name, `${rows.toLocaleString('en-US')} rows, ${columns.length} columns, every column that is asked for`),
    ...targets.flatMap((target, index) =>
      Number(row?.[`labelled${index}`] ?? 0) > 0
        ? []
        : [fail(name, `no row has a value in "${target}", the target`, 'Bring labels.')],
    ),
  ];
}

function timeProblems(columns: readonly ColumnInfo[], time: string, dataset: string): Finding[] {
  try {
    const { type } = requireColumn(columns, time, 'time', dataset);
    if (type === 'timestamp' || type === 'date') return [];
    throw assayError('E_COLUMN_NOT_TIME', { column: time, dataset, type });
  } catch (error) {
    return [thrown(dataset, error)];
  }
}

function usesOf({ train, holdout }: ModelConfig): string[] {
  return [train.data, holdout.data ?? train.data];
}

function askedBy({ target, train, holdout, gate, query, series }: ModelConfig, dataset: string): Asked[] {
  const judged = (holdout.data ?? train.data) === dataset;
  const features = 'trainer' in train && train.data === dataset ? (train.features ?? []) : [];
  const optional: readonly (readonly [string | undefined, string])[] = judged
    ? [
        [gate.cluster, 'cluster'],
        [gate.weight, 'weight'],
        [query, 'query'],
        [series, 'series'],
      ]
    : [];
  return [
    { column: target, role: 'target' },
    ...features.map((column) => ({ column, role: 'feature' })),
    ...(judged ? groupColumns(gate).map((column) => ({ column, role: 'slice' })) : []),
    ...optional.flatMap(([column, role]) => (column === undefined ? [] : [{ column, role }])),
  ];
}
