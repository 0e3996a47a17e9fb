import type { Engine } from '../../engine/engine.ts';
import { call, column, count, countDistinct, isNull, max, min, not, or } from '../../engine/expression.ts';
import { assayError } from '../../errors.ts';
import type { Project } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { type OpenDataset, openDataset } from '../open-dataset.ts';
import { type ColumnFacts, sampleTable, type TableSample } from './init-columns.ts';
import type { TimeFacts } from './init-holdout.ts';
import { idChoices, targetCandidates, targetChoice, timeChoice } from './init-roles.ts';
import type { TargetValue } from './init-task.ts';

/** What a person said of the columns. */
export interface AskedColumns {
  readonly target?: string | undefined;
  readonly id?: readonly string[] | undefined;
  readonly time?: string | undefined;
}

/** A table and what its columns are for. */
export interface ReadTable {
  readonly dataset: OpenDataset;
  readonly target: ColumnFacts;
  readonly id: readonly string[];
  readonly time?: { readonly column: string; readonly facts: TimeFacts };
  /** All values of the target with their rows, where there are few. */
  readonly values?: readonly TargetValue[];
  /** What was taken for what, and what would say otherwise. */
  readonly choices: readonly string[];
}

/** More values of a target are not asked for: they are neither labels nor classes. */
const MOST_VALUES = 100;

/**
 * Opens a table, brings it where only a pointer is here, and finds target, id and time among its columns: those that
 * were asked for, else the best by name, type and values of the first rows, checked against all rows.
 * Throws E_INIT_*, E_TABLE_*, and what pointers throw.
 */
export async function readTable(
  context: Context,
  project: Project,
  engine: Engine,
  name: string,
  asked: AskedColumns,
): Promise<ReadTable> {
  const dataset = await openDataset(context, project, engine, name);
  const table = dataset.config.path.join(', ');
  const sample = await sampleTable(engine, dataset.source);
  const needColumn = (flag: string, wanted: string): ColumnFacts => {
    const found = sample.columns.find((one) => one.name === wanted);
    if (found !== undefined) return found;
    throw assayError('E_INIT_COLUMN', { flag, column: wanted, table, known: sample.columns.map((one) => one.name) });
  };
  const choices: string[] = [];
  const time = timeOf(sample, asked.time, needColumn, table, choices);
  const targetName = asked.target ?? guessedTarget(sample, time, table, choices);
  const target = needColumn('--target', targetName);
  const values = await valuesOf(engine, dataset, target);
  const id = asked.id ?? (await guessedId({ engine, dataset, sample, target: target.name, time, table }, choices));
  for (const one of id) needColumn('--id', one);
  if (asked.id !== undefined && !(await tellsApart(engine, dataset, id, target.name)))
    throw assayError('E_INIT_ID', { table, tried: id });
  const facts = time === undefined ? undefined : await timeFacts(engine, dataset, time, target.name);
  return {
    dataset,
    target,
    id,
    ...(time === undefined || facts === undefined ? {} : { time: { column: time, facts } }),
    ...(values === undefined ? {} : { values }),
    choices,
  };
}

function timeOf(
  sample: TableSample,
  asked: string | undefined,
  needColumn: (flag: string, wanted: string) => ColumnFacts,
  table: string,
  choices: string[],
): string | undefined {
  if (asked !== undefined) {
    const { type } = needColumn('--time', asked);
    if (type !== 'timestamp' && type !== 'date') throw assayError('E_INIT_NOT_TIME', { table, column: asked, type });
    return asked;
  }
  const found = timeChoice(sample);
  if (found === undefined) return undefined;
  choices.push(`time: ${found.taken}${othersWords(found.others, '--time')}`);
  return found.taken;
}

function guessedTarget(sample: TableSample, time: string | undefined, table: string, choices: string[]): string {
  const found = targetChoice(sample, time);
  if (found === undefined) throw assayError('E_INIT_TARGET', { table, candidates: targetCandidates(sample, time) });
  choices.push(`target: ${found.taken}${othersWords(found.others, '--target')}`);
  return found.taken;
}

interface IdSearch {
  readonly engine: Engine;
  readonly dataset: OpenDataset;
  readonly sample: TableSample;
  readonly target: string;
  readonly time: string | undefined;
  readonly table: string;
}

async function guessedId(
  { engine, dataset, sample, target, time, table }: IdSearch,
  choices: string[],
): Promise<readonly string[]> {
  for (const names of idChoices(sample, target, time)) {
    if (!(await tellsApart(engine, dataset, names, target))) continue;
    choices.push(`id: ${names.join(', ')} (--id says otherwise)`);
    return names;
  }
  throw assayError('E_INIT_ID', { table, tried: [] });
}

function othersWords(others: readonly string[], flag: string): string {
  return others.length === 0
    ? ''
    : `; ${flag} takes another: ${others.slice(0, 6).join(', ')}${others.length > 6 ? ', …' : ''}`;
}

/** Whether every labelled row has these columns, and no two have the same. */
async function tellsApart(
  engine: Engine,
  { source }: OpenDataset,
  names: readonly string[],
  target: string,
): Promise<boolean> {
  const labelled = not(isNull(column(target)));
  const columns = names.map(column);
  const aggregates = {
    rows: count(labelled),
    different: countDistinct(columns, labelled),
    without: count(or(...columns.map(isNull))),
  };
  const [row] = await engine.aggregate(source, { aggregates });
  return row !== undefined && row.rows === row.different && row.without === 0;
}

async function valuesOf(
  engine: Engine,
  { source }: OpenDataset,
  { name, type, values: sampled }: ColumnFacts,
): Promise<readonly TargetValue[] | undefined> {
  if (sampled === undefined || sampled.length > MOST_VALUES) return undefined;
  const rows = await engine.aggregate(source, {
    aggregates: { rows: count() },
    groupBy: { value: call('text', column(name)) },
  });
  const found = rows.flatMap(({ value, rows: number }) =>
    value === null ? [] : [{ value: type === 'float' ? String(Number(value)) : String(value), rows: Number(number) }],
  );
  return found.length > MOST_VALUES ? undefined : found.sort((a, b) => (a.value < b.value ? -1 : 1));
}

async function timeFacts(
  engine: Engine,
  { source }: OpenDataset,
  name: string,
  target: string,
): Promise<TimeFacts | undefined> {
  const time = column(name);
  const [row] = await engine.aggregate(source, {
    aggregates: {
      oldest: min(time),
      newest: max(time),
      newestLabelled: max(time, not(isNull(column(target)))),
      days: countDistinct([call('day', time)], not(isNull(time))),
    },
  });
  const { oldest, newest, newestLabelled, days } = row ?? {};
  if (typeof oldest !== 'number' || typeof newest !== 'number' || typeof days !== 'number') return undefined;
  return { oldest, newest, days, newestLabelled: typeof newestLabelled === 'number' ? newestLabelled : newest };
}
