import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { Answer } from '../lib/commands/answer.ts';
import { TOOL_VERSION } from '../lib/commands/tool-version.ts';
import { canonicalFile } from '../lib/digest.ts';
import { AssayError, messageOf, oneLine } from '../lib/errors.ts';
import { EXIT_CODE } from '../lib/exit-code.ts';
import type { CheckAnnotation } from '../lib/report/check-runs.ts';
import { plainText } from '../lib/report/span.ts';
import { untrustedLogLine } from '../lib/report/untrusted-log.ts';
import type { Environment } from '../lib/train/user-environment.ts';
import { type ActionContext, actionContext } from './action-context.ts';
import { resultOutput, summaryText } from './within-limits.ts';

/** What an action leaves behind: the verb's answer, and what only a workflow shows. */
export interface ActionAnswer extends Answer {
  /** Scalars for later steps; `verdict`, `sentence` and `result` (the document as JSON) are always there. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** For the pull request's "Files changed". */
  readonly annotations?: readonly CheckAnnotation[];
  /** Name of the file in the output folder that the document is written to, for the job that publishes. */
  readonly file?: string;
  /** What that file holds, where it is more than may be shown here. */
  readonly handedOver?: unknown;
  /** Documents that go with it, in files of the same folder; each name is that of the output with its path. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

/** The bundle's folder, set by its entry; undefined when actions run from source. */
let bundleFolder: string | undefined;
export function setBundleFolder(folder: string): void {
  bundleFolder = folder;
}

/**
 * Runs one action: its answer becomes outputs, job summary, annotations and the step's fate. A verdict of `fail` fails
 * the step and `inconclusive` does not (design §2); an error fails it with two lines, what and the fix.
 */
export async function runAction(name: string, body: (action: ActionContext) => Promise<ActionAnswer>): Promise<void> {
  core.info(`assay ${TOOL_VERSION}: ${name}`);
  const env = environment();
  try {
    const action = await actionContext(env, bundleFolder);
    const answer = await body(action);
    for (const { path, startLine, title, message, level } of answer.annotations ?? []) {
      const place = { file: path, startLine, title };
      if (level === 'failure') core.error(message, place);
      else core.warning(message, place);
    }
    await leaveBehind(action, answer);
    conclude(answer);
  } catch (error) {
    fail(error);
  }
}

function environment(): Environment {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

async function leaveBehind({ outputFolder, env }: ActionContext, answer: ActionAnswer): Promise<void> {
  await mkdir(outputFolder, { recursive: true });
  if (answer.file !== undefined) {
    const path = join(outputFolder, answer.file);
    await writeFile(path, canonicalFile(answer.handedOver ?? answer.document));
    core.setOutput('file', path);
  }
  for (const [name, document] of Object.entries(answer.beside ?? {})) {
    const path = join(outputFolder, `${name}.json`);
    await writeFile(path, canonicalFile(document));
    core.setOutput(name, path);
  }
  if (answer.html !== undefined) {
    const path = join(outputFolder, 'report.html');
    await writeFile(path, answer.html);
    core.setOutput('report', path);
  }
  for (const [key, value] of Object.entries(answer.outputs ?? {})) core.setOutput(key, value);
  core.setOutput('result', resultOutput(answer.document));
  const summary = summaryText(answer.blocks);
  if (summary !== '' && env.GITHUB_STEP_SUMMARY !== undefined) await core.summary.addRaw(summary, true).write();
}

function conclude({ verdict, blocks, exitCode }: ActionAnswer): void {
  core.setOutput('verdict', verdict);
  const sentence = sentenceOf(blocks) ?? verdict;
  core.setOutput('sentence', sentence);
  if (verdict === 'fail' || verdict === 'error') core.setFailed(oneLine(sentence));
  else if (verdict === 'inconclusive') core.warning(oneLine(sentence));
  else core.info(oneLine(sentence));
  if (verdict === 'error' && exitCode !== EXIT_CODE.yes) process.exitCode = exitCode;
}

/** The verdict's own block, else what the answer begins with. */
function sentenceOf(blocks: ActionAnswer['blocks']): string | undefined {
  for (const block of blocks) if (block.kind === 'verdict') return `${block.lead}: ${plainText(block.text)}`;
  const [first] = blocks;
  return first?.kind === 'paragraph' ? plainText(first.text) : undefined;
}

function fail(error: unknown): void {
  core.setOutput('verdict', 'error');
  if (!(error instanceof AssayError)) {
    // Its message may quote anything: it is for the log alone.
    core.setOutput('sentence', 'Assay itself failed (E_INTERNAL)');
    core.setFailed(`${oneLine(messageOf(error))} (E_INTERNAL)`);
    core.info('This is a defect of Assay: please report it with this log.');
    // Its message may quote a file's text, line by line.
    if (error instanceof Error) for (const line of (error.stack ?? '').split('\n')) core.info(untrustedLogLine(line));
    process.exitCode = 4;
    return;
  }
  const sentence = `${error.message} (${error.code}). ${error.fix}`;
  core.setOutput('sentence', sentence);
  core.setFailed(sentence);
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) core.debug(cause.message);
  process.exitCode = error.exitCode;
}
