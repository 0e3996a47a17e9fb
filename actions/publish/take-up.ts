import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readEvaluationFile } from '../../lib/commands/read-evaluation.ts';
import { type AssayError, assayError } from '../../lib/errors.ts';
import type { Evaluation } from '../../lib/report/evaluation.ts';
import type { ActionContext } from '../action-context.ts';
import { optional, required } from '../io.ts';

/** Characters of what another job says of its end: a sentence and its fix. */
const JOB_ERROR_CHARACTERS = 1_000;

/**
 * The evaluation that the computing job left. Throws E_NOT_EVALUATED when it left none, E_DOCUMENT when it cannot be
 * believed.
 */
export async function takeUpEvaluation({ workspace }: ActionContext): Promise<Evaluation> {
  const file = required('evaluation');
  try {
    await access(resolve(workspace, file));
  } catch (error) {
    throw nothingLeft(error);
  }
  return readEvaluationFile(workspace, file);
}

/** What is known of a job that left no file: its own error, else how it ended. Both are words of another job. */
function nothingLeft(cause: unknown): AssayError {
  const error = optional('job-error')?.slice(0, JOB_ERROR_CHARACTERS);
  if (error !== undefined)
    return assayError('E_NOT_EVALUATED', { reason: `the job that evaluates stopped: ${error}` }, cause);
  const result = optional('job-result');
  const reason =
    result === undefined || result === 'success'
      ? 'the file of the job that evaluates did not arrive'
      : `the job that evaluates ended before there was an evaluation (${result})`;
  return assayError('E_NOT_EVALUATED', { reason }, cause);
}
