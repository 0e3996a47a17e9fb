import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compiledCode } from '../compiled-code.ts';
import { endedProcess } from '../e2e/fixtures/ended-process.ts';
import { fileCommands, workflowCommands } from '../e2e/fixtures/workflow-commands.ts';
import { newRepository } from '../git/repository.ts';
import { writeFiles } from '../pointers/checkout/work-data.ts';

const ENTRY = join(import.meta.dirname, '..', '..', 'actions', 'entry.ts');

/** A repository with nothing to bring, so that a step has only its surroundings to fail on. */
async function workspace(): Promise<string> {
  const { folder } = await newRepository();
  writeFiles(folder, { '.dvc/config': '', 'notes.txt': 'x' });
  return folder;
}

/** Runs pull-data from source, where the runner's variables are as given; an undefined one is not set. */
async function pull(root: string, given: Readonly<Record<string, string | undefined>> = {}) {
  const runner = mkdtempSync(join(root, '..', 'runner-'));
  const [output, summary, temp] = ['output', 'summary', 'temp'].map((name) => join(runner, name));
  for (const file of [output, summary]) writeFileSync(file ?? '', '');
  const variables: Readonly<Record<string, string | undefined>> = {
    ...{ PATH: process.env.PATH, HOME: runner, ...compiledCode() },
    ...{ GITHUB_WORKSPACE: root, GITHUB_EVENT_NAME: 'push', GITHUB_ACTION: 'pull' },
    ...{ GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, RUNNER_TEMP: temp, TMPDIR: runner },
    ...{ INPUT_FORCE: 'false', 'INPUT_ALLOW-MISSING': 'false', INPUT_RECURSIVE: 'false', INPUT_CACHE: 'false' },
    ...given,
  };
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) env[name] = value;
  const code = `import { start } from ${JSON.stringify(ENTRY)}; await start('pull-data');`;
  const ended = await endedProcess(process.execPath, ['--input-type=module', '-e', code], root, env);
  const said = workflowCommands(ended.log).map(({ name, message }) => `${name}: ${message}`);
  return { ...ended, said, runner, outputs: fileCommands(readFileSync(output ?? '', 'utf8')) };
}

test.each([
  ['a project that is not there', 2, { INPUT_PROJECT: 'tema' }, /there is no folder \S+tema \(E_PROJECT_FOLDER\)/],
  ['a project that is a file', 2, { INPUT_PROJECT: 'notes.txt' }, /E_PROJECT_FOLDER/],
  ['a project no system has a name for', 2, { INPUT_PROJECT: 'x'.repeat(20_000) }, /E_PROJECT_FOLDER/],
  [
    'a workspace that is not there',
    2,
    { GITHUB_WORKSPACE: '/nonexistent/work' },
    /\/nonexistent\/work.*E_PROJECT_FOLDER/,
  ],
  ['a file for the runner’s folder', 3, { RUNNER_TEMP: '/dev/null' }, /\/dev\/null\/\S+: ENOTDIR.*E_ACTION_OUTPUT/],
  ['a system’s folder for the runner’s', 3, { RUNNER_TEMP: '/proc/1' }, /\/proc\/1\/assay.*E_ACTION_OUTPUT/],
  ['no file for outputs', 3, { GITHUB_OUTPUT: '/nonexistent/output' }, /\/nonexistent\/output.*E_ACTION_OUTPUT/],
])('%s is told for what it is', async (_what, exitCode, given, message) => {
  const step = await pull(await workspace(), given);
  expect(step, step.log).toMatchObject({ exitCode });
  expect(step.said.join('\n')).toMatch(message);
  expect(step.log).not.toContain('defect of Assay');
});

test('a job summary that cannot be written is a warning: what was done is done', async () => {
  const step = await pull(await workspace(), { GITHUB_STEP_SUMMARY: '/nonexistent/summary' });
  expect(step, step.log).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
  expect(step.said.join('\n')).toMatch(/^warning: the job summary cannot be written: .*\/nonexistent\/summary/);
});

test.each([
  ['no event, as of a runner on one’s own machine', { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: '' }],
  [
    'no git, as in a small image: the token is for git alone',
    { PATH: '/nonexistent', 'INPUT_GITHUB-TOKEN': 'a-token' },
  ],
])('%s is no reason not to bring data', async (_what, given) => {
  const step = await pull(await workspace(), { GITHUB_SERVER_URL: 'https://forge.example', ...given });
  expect(step, step.log).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
});

test('without a folder of the runner, and with empty variables, nothing is left in the work tree', async () => {
  for (const missing of [undefined, '']) {
    const root = await workspace();
    const before = readdirSync(root).sort();
    const given = { RUNNER_TEMP: missing, GITHUB_WORKSPACE: missing, GITHUB_STEP_SUMMARY: missing };
    const { exitCode, log, runner, outputs } = await pull(root, given);
    expect(exitCode, log).toBe(0);
    expect(outputs.file).toBe(join(runner, 'assay', 'pull', 'pull-data.json'));
    expect(readdirSync(root).sort()).toEqual(before);
  }
});

test('what cannot be seen is named in the log, and what is endless is cut', async () => {
  const root = await workspace();
  mkdirSync(join(root, 'data'));
  const hidden = await pull(root, { INPUT_TARGETS: 'a\u202eb\u001b[31m' });
  expect(hidden).toMatchObject({ exitCode: 2, outputs: { verdict: 'error' } });
  expect(hidden.outputs.sentence).toContain('a⟨U+202E⟩b [31m');
  const endless = await pull(root, { INPUT_TARGETS: 'x'.repeat(100_000) });
  expect(endless.exitCode).toBe(2);
  expect(endless.outputs.sentence).toContain('(E_OUTPUT_TARGET). ');
  expect(endless.log.length).toBeLessThan(6_000);
});
