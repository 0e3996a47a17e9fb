import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { Answer } from '../lib/commands/answer.ts';
import { TOOL_VERSION } from '../lib/commands/tool-version.ts';
import { canonicalFile } from '../lib/digest.ts';
import { AssayError, assayError, messageOf } from '../lib/errors.ts';
import { EXIT_CODE } from '../lib/exit-code.ts';
import { plainText } from '../lib/report/blocks/span.ts';
import { untrustedLogLine } from '../lib/report/formats/untrusted-log.ts';
import type { CheckAnnotation } from '../lib/report/pages/check-runs.ts';
import { makeFolders } from '../lib/stores/bytes/make-folders.ts';
import { catalogued } from '../lib/system-refusal.ts';
import type { Environment } from '../lib/train/user-environment.ts';
import { type ActionContext, actionContext } from './action-context.ts';
import { logText } from './io.ts';
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
  const keep = async (output: string, file: string, text: string) => {
    const path = join(outputFolder, file);
    try {
      makeFolders(outputFolder);
      await writeFile(path, text);
    } catch (error) {
      throw assayError('E_ACTION_OUTPUT', { path, reason: messageOf(error) }, error);
    }
    setOutput(output, path);
  };
  if (answer.file !== undefined) await keep('file', answer.file, canonicalFile(answer.handedOver ?? answer.document));
  for (const [name, document] of Object.entries(answer.beside ?? {})) {
    await keep(name, `${name}.json`, canonicalFile(document));
  }
  if (answer.html !== undefined) await keep('report', 'report.html', answer.html);
  for (const [key, value] of Object.entries(answer.outputs ?? {})) setOutput(key, value);
  setOutput('result', resultOutput(answer.document));
  await summarize(env, answer);
}

/** @throws E_ACTION_OUTPUT */
function setOutput(name: string, value: string): void {
  try {
    core.setOutput(name, value);
  } catch (error) {
    throw assayError('E_ACTION_OUTPUT', { path: `the output "${name}"`, reason: messageOf(error) }, error);
  }
}

/** A summary is for the eye: where it cannot be written, what was done is done all the same. */
async function summarize({ GITHUB_STEP_SUMMARY: file = '' }: Environment, { blocks }: ActionAnswer): Promise<void> {
  const summary = summaryText(blocks);
  if (summary === '' || file === '') return;
  try {
    await core.summary.addRaw(summary, true).write();
  } catch (error) {
    core.warning(logText(`the job summary cannot be written: ${messageOf(error)}`));
  }
}

function conclude({ verdict, blocks, exitCode, error }: ActionAnswer): void {
  setOutput('verdict', verdict);
  const sentence = logText(sentenceOf(blocks) ?? verdict);
  setOutput('sentence', sentence);
  const told = error === undefined ? sentence : `${sentence}. ${logText(error.fix)}`;
  if (verdict === 'fail' || verdict === 'error') core.setFailed(told);
  else if (verdict === 'inconclusive') core.warning(sentence);
  else core.info(untrustedLogLine(sentence));
  if (verdict === 'error' && exitCode !== EXIT_CODE.yes) process.exitCode = exitCode;
}

/** The verdict's own block, else what the answer begins with. */
function sentenceOf(blocks: ActionAnswer['blocks']): string | undefined {
  for (const block of blocks) if (block.kind === 'verdict') return `${block.lead}: ${plainText(block.text)}`;
  const [first] = blocks;
  return first?.kind === 'paragraph' ? plainText(first.text) : undefined;
}

function fail(thrown: unknown): void {
  const error = catalogued(thrown);
  if (!(error instanceof AssayError)) {
    // Its message may quote anything: it is for the log alone.
    sayFailed('Assay itself failed (E_INTERNAL)');
    core.setFailed(`${logText(messageOf(error))} (E_INTERNAL)`);
    core.info('This is a defect of Assay: please report it with this log.');
    // Its message may quote a file's text, line by line.
    if (error instanceof Error) for (const line of (error.stack ?? '').split('\n')) core.info(untrustedLogLine(line));
    process.exitCode = EXIT_CODE.internal;
    return;
  }
  const sentence = `${logText(error.message)} (${error.code}). ${logText(error.fix)}`;
  sayFailed(sentence);
  core.setFailed(sentence);
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) core.debug(logText(cause.message));
  process.exitCode = error.exitCode;
}

/** That outputs cannot be written may be the very failure: then the log alone has it. */
function sayFailed(sentence: string): void {
  try {
    core.setOutput('verdict', 'error');
    core.setOutput('sentence', sentence);
  } catch (error) {
    core.debug(logText(messageOf(error)));
  }
}
