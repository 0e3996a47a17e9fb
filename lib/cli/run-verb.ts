import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { canonicalJson } from '../canonical-json.ts';
import type { Answer } from '../commands/answer.ts';
import type { Context } from '../commands/context.ts';
import { createContext } from '../commands/create-context.ts';
import type { ErrorOutput } from '../commands/error-output.ts';
import { AssayError, assayError, messageOf, oneLine } from '../errors.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { withoutPasswords } from '../plain-address.ts';
import { silentLog } from '../ports.ts';
import type { Project } from '../project/project.ts';
import { toTerminal } from '../report/formats/terminal.ts';
import { terminalText } from '../report/formats/terminal-escape.ts';
import { catalogued } from '../system-refusal.ts';
import type { Environment } from '../train/user-environment.ts';
import { gitIdentity } from './identity.ts';
import { type Streams, terminalLine, terminalLog, terminalProgress, userLine } from './terminal-ports.ts';

/** Columns of a terminal that does not tell its own, and of a file. */
const DEFAULT_WIDTH = 100;

/** What the process gives the CLI: nothing below reads it from anywhere else. */
export interface Process {
  readonly cwd: string;
  readonly env: Environment;
  readonly streams: Streams;
  /** Columns of the terminal, where there is one. */
  readonly columns: number | undefined;
  /** Standard output is a terminal. */
  readonly interactive: boolean;
  readonly wasmFolder: string | undefined;
  readonly resolveInstalled: (specifier: string) => string;
}

/** Options that every verb has. */
export interface CommonOptions {
  readonly project: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly details: boolean;
  /** Nothing but errors on the terminal; `--json` prints its document all the same. */
  readonly quiet?: boolean;
  readonly remote: string;
  readonly html?: string | undefined;
}

/** An answer that may have a text of its own for standard output, in place of its blocks. */
export interface CliAnswer extends Answer {
  readonly text?: string;
}

/** Runs one verb and shows its answer; an error becomes two lines and its exit code, never a stack. */
export async function runVerb(
  process: Process,
  options: CommonOptions,
  body: (context: Context, project: () => Promise<Project>) => Promise<CliAnswer>,
): Promise<ExitCode> {
  const { streams, cwd, env } = process;
  const { quiet = false } = options;
  const root = resolve(cwd, options.project);
  const line = terminalLine(streams);
  try {
    const context = createContext({
      root,
      env,
      log: quiet ? silentLog : terminalLog(streams, line, { quiet: options.json, verbose: options.verbose }),
      progress: terminalProgress(streams, line, options.json || quiet),
      userLine: userLine(streams, line, options.json || quiet),
      defaultStore: 'folder',
      actor: () => gitIdentity(root, env),
      remote: options.remote,
      wasmFolder: process.wasmFolder,
      resolveInstalled: process.resolveInstalled,
    });
    const answer = await body(context, async () => (await import('../project/project.ts')).loadProject(root));
    if (options.html !== undefined && answer.html !== undefined)
      await writeReport(resolve(cwd, options.html), answer.html);
    line.clear();
    show(process, options, answer);
    return answer.exitCode;
  } catch (error) {
    line.clear();
    return showError(process, options, error);
  }
}

/** A terminal that shows control sequences instead of doing what they say. Source: terminfo(5), the entry `dumb`. */
function isDumb({ TERM }: Environment): boolean {
  return TERM === 'dumb';
}

async function writeReport(path: string, html: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, html);
  } catch (error) {
    throw assayError('E_REPORT_WRITE', { path, reason: messageOf(error) }, error);
  }
}

function show(process: Process, options: CommonOptions, { document, blocks, text, error }: CliAnswer): void {
  const { streams, columns, interactive, env } = process;
  if (options.json) {
    streams.out.write(`${canonicalJson(document)}\n`);
    return;
  }
  if (options.quiet === true) {
    if (error !== undefined) showError(process, options, error);
    return;
  }
  if (text !== undefined) {
    streams.out.write(text.endsWith('\n') ? text : `${text}\n`);
    return;
  }
  const colour = interactive && !isDumb(env) && (env.NO_COLOR ?? '') === '';
  streams.out.write(`${toTerminal(blocks, { width: columns ?? DEFAULT_WIDTH, colour, details: options.details })}\n`);
}

/** Two lines: what and where, then the fix. Anything that is not from the catalogue is a defect of ours. */
export function showError(
  { streams }: Pick<Process, 'streams'>,
  options: Pick<CommonOptions, 'json' | 'verbose'>,
  thrown: unknown,
): ExitCode {
  const error = catalogued(thrown);
  const known = error instanceof AssayError;
  const output: ErrorOutput = {
    schema: 'assay/error/1',
    code: known ? error.code : 'E_INTERNAL',
    message: oneLine(messageOf(error)),
    fix: known ? error.fix : 'This is a defect of Assay: please report it with the output of --verbose.',
  };
  if (options.json) streams.out.write(`${canonicalJson(output)}\n`);
  else
    streams.err.write(
      `error: ${terminalText(output.message, 4_000)} (${output.code})\n  fix: ${terminalText(output.fix, 4_000)}\n`,
    );
  if (options.verbose) streams.err.write(`${causes(error)}\n`);
  return known ? error.exitCode : EXIT_CODE.internal;
}

function causes(error: unknown): string {
  const lines: string[] = [];
  for (let current: unknown = error; current !== undefined && lines.length < 10; ) {
    lines.push(current instanceof Error ? (current.stack ?? current.message) : String(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  return lines
    .map((line) =>
      line
        .split('\n')
        .map((one) => terminalText(withoutPasswords(one), 4_000))
        .join('\n'),
    )
    .join('\ncaused by: ');
}
