import { relative } from 'node:path';
import { AssayError, assayError, messageOf } from '../../errors.ts';
import { topFolder } from '../../git/status.ts';
import type { ModelConfig, ProjectConfig } from '../../project/config.ts';
import { PROJECT_FILE, type Project, parseProject } from '../../project/project.ts';
import { renderProject } from '../../project/render-project.ts';
import type { Context } from '../context.ts';
import { projectFolders } from '../open-dataset.ts';
import { marginReach } from '../simulate/margin-reach.ts';
import { dataWarnings } from './init-data.ts';
import { type FoundEntries, findEntries } from './init-entry.ts';
import { existingText, putFile } from './init-files.ts';
import { datasetName } from './init-names.ts';
import type { InitFile, InitOutput } from './init-output.ts';
import { type AskedModel, type ChosenPlan, planProject } from './init-plan.ts';
import { type AskedColumns, type ReadTable, readTable } from './init-table.ts';
import { type FoundTable, type FoundTables, findTables, isHoldoutName } from './init-tables.ts';
import { initWorkflow } from './init-workflow.ts';

export interface InitRequest extends AskedColumns, AskedModel {
  /** Path, glob or folder of the data, relative to the project's folder. */
  readonly data?: string | undefined;
  /** The same of labelled rows that nothing is trained on. */
  readonly holdout?: string | undefined;
  /** Write files anew that are here. */
  readonly force: boolean;
  /** Write nothing. */
  readonly dryRun: boolean;
}

/** Tables that are opened to find one that can be learned from. */
const MOST_TABLES = 8;

/** Errors of one table that another table may not have. */
const NEXT_TABLE = /^E_(INIT_(TARGET|COLUMN|TIME|ID|TASK)|TABLE_)/;

/**
 * Writes assay.yaml and the workflow from what the repository holds: its tables, their columns, its commands. A file that
 * is here stays; an assay.yaml that stays is what the workflow is made from. Runs no code of the repository. Says which
 * margins the data cannot reach. Throws E_INIT_*, E_PROJECT_*, E_TABLE_*, and what pointers throw.
 */
export async function init(context: Context, request: InitRequest): Promise<InitOutput> {
  const { root } = context;
  const present = await existingText({ root, path: PROJECT_FILE });
  if (present !== undefined && !request.force && saysSomething(request)) {
    throw assayError('E_INIT_EXISTS', { file: PROJECT_FILE });
  }
  const entries = await findEntries(root);
  const chosen = present === undefined || request.force ? await choose(context, request, entries) : undefined;
  const text = chosen === undefined ? (present ?? '') : renderProject(chosen.plan);
  const project = parseProject(text, root);
  const top = await topFolder(context.git).catch(noRepository);
  const workflow = top === undefined ? undefined : await initWorkflow(context, project, top, entries);
  const shown = top === undefined ? PROJECT_FILE : relative(top, `${root}/${PROJECT_FILE}`).replaceAll('\\', '/');
  // assay.yaml last: it makes the folder a project, and is not there before all of the rest is.
  const workflows: InitFile[] = [];
  for (const file of workflow?.files ?? []) workflows.push(await putFile(file, request));
  const files = [await putFile({ root, path: PROJECT_FILE, shown, text }, request), ...workflows];
  const reach = await reachWarnings(context, project);
  return {
    schema: 'assay/init/1',
    files,
    models: Object.entries(project.config.models).map(([name, model]) => modelFacts(project, name, model)),
    choices: [...(chosen?.choices ?? []), ...(workflow?.choices ?? [])],
    warnings: [
      ...(chosen?.warnings ?? []),
      ...(await dataWarnings(context, project)),
      ...(top === undefined
        ? ['this is no git repository: without one there is no workflow, no registry and no version']
        : []),
      ...reach.warnings,
    ],
    next:
      nextStep(files, top !== undefined) + (reach.next === undefined ? '' : `; to reach the margins: ${reach.next}`),
  };
}

/** Whether the request says anything of what assay.yaml is to hold. */
function saysSomething({ force: _force, dryRun: _dryRun, ...said }: InitRequest): boolean {
  return Object.values(said).some((value) => value !== undefined);
}

