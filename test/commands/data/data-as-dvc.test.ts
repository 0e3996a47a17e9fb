import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { objectKey } from '../../../lib/pointers/object-key.ts';
import { commitAll, newRepository } from '../../git/repository.ts';
import { modeOf, readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { repository } from './data-repository.ts';

/** Differences to the real DVC that a random comparison found, each as its smallest case: add, pull and checkout. */

describe('add', () => {
  test('sees what git tracks also where the project is a folder of the repository', async () => {
    const { git, run } = await repository('', { 'data/a': 'a' }, 'project');
    await commitAll(git, {}, 'The data, by mistake');
    expect(await run('add', 'data')).toMatchObject({ exit: 2, code: 'E_DATA_IN_GIT' });
  });

  test('of a folder and something in it at once is refused', async () => {
    const { root, run } = await repository('', { 'data/a': 'a', 'data/b': 'b' });
    for (const targets of [
      ['data', 'data/a'],
      ['data/a', 'data'],
    ]) {
      expect(await run('add', ...targets)).toMatchObject({ exit: 2, code: 'E_DATA_CONTAINS_OUTPUT' });
    }
    expect(readdirSync(join(root, 'data'))).toEqual(['a', 'b']);
  });

  test('leaves an unchanged pointer of DVC 2 as it is, and renews a changed one', async () => {
    const { root, cache, run } = await repository('', { 'x.csv': 'a\r\nb\r\n', 'y.csv': 'y' });
    await run('add', 'x.csv', 'y.csv');
    // DVC 2 took the digest of text with line ends made alike.
    const legacy = { x: md5('a\nb\n'), y: md5('y') };
    for (const [name, text, address] of [
      ['x', 'a\r\nb\r\n', legacy.x],
      ['y', 'y', legacy.y],
    ] as const) {
      writeFiles(cache, { [objectKey(address, 'md5-dos2unix')]: text });
      writeFiles(root, {
        [`${name}.csv.dvc`]: `outs:\n- md5: ${address}\n  size: ${text.length}\n  path: ${name}.csv\n`,
      });
    }
    rmSync(join(cache, 'files'), { recursive: true });
    const before = readFileSync(join(root, 'x.csv.dvc'), 'utf8');
    writeFiles(root, { 'y.csv': 'changed' });
    expect(await run('add', 'x.csv', 'y.csv')).toMatchObject({
      added: [
        { path: 'x.csv', md5: legacy.x, state: 'unchanged', size: 6, files: 1 },
        { path: 'y.csv', md5: md5('changed'), state: 'changed' },
      ],
      written: ['y.csv.dvc'],
    });
    expect(readFileSync(join(root, 'x.csv.dvc'), 'utf8')).toBe(before);
    expect(Object.values(readFiles(join(cache, 'files')))).toEqual(['changed']);
  });
});

test('a .dvcignore that another one hides hides nothing', async () => {
  const hidden = { '.dvcignore': 'sub/.dvcignore\n', 'sub/.dvcignore': '*.tmp\n' };
  const { root, run } = await repository('', { ...hidden, 'sub/data/a': '1\n', 'sub/data/x.tmp': '2\n' });
  expect(await run('add', 'sub/data')).toMatchObject({ exit: 0 });
  // As DVC 3.67.1 writes it.
  expect(readFileSync(join(root, 'sub/data.dvc'), 'utf8')).toContain(
    '- md5: 72f5b142b100b0c8ff019941c9251287.dir\n  size: 4\n  nfiles: 2\n',
  );
});

test('add of what a pointer leaves to git takes its digest alone', async () => {
  const { git, root, cache, run } = await repository('[cache]\n    type = hardlink\n', { 'm.json': '{"m": 1}' });
  const pointer = (text: string) =>
    `outs:\n- md5: ${md5(text)}\n  size: 8\n  hash: md5\n  path: m.json\n  cache: false\n`;
  writeFileSync(join(root, 'm.json.dvc'), pointer('{"m": 1}'));
  await commitAll(git, {}, 'metrics');
  writeFileSync(join(root, 'm.json'), '{"m": 2}');
  expect(await run('add', 'm.json')).toMatchObject({ exit: 0, written: ['m.json.dvc'] });
  expect(readFileSync(join(root, 'm.json.dvc'), 'utf8')).toBe(pointer('{"m": 2}'));
  expect([modeOf(join(root, 'm.json')), existsSync(cache)]).toEqual([0o644, false]);
});

test('add follows no link to a folder, also below what is tracked', async () => {
  const { root, cache, run } = await repository('[cache]\n    type = hardlink\n', { 'data/a': 'a', 'other/b': 'b' });
  await run('add', 'data');
  symlinkSync('../other', join(root, 'data', 'link'));
  symlinkSync('other', join(root, 'alias'));
  for (const target of ['data/link', 'alias', 'data/link/b']) {
    expect([target, (await run('add', target)).exit]).toEqual([target, 2]);
  }
  rmSync(join(root, 'data'), { recursive: true });
  symlinkSync('other', join(root, 'data'));
  expect(await run('add', 'data')).toMatchObject({ exit: 2, code: 'E_DATA_NOTHING' });
  expect(Object.values(readFiles(cache))).not.toContain('b');
  expect(modeOf(join(root, 'other', 'b'))).not.toBe(0o444);
});

test.each([
  ['what .dvcignore hides', '*.csv\n', 'data/x.csv'],
  ['below what it hides', 'data/\n', 'data/x.csv'],
  ['where its pointer is hidden', '*.dvc\n', 'data/x.csv'],
])('nothing is tracked that DVC does not look at: %s', async (_what, patterns, path) => {
  const { root, run } = await repository('', { '.dvcignore': patterns, [path]: 'x' });
  const source = await newRepository({ 'plain.csv': 'kept by git' });
  expect(await run('add', path)).toMatchObject({ exit: 2, code: 'E_DATA_DVC_IGNORED' });
  const imported = await run('import', source.folder, 'plain.csv', '--out', 'data/y.csv');
  expect(imported).toMatchObject({ exit: 2, code: 'E_DATA_DVC_IGNORED' });
  expect(readdirSync(join(root, 'data'))).toEqual(['x.csv']);
});

test('checkout --force puts a folder in the place of a file', async () => {
  const { root, run } = await repository('', { 'data/a': 'a', 'data/b/c': 'c' });
  await run('add', 'data');
  rmSync(join(root, 'data'), { recursive: true });
  writeFileSync(join(root, 'data'), 'a file now');
  expect(await run('checkout')).toMatchObject({ exit: 2, outputs: [{ state: 'failed', code: 'E_CHECKOUT_LOSES' }] });
  expect(await run('checkout', '--force')).toMatchObject({ exit: 0, outputs: [{ state: 'modified' }] });
  expect(readFiles(join(root, 'data'))).toEqual({ a: 'a', 'b/c': 'c' });
});

test("cache.shared = group makes all folders of the cache the group's, whoever is the first", async () => {
  const { root, cache, run } = await repository('[cache]\n    shared = group\n    dir = ../shared/cache\n', {
    'a.bin': 'a',
    'd/b': 'b',
  });
  const shared = join(root, 'shared', 'cache');
  await run('add', 'a.bin', 'd');
  const folders = readdirSync(shared, { recursive: true, withFileTypes: true }).filter((one) => one.isDirectory());
  const paths = [shared, ...folders.map(({ parentPath, name }) => join(parentPath, name))];
  expect(paths.map((path) => [path, lstatSync(path).mode & 0o7777])).toEqual(paths.map((path) => [path, 0o2775]));
  expect([paths.length > 5, existsSync(cache)]).toEqual([true, false]);
});

describe('pull', () => {
  test('checks out what is not to be pushed where the cache has it, and asks no remote for it', async () => {
    const { root, cache, run } = await repository('', { 'kept.bin': 'kept', 'lost.bin': 'lost' });
    writeFileSync(join(root, '.dvc', 'config'), `['remote "team"']\n    url = ../../team\n[core]\n    remote = team\n`);
    await run('add', 'kept.bin', 'lost.bin');
    for (const name of ['kept', 'lost']) {
      const pointer = join(root, `${name}.bin.dvc`);
      writeFileSync(pointer, `${readFileSync(pointer, 'utf8')}  push: false\n`);
      rmSync(join(root, `${name}.bin`));
    }
    rmSync(join(cache, objectKey(md5('lost'))));
    expect(await run('pull')).toMatchObject({ exit: 0, outputs: [{ path: 'kept.bin', state: 'added' }] });
    expect(readFileSync(join(root, 'kept.bin'), 'utf8')).toBe('kept');
  });
});
