import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { ErrorOutput } from '../../lib/commands/error-output.ts';
import {
  GetOutput,
  HistoryOutput,
  PromotionOutput,
  RegistrationOutput,
  ReleaseOutput,
  ValidationsOutput,
} from '../../lib/commands/registry/outputs.ts';
import { canonicalJson } from '../../lib/digest.ts';
import { DriftReport } from '../../lib/drift/drift-report.ts';
import { Decision } from '../../lib/gate/decision.ts';
import { Evaluation } from '../../lib/report/evaluation.ts';
import { RunRecord } from '../../lib/train/run-record.ts';
import { csv, rowsOf, sigmoid } from '../commands/days.ts';
import {
  commandYaml,
  configure,
  copyOf,
  files,
  newWorkspace,
  WEIGHTS,
  type Workspace,
} from '../commands/repository.ts';
import { newFolder, write } from '../git/repository.ts';
import { assay, type Shown } from './command-line.ts';

const VERBS = [
  'init',
  'doctor',
  'validate-data',
  'train',
  'evaluate-gate',
  'compare',
  'pull-request',
  'register',
  'promote',
  'rollback',
  'release',
  'history',
  'get',
  'drift-check',
];

/** The one document of `--json`: canonical, one line, nothing else on standard output, nothing on the other stream. */
function documentOf<T extends z.ZodType>({ out, err }: Shown, schema: T): z.output<T> {
  expect(out.endsWith('\n')).toBe(true);
  expect(out.slice(0, -1)).not.toContain('\n');
  const document: unknown = JSON.parse(out);
  expect(out).toBe(`${canonicalJson(document)}\n`);
  expect(err).toBe('');
  return schema.parse(document);
}

let base: Workspace;
beforeAll(async () => {
  base = await newWorkspace(files(commandYaml({}, { parameters: WEIGHTS.weak })));
});

describe('--json', () => {
  it('prints one valid document for every verb on the way, and the exit code tells the answer', async () => {
    const { root, git, ...rest } = await copyOf(base);
    const run = async <T extends z.ZodType>(code: number, schema: T, ...args: string[]) => {
      const shown = await assay(root, [...args, '--json']);
      const document = documentOf(shown, schema);
      expect([args[0], shown.code]).toEqual([args[0], code]);
      return document;
    };
    expect((await run(0, ValidationsOutput, 'validate-data')).verdict).toBe('pass');
    const record = await run(0, RunRecord, 'train');
    expect((await run(0, RunRecord, 'train', 'late')).key).toBe(record.key);
    expect((await run(0, Decision, 'evaluate-gate')).verdict).toBe('pass');
    expect((await run(0, RegistrationOutput, 'register')).record).toMatchObject({
      version: '1.0.0',
      runKey: record.key,
    });
    expect(await run(0, PromotionOutput, 'promote', '--to', 'production')).toMatchObject({
      holder: '1.0.0',
      changed: true,
    });
    expect(await run(0, PromotionOutput, 'promote')).toMatchObject({ holder: '1.0.0', changed: false });
    await configure({ root, git, ...rest }, commandYaml({}, { parameters: { x: 0, z: 0.1 } }));
    await run(0, RunRecord, 'train');
    expect((await run(1, Decision, 'evaluate-gate')).verdict).toBe('fail');
    expect((await run(1, Evaluation, 'pull-request', '--base', 'HEAD~1')).decisions[0]?.verdict).toBe('fail');
    await run(0, RegistrationOutput, 'register', '--bump', 'major');
    expect(await run(1, PromotionOutput, 'promote')).toMatchObject({ holder: '1.0.0', changed: false });
    const override = ['promote', '--override', '--reason', 'the other one is broken'];
    expect(await run(0, PromotionOutput, ...override)).toMatchObject({ holder: '2.0.0', event: { kind: 'promote' } });
    expect(await run(0, PromotionOutput, 'rollback')).toMatchObject({ holder: '1.0.0', event: { kind: 'rollback' } });
    expect(await run(1, PromotionOutput, 'rollback')).toMatchObject({ refusal: { code: 'no-former-holder' } });
    expect(await run(0, ReleaseOutput, 'release', '2.0.0', '--reason', 'mended')).toMatchObject({ version: '2.0.0' });
    expect(await run(0, GetOutput, 'get', 'late@production')).toMatchObject({
      version: '1.0.0',
      path: join(root, 'late-1.0.0'),
    });
    expect((await run(0, HistoryOutput, 'history')).events).toHaveLength(6);
    expect((await run(0, DriftReport, 'drift-check')).version).toBe('1.0.0');
  });

  it('prints one document for an error, too', async () => {
    const root = await newFolder();
    await write(root, { 'assay.yaml': 'data: {}\nmodles: {}\n' });
    for (const [args, code, exitCode] of [
      [['train'], 'E_PROJECT_UNKNOWN_KEY', 2],
      [['train', '-C', 'nowhere'], 'E_PROJECT_MISSING', 2],
      [['compare', 'a.csv', 'b.csv', '--label', 'y', '--id', 'id'], 'E_TABLE_FILE_MISSING', 2],
    ] as const) {
      const shown = await assay(root, [...args, '--json']);
      const { message, fix, ...document } = documentOf(shown, ErrorOutput);
      expect([document.code, shown.code]).toEqual([code, exitCode]);
      expect([message, fix]).not.toContain('');
    }
  });

  it.each([
    [['train', '--json', '--forse'], /unknown option '--forse'.*--force/],
    [['trian', '--json'], /unknown command 'trian'.*train/],
    [['get', '--json'], /missing required argument 'reference'/],
  ])('prints one document for usage that is wrong: %j', async (args, message) => {
    const { code, out } = await assay('/', args);
    expect(code).toBe(2);
    expect(ErrorOutput.parse(JSON.parse(out))).toMatchObject({
      code: 'E_USAGE',
      message: expect.stringMatching(message),
    });
    expect(out.split('\n')).toHaveLength(2);
  });
});

