import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function data(root: string, ...args: string[]) {
  const { out, err, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, err, ...Object(JSON.parse(out)) };
}

/** Data that were added, and nothing committed; without git where `noScm` says so, as `dvc init --no-scm` makes it. */
async function added(noScm: boolean): Promise<string> {
  const root = (await newRepository()).folder;
  if (noScm) {
    rmSync(join(root, '.git'), { recursive: true });
    writeFiles(root, { '.dvc/config': '[core]\n    no_scm = True\n' });
  }
  writeFiles(root, { 'rows/a': 'a', 'rows/deep/b': 'bb', 'm.bin': 'm' });
  expect(await data(root, 'add', 'rows', 'm.bin')).toMatchObject({ exit: 0 });
  return root;
}

describe.each([
  ['before the first commit', false],
  ['without git', true],
])('%s', (_, noScm) => {
  test('ls, du and diff tell what pointers track, as they do afterwards', async () => {
    const root = await added(noScm);
    const paths = (found: { entries: { path: string }[] }) => found.entries.map(({ path }) => path);
    expect(paths(await data(root, 'ls', '.'))).toEqual(['m.bin', 'rows']);
    expect(paths(await data(root, 'ls', '.', 'rows', '--recursive'))).toEqual(['rows/a', 'rows/deep/b']);
    expect(await data(root, 'du', '.')).toMatchObject({ exit: 0, size: 4 });
    expect(await data(root, 'diff')).toMatchObject({ exit: 0, added: ['m.bin', 'rows/a', 'rows/deep/b'] });
    expect(await data(root, 'diff', '--targets', 'm.bin')).toMatchObject({ exit: 0, added: ['m.bin'] });
    expect(await data(root, 'diff', '--targets', 'nowhere')).toMatchObject({ exit: 2, code: 'E_OUTPUT_TARGET' });
    expect((await data(root, 'diff', 'v1')).exit).toBe(2);
  });

  test('another repository finds it by its folder', async () => {
    const root = await added(noScm);
    const elsewhere = await newFolder();
    expect(await data(elsewhere, 'ls', root)).toMatchObject({
      exit: 0,
      entries: [{ path: 'm.bin' }, { path: 'rows' }],
    });
    expect(await data(elsewhere, 'get', root, 'rows')).toMatchObject({ exit: 0 });
    expect(readFiles(join(elsewhere, 'rows'))).toEqual({ a: 'a', 'deep/b': 'bb' });
  });

  test('status tells of newer commits of what was imported', async () => {
    const from = await newRepository({ 'rows.csv': '1\n' });
    await commitAll(from, {}, 'one');
    const root = await added(noScm);
    expect(await data(root, 'import', from.folder, 'rows.csv')).toMatchObject({ exit: 0 });
    expect(await data(root, 'status')).toMatchObject({ clean: true, err: '' });
    writeFiles(from.folder, { 'rows.csv': '2\n' });
    await commitAll(from, {}, 'two');
    const found = await data(root, 'status');
    expect(found).toMatchObject({ clean: false, err: '' });
    expect(await data(root, 'update', 'rows.csv')).toMatchObject({ exit: 0, updated: [{ state: 'changed' }] });
    expect(await data(root, 'status')).toMatchObject({ clean: true });
  });
});
