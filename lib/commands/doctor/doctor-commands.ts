import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { containedPath } from '../../contained-path.ts';
import { commandArguments } from '../../process.ts';
import type { Project } from '../../project/project.ts';
import type { Context } from '../context.ts';
import { findingsOf } from './doctor-finding.ts';
import type { Finding } from './doctor-output.ts';

const { ok, fail } = findingsOf('commands');

/** A word of a command that names a script of the repository. */
const SCRIPT = /^[^-=].*\.(py|R|mjs|cjs|js|ts|jl|sh|rb)$/;

/** Whether the programs, scripts and lock files of train and predict commands are there. Starts none of them. */
export async function commandFindings(context: Context, project: Project): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, { train, predict }] of Object.entries(project.config.models)) {
    if (!('run' in train)) continue;
    for (const [role, command] of [
      ['train', train.run] as const,
      ...(predict === undefined ? [] : [['predict', predict] as const]),
    ]) {
      findings.push(await commandFinding(context, `${name}.${role}`, commandArguments(command)));
    }
    for (const lock of train.lock ?? []) {
      if (await isFile(context.root, lock)) continue;
      findings.push(
        fail(`${name}.train`, `the lock file ${lock} is not here`, `Correct models.${name}.train.lock in assay.yaml.`),
      );
    }
  }
  return findings;
}

async function commandFinding(context: Context, subject: string, words: readonly string[]): Promise<Finding> {
  const [program = '', ...rest] = words;
  if (!(await canBeStarted(context, program))) {
    return fail(
      subject,
      `the program ${program} is not on the PATH`,
      `Install ${program}, or correct the command in assay.yaml.`,
    );
  }
  for (const word of rest) {
    // Behind a shell's -c stands its text, and no file.
    if (rest.includes('-c')) break;
    if (SCRIPT.test(word) && !/\s/.test(word) && !(await isFile(context.root, word))) {
      return fail(
        subject,
        `${word} is not here`,
        'Correct the command in assay.yaml, or write the script (docs/guides/user-commands.md).',
      );
    }
  }
  return ok(subject, `${program} is there`);
}

/** As a process is started without a shell: a path from the project's folder, else the PATH. */
async function canBeStarted({ root, environment }: Context, program: string): Promise<boolean> {
  if (program === '') return false;
  const places = /[\\/]/.test(program)
    ? [join(program.startsWith('/') ? '' : root, program)]
    : (environment.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  for (const place of places) {
    if (
      await access(place, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}

async function isFile(root: string, path: string): Promise<boolean> {
  try {
    return (await stat(path.startsWith('/') ? path : await containedPath(root, path))).isFile();
  } catch {
    return false;
  }
}