describe('usage', () => {
  it('is explained for every verb, on standard output', async () => {
    const { code, out } = await assay('/', ['--help']);
    expect(code).toBe(0);
    for (const verb of VERBS) {
      expect(out).toMatch(new RegExp(`^ +${verb}\\b`, 'm'));
      const help = await assay('/', [verb, '--help']);
      expect(help).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^Usage: assay .*--json/s) });
    }
  });

  it.each([
    [['trian'], /unknown command 'trian'[\s\S]*train/],
    [['train', '--forec'], /unknown option '--forec'[\s\S]*--force/],
    [['register', '--bump', 'huge'], /huge[\s\S]*major, minor, patch/],
    [['compare', 'a', 'b', '--id', 'id'], /--label/],
    [['compare', 'a', 'b', '--label', 'y', '--id', ','], /names nothing/],
    [['compare', 'a', 'b', '--label', 'y', '--id', 'id', '--margin', 'roc_auc'], /METRIC=VALUE/],
    [['compare', 'a', 'b', '--label', 'y', '--id', 'id', '--threshold', 'half'], /not a number/],
    [[], /Usage: assay/],
  ])('that is wrong ends with 2 and a hint: %j', async (args, hint) => {
    const { code, out, err } = await assay('/', args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(hint);
  });

  it('prints the version', async () => {
    expect(await assay('/', ['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe('for people', () => {
  const rows = rowsOf({ days: 60, perDay: 20 });
  const good = rows.map(({ id, at, late, x, z }) => ({ id, at, late, score: sigmoid(1.5 * x + 0.6 * z) }));
  const compare = ['compare', 'weak.csv', 'good.csv', '--label', 'late', '--id', 'id', '--cluster', 'at'];
  let folder: string;
  beforeAll(async () => {
    folder = await newFolder();
    const weak = rows.map(({ id, z }) => ({ id, score: sigmoid(0.6 * z) }));
    await write(folder, {
      'good.csv': csv(good),
      'weak.csv': csv(weak),
      'few.csv': csv(good.map((row, index) => (index < 200 ? row : { ...row, late: null }))),
      'evil.csv': csv(good.map((row, index) => (index === 0 ? { ...row, id: '\u001b[2Jgone' } : row))),
    });
  });

  it('answers pass, fail and cannot tell with 0, 1 and 5', async () => {
    expect((await assay(folder, compare)).code).toBe(0);
    expect((await assay(folder, ['compare', 'good.csv', 'weak.csv', ...compare.slice(3)])).code).toBe(1);
    const few = await assay(folder, ['compare', 'weak.csv', 'few.csv', ...compare.slice(3)]);
    expect(few).toMatchObject({ code: 5, out: expect.stringMatching(/^\? few\.csv: Can.t tell yet/) });
  });

  it('colours on a terminal only, and not where NO_COLOR is set', async () => {
    const colour = `${String.fromCharCode(27)}[`;
    expect((await assay(folder, compare, { interactive: true })).out).toContain(colour);
    expect((await assay(folder, compare, { interactive: true, env: { NO_COLOR: '1' } })).out).not.toContain(colour);
    expect((await assay(folder, compare, { interactive: true, env: { TERM: 'dumb' } })).out).not.toContain(colour);
    expect((await assay(folder, compare)).out).not.toContain(colour);
  });

  it('says an error in two lines, which cannot drive the terminal', async () => {
    const { code, out, err } = await assay(folder, ['compare', 'weak.csv', 'evil.csv', ...compare.slice(3)]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: .*\(E_PAIR_MISSING_ID\)\n {2}fix: .*\n$/);
    expect(err).not.toContain('\u001b');
  });

  it('writes a report that stands by itself, or says why it cannot', async () => {
    expect((await assay(folder, [...compare, '--html', 'out/report.html'])).code).toBe(0);
    const html = await readFile(join(folder, 'out/report.html'), 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).not.toMatch(/(src|href)="https?:\/\/(?!github\.com)/);
    const found = await assay(folder, [...compare, '--html', 'good.csv/report.html', '--json']);
    expect(found.code).toBe(3);
    expect(ErrorOutput.parse(JSON.parse(found.out)).code).toBe('E_REPORT_WRITE');
  });

  it('keeps what users’ commands say apart from the answer', async () => {
    const workspace = await copyOf(base);
    await write(workspace.root, { 'assay.yaml': stringify(commandYaml({}, { seed: 5 })) });
    const { code, out, err } = await assay(workspace.root, ['train']);
    expect(code).toBe(0);
    expect(err).toMatch(/^ +\| trained on 720 rows$/m);
    expect(out).not.toContain('trained on');
    expect(out).toMatch(/720/);
  });
});
