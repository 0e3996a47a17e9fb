import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findEntries } from '../../../lib/commands/init/init-entry.ts';
import { findTables, isHoldoutName } from '../../../lib/commands/init/init-tables.ts';
import { newFolder, write } from '../../git/repository.ts';

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await newFolder();
  await write(root, files);
  return root;
}

async function paths(files: readonly string[]): Promise<string[]> {
  const root = await folder(Object.fromEntries(files.map((file) => [file, 'a,b\n1,2\n'])));
  return (await findTables(root)).tables.map(({ path }) => path);
}

describe('tables of a repository', () => {
  it.each([
    [['data.csv'], ['data.csv']],
    [
      ['a.tsv', 'b.jsonl', 'c.parquet', 'd.csv.gz', 'e.ndjson.zst', 'f.txt', 'g.xlsx'],
      ['a.tsv', 'b.jsonl', 'c.parquet', 'd.csv.gz', 'e.ndjson.zst'],
    ],
    [['d/2024-01.csv', 'd/2024-02.csv'], ['d/*.csv']],
    [
      ['d/p1.csv', 'd/p2.csv', 'd/other.csv'],
      ['d/p*.csv', 'd/other.csv'],
    ],
    [['d/y=1/m=1/a.parquet', 'd/y=1/m=2/a.parquet'], ['d']],
    [
      ['x.csv', 'train.csv', 'test.csv', 'predictions.csv'],
      ['train.csv', 'x.csv', 'test.csv', 'predictions.csv'],
    ],
    [['data.csv', 'node_modules/p/x.csv', '.venv/x.csv', 'venv/y.csv', 'tests/z.csv', '.git/w.csv'], ['data.csv']],
    [['data/test/x.csv'], ['data/test/x.csv']],
    [['a[1].csv', 'b*.csv', 'c.csv'], ['c.csv']],
  ])('%j', async (files, expected) => {
    expect(await paths(files)).toEqual(expected);
  });

  it('are pointers too, of files and of folders, where the data are not here', async () => {
    const pointer = 'outs:\n- path: x\n';
    const root = await folder({
      'data/x.csv.dvc': pointer,
      'data/y.csv': 'a\n1\n',
      'data/y.csv.dvc': pointer,
      'raw.dvc': pointer,
      'model.pkl.dvc': pointer,
    });
    const { tables } = await findTables(root);
    expect(tables.map(({ path, pointer: away }) => [path, away])).toEqual([
      ['data/y.csv', false],
      ['data/x.csv', true],
      ['raw', true],
    ]);
  });

  it('are not looked for through links, nor in empty files', async () => {
    const root = await folder({ 'empty.csv': '' });
    await symlink(await folder({ 'out.csv': 'a\n1\n' }), join(root, 'linked'));
    expect((await findTables(root)).tables).toEqual([]);
  });

  it.each([
    ['data/test.csv', true],
    ['valid/x.csv', true],
    ['latest.csv', false],
    ['contest.csv', false],
  ])('%s is held out: %s', (path, expected) => {
    expect(isHoldoutName(path)).toBe(expected);
  });
});

describe('commands of a repository', () => {
  const speaking = "import os\nos.environ['ASSAY_SPEC']\n";

  it.each([
    ['scripts', { 'train.py': speaking, 'predict.py': 'x' }, 'python train.py', 'python predict.py', [true, false]],
    [
      'scripts of R in a folder',
      { 'src/train.R': speaking, 'src/score.R': speaking },
      'Rscript src/train.R',
      'Rscript src/score.R',
      [true, true],
    ],
    [
      "DVC's stages, one that reads what it is told first",
      {
        'train.py': 'x',
        'dvc.yaml': 'stages:\n  fit: { cmd: python ml/fit.py --fast }\n  score: { cmd: python ml/score.py }\n',
        'ml/fit.py': speaking,
        'ml/score.py': speaking,
      },
      'python ml/fit.py --fast',
      'python ml/score.py',
      [true, true],
    ],
    [
      "MLflow's project with its defaults",
      {
        MLproject:
          'entry_points:\n  main:\n    parameters: { depth: { type: int, default: 3 }, rate: 0.1 }\n    command: "python m.py {depth} {rate}"\n  predict: { command: python p.py }\n',
        'm.py': speaking,
      },
      'python m.py 3 0.1',
      'python p.py',
      [true, false],
    ],
  ])('are %s', async (_what, files, train, predict, speaks) => {
    const found = await findEntries(await folder(files));
    expect([found.train?.command, found.predict?.command]).toEqual([train, predict]);
    expect([found.train?.speaks, found.predict?.speaks]).toEqual(speaks);
  });

  it.each([
    ['a shell has to run', { 'dvc.yaml': 'stages:\n  train: { cmd: "python a.py | tee log" }\n' }],
    ['a template fills', { 'dvc.yaml': 'stages:\n  train: { cmd: "python $' + '{script}" }\n' }],
    [
      'no default fills',
      { MLproject: 'entry_points:\n  main: { parameters: { a: { type: path } }, command: "python m.py {a}" }\n' },
    ],
    ['is in a broken file', { 'dvc.yaml': 'stages: [\n', MLproject: 'entry_points: 7\n' }],
  ])('are none that %s', async (_what, files) => {
    expect(await findEntries(await folder(files))).toEqual({});
  });

  it('are prepared from the lock file', async () => {
    expect(await findEntries(await folder({ 'requirements.txt': '', 'uv.lock': '' }))).toEqual({
      lock: 'requirements.txt',
      setup: 'pip install -r requirements.txt',
    });
    expect(await findEntries(await folder({ 'uv.lock': '' }))).toEqual({ lock: 'uv.lock' });
  });

  it('are not read through links that lead out', async () => {
    const root = await newFolder();
    await symlink(join(await folder({ 'train.py': speaking }), 'train.py'), join(root, 'train.py'));
    expect((await findEntries(root)).train).toBeUndefined();
  });
});
