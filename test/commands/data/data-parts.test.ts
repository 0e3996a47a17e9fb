import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { refuseTracked } from '../../../lib/commands/data/add/add-plan.ts';
import { readDvcConfig } from '../../../lib/pointers/config/dvc-config.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { newFolder } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { repository } from './data-repository.ts';

/** What git needs to be found. */
const ENVIRONMENT = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
const FILES = { 'data/a': 'a', 'data/b/c': 'c', 'data/b/d': 'd', 'data/e': 'e' };

describe('add of several parts of a tracked folder', () => {
  test.each([
    ['two files', ['data/a', 'data/b/c'], []],
    ['a folder and a file in it', ['data/b', 'data/b/c', 'data/a', 'data/b/d'], []],
    ['a part and the whole', ['data/a', 'data'], []],
    ['the whole and a part', ['data', 'data/a'], []],
    ['one file alone', ['data/a', './data/a', 'data/a'], ['b/c']],
  ])('keeps all of them: %s', async (_what, targets, left) => {
    const { root, run } = await repository('', FILES);
    await run('add', 'data');
    writeFiles(root, { 'data/a': 'A', 'data/b/c': 'C' });
    expect(await run('add', ...targets)).toMatchObject({ exit: 0, added: [{ path: 'data', files: 4, size: 4 }] });
    const { outputs } = await run('status');
    expect(outputs[0].changes?.modified ?? []).toEqual(left);
  });

  test('knows what went, and what became a folder', async () => {
    const { root, run } = await repository('', FILES);
    await run('add', 'data');
    for (const path of ['a', 'b']) rmSync(join(root, 'data', path), { recursive: true });
    writeFiles(root, { 'data/a/x': 'x' });
    expect(await run('add', 'data/b', 'data/a/x')).toMatchObject({ exit: 0, added: [{ files: 2, size: 2 }] });
    expect(await run('status')).toMatchObject({ clean: true });
  });
});

test('parts that two add at once are both kept, or one is told', async () => {
  const { root, run } = await repository('', FILES);
  await run('add', 'data');
  writeFiles(root, { 'data/a': 'A', 'data/e': 'E' });
  const both = await Promise.all([run('add', 'data/a'), run('add', 'data/e')]);
  const told = both.filter(({ exit }) => exit !== 0);
  for (const one of told) expect(one).toMatchObject({ exit: 3, code: 'E_STORE_SOURCE_CHANGED' });
  if (told.length === 0) expect(await run('status')).toMatchObject({ clean: true });
  await run('add', 'data/a');
  await run('add', 'data/e');
  expect(await run('status')).toMatchObject({ clean: true });
});

test.each([
  ['from a folder above', 'x.dvc', '', 'sub/data.csv'],
  ['from another folder', 'x.dvc', 'wdir: sub\n', './data.csv'],
  ['from its own', 'sub/data.csv.dvc', '', './data.csv'],
])('a pointer that names its output %s is changed, and gets no other', async (_what, pointer, wdir, path) => {
  const { root, run } = await repository('', { 'sub/data.csv': 'old' });
  await run('add', 'sub/data.csv');
  const written = readFileSync(join(root, 'sub/data.csv.dvc'), 'utf8');
  rmSync(join(root, 'sub/data.csv.dvc'));
  const moved = wdir + written.replace('path: data.csv', `path: ${path}`);
  writeFiles(root, { [pointer]: moved, 'sub/data.csv': 'new' });
  expect(await run('add', 'sub/data.csv')).toMatchObject({ exit: 0, written: [pointer] });
  expect(readFileSync(join(root, pointer), 'utf8')).toBe(moved.replace(md5('old'), md5('new')));
  expect(await run('status')).toMatchObject({ clean: true });
});

test('what is new and named twice is added once', async () => {
  const { root, run } = await repository('', { 'x.csv': 'x' });
  expect(await run('add', 'x.csv', './x.csv')).toMatchObject({ exit: 0, added: [{ path: 'x.csv', state: 'new' }] });
  expect(existsSync(join(root, 'x.csv.dvc'))).toBe(true);
});

test('git is asked of more paths than a process takes arguments', async () => {
  const { root } = await repository('', {});
  const plans = Array.from({ length: 20_000 }, (_, number) => {
    const path = `${'n'.repeat(200)}${number}`;
    return { target: path, path, pointer: `${path}.dvc` };
  });
  const workspace = { root, config: await readDvcConfig(root) };
  await expect(refuseTracked({ environment: ENVIRONMENT }, workspace, plans)).resolves.toBeUndefined();
  const tracked = { target: 'README.md', path: 'README.md', pointer: 'README.md.dvc' };
  await expect(refuseTracked({ environment: ENVIRONMENT }, workspace, [...plans, tracked])).rejects.toMatchObject({
    code: 'E_DATA_IN_GIT',
  });
});

test('nothing is added where git does not tell what it tracks; where there is no git, DVC can do without', async () => {
  const { root } = await repository('', {});
  const workspace = { root, config: await readDvcConfig(root) };
  const plans = [{ target: 'README.md', path: 'README.md', pointer: 'README.md.dvc' }];
  const unsafe = { ...ENVIRONMENT, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
  await expect(refuseTracked({ environment: unsafe }, workspace, plans)).rejects.toMatchObject({
    code: 'E_GIT_UNSAFE',
  });
  rmSync(join(root, '.git'), { recursive: true });
  await expect(refuseTracked({ environment: unsafe }, workspace, plans)).resolves.toBeUndefined();
});

test('push of a part sends no listing before the rest is there, which DVC would never send then', async () => {
  const remote = join(await newFolder(), 'remote');
  const { run } = await repository(`['remote "r"']\n    url = ${remote}\n[core]\n    remote = r\n`, FILES);
  await run('add', 'data');
  const listings = () => Object.keys(readFiles(remote)).filter((name) => name.endsWith('.dir')).length;
  expect(await run('push', 'data/a', 'data/b')).toMatchObject({ exit: 0, transferred: 3, present: 0 });
  expect(listings()).toBe(0);
  // With the last file all are there.
  expect(await run('push', 'data/e')).toMatchObject({ exit: 0, transferred: 2, present: 0 });
  expect(listings()).toBe(1);
  expect(await run('push', 'data/e')).toMatchObject({ exit: 0, transferred: 0, present: 2 });
  expect(await run('push')).toMatchObject({ exit: 0, transferred: 0, present: 5 });
});

test('a part of a folder that was added without a commit is refused with what can be done', async () => {
  const { run } = await repository('', { 'data/a': 'one', 'data/b': 'two' });
  await run('add', '--no-commit', 'data');
  const refused = await run('add', 'data/a');
  expect(refused).toMatchObject({ exit: 3, code: 'E_CACHE_MISSING' });
  expect(refused.fix).toContain('add all of "data"');
  expect(await run('add', 'data')).toMatchObject({ exit: 0 });
  expect(await run('add', 'data/a')).toMatchObject({ exit: 0 });
});

test('du counts what DVC 2 put into the cache too', async () => {
  const { root, run } = await repository('', { 'data/a': 'one' });
  await run('add', 'data/a');
  writeFiles(root, { '.dvc/cache/ab/cdef': '12345', '.dvc/cache/assay-damaged/ab': 'no data' });
  expect((await run('du')).cache).toBe('one'.length + 5);
});
