import { execFile } from 'node:child_process';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { Context } from '../../lib/commands/context.ts';
import { type ContextOptions, createContext } from '../../lib/commands/create-context.ts';
import { AssayError } from '../../lib/errors.ts';
import { type Git, openGit } from '../../lib/git/git.ts';
import { silentLog, silentProgress } from '../../lib/ports.ts';
import { loadProject } from '../../lib/project/project.ts';
import type { Environment } from '../../lib/train/user-environment.ts';
import { commitAll, GIT_ENV, newFolder, setIdentity, write } from '../git/repository.ts';
import { csv, rowsOf } from './days.ts';
import { predict, TRAIN } from './train/user-code.ts';

/** What every process of these tests runs in: a PATH, no home, no user's git configuration. */
export const ENVIRONMENT: Environment = Object.fromEntries(
  Object.entries(GIT_ENV).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
);

/** The same node as the tests': a user's command needs no Python here. */
export const NODE = process.execPath;

/** A weight of the user's model by feature; the best is the one the data were made with. */
export const WEIGHTS = {
  good: { x: 1.5, z: 0.6 },
  weak: { x: 0.3, z: 0.6 },
  /** Knows `x` alone: a little worse than `good`, by how much a month of days cannot tell. */
  narrow: { x: 1.5, z: 0.25 },
} as const;

/** assay.yaml as data; a test changes what it is about. */
export interface Yaml {
  data: Record<string, Record<string, unknown>>;
  models: Record<string, Record<string, unknown>>;
  store?: string;
}

/** A model that a user's command trains and scores: two halves of a month of days each. */
export function commandYaml(changes: Readonly<Record<string, unknown>> = {}, train: Readonly<object> = {}): Yaml {
  return {
    data: { days: { path: 'data/days.csv', time: 'at', id: 'id', checks: 'checks.yaml' } },
    models: {
      late: {
        train: { run: [NODE, 'train.mjs'], data: 'days', parameters: WEIGHTS.good, ...train },
        predict: [NODE, 'predict.mjs'],
        target: 'late',
        holdout: { last: '60d' },
        gate: { primary: 'roc_auc', guardrails: ['log_loss'], slices: ['region'] },
        drift: { window: '14d' },
        ...changes,
      },
    },
    store: '../store',
  };
}

/** A model of the built-in trees: nothing but the data decides what it learns. */
export function treesYaml(changes: Readonly<Record<string, unknown>> = {}, train: Readonly<object> = {}): Yaml {
  const yaml = commandYaml(changes, {});
  const { predict: _none, ...late } = yaml.models.late ?? {};
  const parameters = { max_iter: 20, learning_rate: 0.2, max_leaf_nodes: 6 };
  return {
    ...yaml,
    models: {
      late: { ...late, train: { trainer: 'trees', data: 'days', features: ['x', 'z'], parameters, ...train } },
    },
  };
}

export const CHECKS = `rows: { min: 100 }
unique: [id]
columns:
  x: { type: number, nulls: 0, min: -10, max: 10 }
  region: { in: [north, south] }
`;

/** The files of a user's repository. */
export function files(yaml: Yaml = commandYaml(), rows: readonly object[] = rowsOf()): Record<string, string> {
  return {
    'assay.yaml': stringify(yaml),
    'checks.yaml': CHECKS,
    'data/days.csv': csv(rows),
    'train.mjs': TRAIN,
    'predict.mjs': predict(),
    'README.md': 'A repository of a team.\n',
  };
}

/** A user's clone, its bare remote and its store, side by side in one folder. */
export interface Workspace {
  readonly folder: string;
  readonly root: string;
  readonly store: string;
  readonly git: Git;
  readonly remote: Git;
}

/** A clone with these files as its first commit, pushed to a bare remote beside it. */
export async function newWorkspace(contents: Readonly<Record<string, string>> = files()): Promise<Workspace> {
  const place = at(await newFolder());
  const { git, remote, root } = place;
  await write(root, contents);
  await write(join(place.folder, 'remote.git'), {});
  const outside = openGit(place.folder, { env: ENVIRONMENT });
  await outside.run(['init', '--quiet', '--bare', '--initial-branch=main', 'remote.git']);
  await outside.run(['init', '--quiet', '--initial-branch=main', 'clone']);
  await setIdentity(git);
  await git.run(['remote', 'add', 'origin', remote.folder]);
  await commitAll(git, {}, 'The model, its data and its gate');
  await git.run(['push', '--quiet', '--set-upstream', 'origin', 'main']);
  return place;
}

const copied = promisify(execFile);

/** A copy with remote, store and runs, to change at will. */
export async function copyOf(workspace: Pick<Workspace, 'folder'>): Promise<Workspace> {
  const folder = await newFolder();
  // A tenth of the time that fs.cp takes for some hundred small files.
  await copied('cp', ['-a', `${workspace.folder}/.`, folder]);
  const copy = at(folder);
  // By hand: every test begins here, and a process of git costs as much as the copy.
  const config = join(copy.root, '.git/config');
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace(/^\turl = .*\/remote\.git$/m, `\turl = ${copy.remote.folder}`));
  return copy;
}

function at(folder: string): Workspace {
  const root = join(folder, 'clone');
  const open = (path: string) => openGit(path, { env: ENVIRONMENT });
  return { folder, root, store: join(folder, 'store'), git: open(root), remote: open(join(folder, 'remote.git')) };
}

/** Writes files and commits them; returns the commit. Pushes nothing: nobody but this clone asks for the commit. */
export function commit(
  { git }: Workspace,
  contents: Readonly<Record<string, string>>,
  message = 'Change',
): Promise<string> {
  return commitAll(git, contents, message);
}

/** assay.yaml alone changed and committed. */
export function configure(workspace: Workspace, yaml: Yaml, message = 'Configure'): Promise<string> {
  return commit(workspace, { 'assay.yaml': stringify(yaml) }, message);
}

const { resolve: resolveInstalled } = createRequire(import.meta.url);

/** A day after the data's last: what the registry writes down as now. */
export const NOW = new Date('2024-05-01T12:00:00Z');

/** The context that CLI and actions make, with a fixed clock and nobody listening. */
export function contextOf(
  { root }: Pick<Workspace, 'root'>,
  options: Partial<ContextOptions> = {},
): Context & { readonly said: readonly string[] } {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const context = createContext({
    root,
    env: ENVIRONMENT,
    log: { ...silentLog, info: say, warning: say },
    progress: silentProgress,
    userLine: say,
    defaultStore: 'folder',
    actor: { name: 'Ada', email: 'ada@example.org' },
    clock: { now: () => NOW },
    resolveInstalled,
    ...options,
  });
  return { ...context, said };
}

/** Context and project as a verb gets them. */
export async function opened(workspace: Pick<Workspace, 'root'>, options: Partial<ContextOptions> = {}) {
  return { context: contextOf(workspace, options), project: await loadProject(workspace.root) };
}

/** The catalogued error that a promise fails with, as what a user reads; anything else is no error of ours. */
export async function errorOf(promise: Promise<unknown>): Promise<AssayError> {
  const thrown = await promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  );
  if (thrown instanceof AssayError) return thrown;
  throw new Error('not an error of the catalogue', { cause: thrown });
}

/** Everything below `.assay/runs`: finished runs, and what an unfinished one left. */
export async function runsIn({ root }: Pick<Workspace, 'root'>): Promise<string[]> {
  return (await readdir(join(root, '.assay/runs')).catch(() => [])).sort();
}

/** Changes one byte in the middle of a file, in place. */
export async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  await chmod(path, 0o644);
  await writeFile(path, bytes);
}