async function choose(context: Context, request: InitRequest, entries: FoundEntries): Promise<ChosenPlan> {
  const found = await findTables(context.root);
  const tables = request.data === undefined ? trainable(found, request) : [tableOf(request.data, found)];
  if (tables.length === 0) throw assayError('E_INIT_NO_DATA', { folder: context.root, cut: found.cut });
  const engine = await context.openEngine(
    projectFolders({ root: context.root, file: '', config: { data: {}, models: {} } }),
  );
  let first: AssayError | undefined;
  try {
    for (const table of tables.slice(0, MOST_TABLES)) {
      try {
        const project = projectOf(context.root, table, heldOut(table, found, request));
        const [name = '', held] = Object.keys(project.config.data);
        const read = await readTable(context, project, engine, name, request).catch((error: unknown) => {
          throw error instanceof AssayError && error.code === 'E_DATASET_NO_FILES'
            ? assayError('E_INIT_DATA', { path: table.path }, error)
            : error;
        });
        const apart =
          held === undefined || (read.time !== undefined && request.holdout === undefined) ? undefined : held;
        const other = apart === undefined ? undefined : await readHeld({ context, project, engine, name: apart, read });
        const plan = planProject(read, other, entries, request);
        return {
          ...plan,
          choices: [`data: ${table.path}${othersWords(table, tables)}`, ...read.choices, ...plan.choices],
        };
      } catch (error) {
        if (!(error instanceof AssayError) || !NEXT_TABLE.test(error.code)) throw error;
        first ??= error;
      }
    }
  } finally {
    await engine.close();
  }
  throw first ?? assayError('E_INIT_NO_DATA', { folder: context.root, cut: found.cut });
}

/** The same columns in the rows that are held out. */
function readHeld({
  context,
  project,
  engine,
  name,
  read,
}: {
  readonly context: Context;
  readonly project: Project;
  readonly engine: Parameters<typeof readTable>[2];
  readonly name: string;
  readonly read: ReadTable;
}): Promise<ReadTable> {
  const asked = { target: read.target.name, id: read.id, time: read.time?.column };
  return readTable(context, project, engine, name, asked);
}

/** Tables to learn from, the likeliest first; what is held out is none of them where others are there. */
function trainable({ tables }: FoundTables, { holdout }: InitRequest): readonly FoundTable[] {
  const others = tables.filter(({ path }) => path !== holdout && !isHoldoutName(path));
  return others.length > 0 ? others : tables.filter(({ path }) => path !== holdout);
}

function tableOf(path: string, { tables }: FoundTables): FoundTable {
  return tables.find((one) => one.path === path) ?? { path, files: [], bytes: 0, pointer: false };
}

/** Rows that a person, or their name, sets apart: `test.csv` beside `train.csv`. */
function heldOut(table: FoundTable, { tables }: FoundTables, { holdout }: InitRequest): FoundTable | undefined {
  if (holdout !== undefined) return { path: holdout, files: [], bytes: 0, pointer: false };
  return tables.find(({ path }) => path !== table.path && isHoldoutName(path));
}

/** A project of tables alone, for what opens datasets. */
function projectOf(root: string, table: FoundTable, held: FoundTable | undefined): Project {
  const name = datasetName(table.path);
  const other = held === undefined ? '' : datasetName(held.path);
  const data: ProjectConfig['data'] = { [name]: { path: [table.path], label_delay: 0 } };
  if (held !== undefined) data[other === name ? `${name}-holdout` : other] = { path: [held.path], label_delay: 0 };
  return { root, file: PROJECT_FILE, config: { data, models: {} } };
}

function othersWords(taken: FoundTable, tables: readonly FoundTable[]): string {
  const others = tables.filter((one) => one !== taken).map(({ path }) => path);
  return others.length === 0
    ? ''
    : `; --data takes another: ${others.slice(0, 4).join(', ')}${others.length > 4 ? ', …' : ''}`;
}

function noRepository(error: unknown): undefined {
  if (error instanceof AssayError && /^E_GIT_(NOT_A_REPOSITORY|MISSING)$/.test(error.code)) return undefined;
  throw error;
}

function modelFacts({ config }: Project, name: string, model: ModelConfig): InitOutput['models'][number] {
  const dataset = config.data[model.train.data];
  return {
    model: name,
    task: model.task,
    target: model.target,
    dataset: model.train.data,
    id: dataset?.id ?? [],
    ...(dataset?.time === undefined ? {} : { time: dataset.time }),
    primary: model.gate.primary,
    guardrails: model.gate.guardrails,
  };
}

/** What no margin can be met with, of every model. A holdout that cannot be read is told, and stops nothing. */
async function reachWarnings(context: Context, project: Project): Promise<{ warnings: string[]; next?: string }> {
  const warnings: string[] = [];
  let next: string | undefined;
  const names = Object.keys(project.config.models);
  const prefix = (name: string) => (names.length === 1 ? '' : `${name}: `);
  for (const name of names) {
    try {
      const reach = await marginReach(context, project, name);
      warnings.push(...reach.warnings.map((one) => `${prefix(name)}${one}`));
      next ??= reach.next;
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      warnings.push(`${prefix(name)}the holdout cannot be judged: ${messageOf(error)}`);
    }
  }
  return next === undefined ? { warnings } : { warnings, next };
}

function nextStep(files: readonly InitFile[], inGit: boolean): string {
  const changed = files.filter(({ state }) => state !== 'kept').map(({ path }) => path);
  if (!inGit) return 'git init, commit, and run assay init again: it writes the workflow then';
  if (changed.length === 0) return 'assay doctor says what is missing';
  return `read ${changed.join(', ')}, commit, then: assay train, assay evaluate-gate`;
}
