import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

const KEPT = { 'mine/notes': 'nowhere else', 'mine/deep/rows': 'neither' };

/** A repository to bring data from, and one with a folder of the user's own. */
let from: string;
let here: string;
beforeEach(async () => {
  const git = await newRepository();
  from = git.folder;
  writeFiles(from, { '.dvc/config': '', 'rows.csv': 'rows', 'data/a': 'one' });
  expect(await data(from, 'add', 'rows.csv', 'data')).toMatchObject({ exit: 0 });
  await commitAll(git, {}, 'data');
  here = (await newRepository()).folder;
  writeFiles(here, { '.dvc/config': '', ...KEPT });
});

describe('--force takes no folder away for a file, as DVC puts the file into it', () => {
  test.each([
    ['get', (source: string) => ['get', source, 'rows.csv', '--out', 'mine']],
    ['import', (source: string) => ['import', source, 'rows.csv', '--out', 'mine']],
    ['import-url', (source: string) => ['import-url', join(source, 'rows.csv'), 'mine']],
    ['add --out', (source: string) => ['add', join(source, 'rows.csv'), '--out', 'mine']],
  ])('%s', async (_, args) => {
    const found = await data(here, ...args(from), '--force');
    expect(found).toMatchObject({ exit: 2, code: 'E_DATA_FOLDER_STAYS', message: expect.stringContaining('"mine"') });
    expect(readFiles(join(here, 'mine'))).toEqual({ notes: 'nowhere else', 'deep/rows': 'neither' });
    expect(existsSync(join(here, 'mine.dvc'))).toBe(false);
  });
});

test.each([
  ['the folder that one is in', 'mine', '.'],
  ['one above it', 'mine/deep', '..'],
  ['the repository, from outside of it', '..', 'REPOSITORY'],
])('get --force leaves %s', async (_, cwd, out) => {
  const start = cwd === '..' ? await newFolder() : join(here, cwd);
  const found = await data(start, 'get', from, 'data', '--out', out === 'REPOSITORY' ? here : out, '--force');
  expect(found).toMatchObject({ exit: 2, code: 'E_DATA_FOLDER_STAYS' });
  expect(readFiles(join(here, 'mine'))).toEqual({ notes: 'nowhere else', 'deep/rows': 'neither' });
  expect(existsSync(join(here, '.git', 'HEAD'))).toBe(true);
});

test('get --force replaces a file by a folder, a folder by a folder, and a file by a file', async () => {
  writeFiles(here, { 'old/x': 'old', file: 'old', rows: 'old' });
  for (const out of ['old', 'file']) {
    expect(await data(here, 'get', from, 'data', '--out', out, '--force')).toMatchObject({ exit: 0 });
    expect(readFiles(join(here, out))).toEqual({ a: 'one' });
  }
  expect(await data(here, 'get', from, 'rows.csv', '--out', 'rows', '--force')).toMatchObject({ exit: 0 });
  expect(readFileSync(join(here, 'rows'), 'utf8')).toBe('rows');
});
