import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { DoctorOutput } from '../../lib/commands/doctor/doctor-output.ts';
import { InitOutput } from '../../lib/commands/init/init-output.ts';
import { PromotionOutput, RegistrationOutput } from '../../lib/commands/registry/outputs.ts';
import { DriftReport } from '../../lib/drift/drift-report.ts';
import { Decision } from '../../lib/gate/decision.ts';
import { openGit } from '../../lib/git/git.ts';
import { loadProject } from '../../lib/project/project.ts';
import { RunRecord } from '../../lib/train/run-record.ts';
import { assay } from '../cli/command-line.ts';
import { csv, type Row, rowsOf } from '../commands/days.ts';
import { ENVIRONMENT } from '../commands/repository.ts';
import { predict, TRAIN } from '../commands/train/user-code.ts';
import { commitAll, newFolder, newRepository } from '../git/repository.ts';

/** Enough days and rows that a model which learnt something is better than a constant. */
const ROWS = rowsOf({ days: 130, perDay: 14 });

/** Runs a verb and gives its document, after its exit code was what it should be. */
async function ask<T extends z.ZodType>(root: string, schema: T, ...args: string[]): Promise<z.output<T>> {
  const { code, out } = await assay(root, [...args, '--json']);
  expect({ args, code, out: code === 0 ? '' : out }).toEqual({ args, code: 0, out: '' });
  return schema.parse(JSON.parse(out));
}

// Each step is a program's whole run: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 240_000 });

/** Data in a git repository and nothing else: what init writes is committed, trained and judged as it is. */
async function beginWith(files: Readonly<Record<string, string>>, folder = ''): Promise<string> {
  const git = await newRepository(files);
  const remote = join(await newFolder(), 'remote.git');
  await git.run(['init', '--quiet', '--bare', '--initial-branch=main', remote]);
  await git.run(['remote', 'add', 'origin', remote]);
  const root = join(git.folder, folder);
  await ask(root, InitOutput, 'init');
  await commitAll(git, {}, 'Judge what we train');
  await git.run(['push', '--quiet', 'origin', 'main']);
  await ask(root, RunRecord, 'train');
  const decision = await ask(root, Decision, 'evaluate-gate');
  expect(decision).toMatchObject({ verdict: 'pass', baseline: { kind: 'constant' } });
  return root;
}

/** On from there to a model in production whose drift is watched. */
async function goOn(root: string): Promise<void> {
  const failing = async () =>
    (await ask(root, DoctorOutput, 'doctor')).findings.filter(({ status }) => status === 'fail');
  expect(await failing()).toEqual([]);
  expect((await ask(root, RegistrationOutput, 'register')).record.version).toBe('1.0.0');
  expect(await ask(root, PromotionOutput, 'promote')).toMatchObject({ holder: '1.0.0', changed: true });
  expect((await ask(root, DriftReport, 'drift-check')).version).toBe('1.0.0');
  const { findings } = await ask(root, DoctorOutput, 'doctor');
  expect(findings.filter(({ status }) => status === 'fail')).toEqual([]);
  expect(findings.filter(({ area }) => area === 'registry').map(({ says }) => says)).toEqual([
    expect.stringMatching(/^assay\/registry at [0-9a-f]{12}$/),
    '1 version; production: 1.0.0',
    'the baseline of drift is that of 1.0.0',
  ]);
  // What was looked at, trained and registered left nothing to commit.
  expect(await openGit(root, { env: ENVIRONMENT }).text(['status', '--porcelain'])).toBe('');
}

it('a table of answers in words: the built-in trees', async () => {
  const rows = ROWS.map(({ late, ...row }: Row) => ({ ...row, churned: late === 1 ? 'Yes' : 'No' }));
  const root = await beginWith({ 'data/customers.csv': csv(rows) });
  expect((await loadProject(root)).config.models.churned).toMatchObject({
    task: 'binary',
    train: { trainer: 'trees' },
  });
});

it('a table of numbers, in a folder of a larger repository', async () => {
  const rows = ROWS.map(({ late: _late, ...row }: Row) => ({ ...row, price: (3 * row.x + row.z).toFixed(3) }));
  const root = await beginWith({ 'services/price/data.csv': csv(rows), 'README.md': 'all of us\n' }, 'services/price');
  expect((await loadProject(root)).config.models.price).toMatchObject({
    task: 'regression',
    gate: { primary: 'rmse' },
  });
});

it('commands that read what they are told', async () => {
  const root = await beginWith({
    'data/days.csv': csv(ROWS),
    'train.mjs': TRAIN,
    'predict.mjs': predict('1 / (1 + Math.exp(-(1.5 * x + 0.6 * z)))'),
  });
  expect((await loadProject(root)).config.models.late).toMatchObject({
    train: { run: 'node train.mjs' },
    predict: 'node predict.mjs',
  });
  await goOn(root);
});
