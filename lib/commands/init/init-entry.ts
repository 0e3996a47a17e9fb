import { readFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { z } from 'zod';
import { containedPath } from '../../contained-path.ts';
import { AssayError } from '../../errors.ts';
import { commandArguments } from '../../process.ts';
import { parseYamlDocument } from '../../project/yaml-document.ts';

/** A command that a repository trains or predicts with. */
export interface FoundCommand {
  /** One line, as assay.yaml has it. */
  readonly command: string;
  /** Where it was found: `train.py`, `dvc.yaml`, `MLproject`. */
  readonly source: string;
  /** Its script reads what Assay tells a command (ASSAY_SPEC, ASSAY_DATA, ASSAY_OUTPUT). */
  readonly speaks: boolean;
}

export interface FoundEntries {
  readonly train?: FoundCommand;
  readonly predict?: FoundCommand;
  /** Lock file of the environment that these commands run in. */
  readonly lock?: string;
  /** Shell command that prepares that environment in a job; relative to the folder of the lock file. */
  readonly setup?: string;
}

const FOLDERS = ['', 'src', 'scripts', 'ml', 'model', 'pipeline'];
const TRAIN = ['train', 'training', 'train_model', 'fit'];
const PREDICT = ['predict', 'predict_model', 'score', 'inference', 'infer'];
/** Programs by the ending of what they run. */
const PROGRAMS: readonly (readonly [string, string])[] = [
  ['.py', 'python'],
  ['.R', 'Rscript'],
  ['.mjs', 'node'],
  ['.js', 'node'],
  ['.jl', 'julia'],
];
const LOCKS: readonly (readonly [string, string | undefined])[] = [
  ['requirements.txt', 'pip install -r requirements.txt'],
  ['uv.lock', undefined],
  ['poetry.lock', undefined],
  ['renv.lock', undefined],
  ['package-lock.json', 'npm ci'],
];

/** Bytes of a script or of a pipeline file that are read. */
const MAX_BYTES = 1_000_000;

/** Looks for the commands that a repository trains and predicts with: scripts by name, DVC's stages, MLflow's project. */
export async function findEntries(root: string): Promise<FoundEntries> {
  const scripts = async (names: readonly string[]) => firstScript(root, names);
  const declared = [...(await stagesOf(root)), ...(await entryPointsOf(root))];
  const choose = async (names: readonly string[], kind: RegExp): Promise<FoundCommand | undefined> => {
    const candidates: FoundCommand[] = [];
    const script = await scripts(names);
    if (script !== undefined) candidates.push(script);
    for (const { name, command, source } of declared) {
      if (kind.test(name)) candidates.push({ command, source, speaks: await commandSpeaks(root, command) });
    }
    return candidates.find(({ speaks }) => speaks) ?? candidates[0];
  };
  const train = await choose(TRAIN, /train|^fit|^main$/i);
  const predict = await choose(PREDICT, /predict|score|infer/i);
  const lock = await firstLock(root);
  return { ...(train === undefined ? {} : { train }), ...(predict === undefined ? {} : { predict }), ...lock };
}

/** Whether a script that a command names reads what Assay tells it. */
export async function commandSpeaks(root: string, command: string): Promise<boolean> {
  for (const word of commandArguments(command)) {
    const text = PROGRAMS.some(([ending]) => word.endsWith(ending)) ? await textOf(root, word) : undefined;
    if (text !== undefined && /ASSAY_(SPEC|DATA|OUTPUT)/.test(text)) return true;
  }
  return false;
}

async function firstScript(root: string, names: readonly string[]): Promise<FoundCommand | undefined> {
  for (const folder of FOLDERS) {
    for (const name of names) {
      for (const [ending, program] of PROGRAMS) {
        const path = posix.join(folder, `${name}${ending}`);
        if ((await textOf(root, path)) === undefined) continue;
        const command = `${program} ${path}`;
        return { command, source: path, speaks: await commandSpeaks(root, command) };
      }
    }
  }
  return undefined;
}

interface Declared {
  readonly name: string;
  readonly command: string;
  readonly source: string;
}

const DvcYaml = z.looseObject({
  stages: z.record(z.string(), z.looseObject({ cmd: z.unknown().optional() })).nullish(),
});

/** Stages of dvc.yaml with one command of one line, without templates. */
async function stagesOf(root: string): Promise<Declared[]> {
  const parsed = DvcYaml.safeParse(await yamlOf(root, 'dvc.yaml'));
  return Object.entries((parsed.success && parsed.data.stages) || {}).flatMap(([name, { cmd }]) =>
    typeof cmd === 'string' && isOneCommand(cmd) && !/\$\{/.test(cmd)
      ? [{ name, command: cmd, source: 'dvc.yaml' }]
      : [],
  );
}

const MlProject = z.looseObject({
  entry_points: z
    .record(z.string(), z.looseObject({ command: z.string(), parameters: z.record(z.string(), z.unknown()).nullish() }))
    .nullish(),
});

/** Entry points of MLflow's project file, each parameter at its default. */
async function entryPointsOf(root: string): Promise<Declared[]> {
  const parsed = MlProject.safeParse(await yamlOf(root, 'MLproject'));
  return Object.entries((parsed.success && parsed.data.entry_points) || {}).flatMap(
    ([name, { command, parameters }]) => {
      const filled = command.replace(/\{(\w+)\}/g, (whole, key: string) => defaultOf(parameters?.[key]) ?? whole);
      return isOneCommand(filled) && !/[{}]/.test(filled)
        ? [{ name, command: filled.trim(), source: 'MLproject' }]
        : [];
    },
  );
}

function defaultOf(parameter: unknown): string | undefined {
  const value =
    typeof parameter === 'object' && parameter !== null && 'default' in parameter ? parameter.default : parameter;
  return typeof value === 'number' || (typeof value === 'string' && /^[\w./-]+$/.test(value))
    ? String(value)
    : undefined;
}

/** No shell runs it, so nothing that only a shell understands. */
function isOneCommand(command: string): boolean {
  return command.trim() !== '' && !/[\n|&;<>$`]/.test(command.trim());
}

async function firstLock(root: string): Promise<Pick<FoundEntries, 'lock' | 'setup'>> {
  for (const [lock, setup] of LOCKS) {
    if ((await textOf(root, lock)) !== undefined) return { lock, ...(setup === undefined ? {} : { setup }) };
  }
  return {};
}

async function yamlOf(root: string, file: string): Promise<unknown> {
  const text = await textOf(root, file);
  if (text === undefined) return undefined;
  try {
    return parseYamlDocument(text, file).value;
  } catch (error) {
    // A broken file of another tool is that tool's to tell.
    if (error instanceof AssayError) return undefined;
    throw error;
  }
}

/** The text of a file of the repository; undefined where there is none, or one too large to be a script. */
async function textOf(root: string, path: string): Promise<string | undefined> {
  try {
    const file = await containedPath(root, path);
    const info = await stat(file);
    return info.isFile() && info.size <= MAX_BYTES ? await readFile(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
