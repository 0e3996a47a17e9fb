import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { assayError } from '../../errors.ts';
import type { Task } from '../../model/signature.ts';
import { commandArguments, runProcess } from '../../process.ts';
import type { Parameter } from '../../train/run-record.ts';
import { type Environment, predictEnvironment, trainEnvironment } from '../../train/user-environment.ts';
import type { Context } from '../context.ts';

/** What a train command is told, in the file that ASSAY_SPEC names and, the short ones, in variables of their own. */
export interface TrainSpec {
  readonly model: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly seed: number;
  /** The training rows, Parquet or CSV. */
  readonly data: string;
  readonly format: 'parquet' | 'csv';
  /** Folder for the model's files. */
  readonly output: string;
  readonly target: string;
  readonly id: readonly string[];
  readonly time: string | null;
  readonly columns: readonly string[];
}

/** What a predict command is told. */
export interface PredictSpec {
  /** Folder of the model's files. */
  readonly artifact: string;
  /** The rows to score, without the target. */
  readonly data: string;
  readonly format: 'parquet' | 'csv';
  /** CSV file to write: the id columns and those of `scores`. */
  readonly output: string;
  readonly id: readonly string[];
  readonly task: Task;
  /** Multiclass: the classes, in order. */
  readonly classes?: readonly string[];
  /** Quantile: the levels, ascending. */
  readonly levels?: readonly number[];
  /** The columns to write beside the ids: `score`, one `p_<class>` a class, or one `q_<level>` a level. */
  readonly scores: readonly string[];
}

/** A file of metrics that a train command may leave in its output folder. */
export const METRICS_FILE = 'metrics.json';

/** Metrics are numbers by name, nested names joined by a dot; anything else in the file is left alone. */
const Metrics = z.record(z.string().max(200), z.unknown());

/** Runs the user's train command. Throws E_COMMAND_*. */
export async function runTrainCommand(
  context: Context,
  command: string | readonly string[],
  cwd: string,
  work: string,
  spec: TrainSpec,
): Promise<void> {
  const env = { ...trainEnvironment(context.environment), ...(await specEnvironment(work, 'train.json', spec)) };
  await runProcess({
    title: 'the train command',
    command: commandArguments(command),
    cwd,
    env: {
      ...env,
      ASSAY_DATA: spec.data,
      ASSAY_OUTPUT: spec.output,
      ASSAY_SEED: String(spec.seed),
      ASSAY_TARGET: spec.target,
      ASSAY_PARAMETERS: JSON.stringify(spec.parameters),
    },
    onLine: context.userLine,
  });
}

/** Runs the user's predict command, in an environment without tokens. Throws E_COMMAND_*. */
export async function runPredictCommand(
  context: Context,
  command: readonly string[],
  cwd: string,
  work: string,
  spec: PredictSpec,
): Promise<void> {
  const env = { ...predictEnvironment(context.environment), ...(await specEnvironment(work, 'predict.json', spec)) };
  await runProcess({
    title: 'the predict command',
    command,
    cwd,
    env: { ...env, ASSAY_DATA: spec.data, ASSAY_MODEL: spec.artifact, ASSAY_OUTPUT: spec.output },
    onLine: context.userLine,
  });
  const written = await stat(spec.output).catch(() => undefined);
  if (written === undefined || written.size === 0) {
    throw assayError('E_COMMAND_NO_OUTPUT', { title: 'the predict command', path: spec.output });
  }
}

async function specEnvironment(work: string, name: string, spec: TrainSpec | PredictSpec): Promise<Environment> {
  await mkdir(work, { recursive: true });
  const path = join(work, name);
  await writeFile(path, `${JSON.stringify(spec, null, 2)}\n`);
  return { ASSAY_SPEC: path };
}

/** The numbers of the metrics file in `folder`, if there is one; a file that is no JSON object has none. */
export async function readMetrics(folder: string): Promise<Record<string, number>> {
  const text = await readFile(join(folder, METRICS_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  const parsed = Metrics.safeParse(value);
  return parsed.success ? flatNumbers(parsed.data, '') : {};
}

function flatNumbers(value: Readonly<Record<string, unknown>>, prefix: string): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const [name, one] of Object.entries(value)) {
    if (typeof one === 'number' && Number.isFinite(one)) numbers[prefix + name] = one;
    else if (typeof one === 'object' && one !== null && !Array.isArray(one)) {
      Object.assign(numbers, flatNumbers(one as Record<string, unknown>, `${prefix}${name}.`));
    }
  }
  return numbers;
}
