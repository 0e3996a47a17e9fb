import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { placedData, rememberPlaced } from '../../../lib/pointers/checkout/placed-data.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { repository } from './data-repository.ts';

/** Data whose pointer has gone, as after `git switch`. DVC removes what it had linked there. */

/** A branch `main` without data, and `data` with a folder and a file. HEAD is at `data`. */
async function twoBranches(config = '') {
  const made = await repository(config, {});
  const { git, root, run } = made;
  await git.run(['add', '-A']);
  await git.run(['commit', '-q', '-m', 'no data']);
  await git.run(['switch', '-q', '-c', 'data']);
  writeFiles(root, { 'data/a': 'a', 'data/deep/b': 'b', 'models/m.bin': 'm' });
  expect(await run('add', 'data', 'models/m.bin')).toMatchObject({ exit: 0 });
  await commitAll(git, {}, 'data');
  return made;
}

test.each([
  ['checkout', 'copy'],
  ['checkout', 'hardlink'],
  ['checkout', 'symlink'],
  ['pull', 'copy'],
])('%s removes it, and the way back brings it again (%s)', async (verb, type) => {
  const config = `[cache]\n    type = ${type}\n[core]\n    remote = r\n['remote "r"']\n    url = ../remote-${type}\n`;
  const { git, root, run } = await twoBranches(config);
  await run('push');
  await git.run(['switch', '-q', 'main']);
  expect(await run(verb)).toMatchObject({
    exit: 0,
    outputs: [
      { path: 'data', state: 'deleted', deleted: 2 },
      { path: 'models/m.bin', state: 'deleted', deleted: 1 },
    ],
  });
  expect(existsSync(join(root, 'data'))).toBe(false);
  expect(existsSync(join(root, 'models', 'm.bin'))).toBe(false);
  expect(await run(verb)).toMatchObject({ exit: 0, outputs: [] });
  await git.run(['switch', '-q', 'data']);
  expect(await run(verb)).toMatchObject({ exit: 0 });
  expect(readFiles(join(root, 'data'))).toEqual({ a: 'a', 'deep/b': 'b' });
});

test('what was checked out is removed, not only what was added here', async () => {
  const { git, root, run } = await twoBranches();
  rmSync(join(root, 'data'), { recursive: true });
  rmSync(join(root, '.dvc', 'tmp'), { recursive: true });
  await run('checkout', 'data');
  await git.run(['switch', '-q', 'main']);
  expect(await run('checkout')).toMatchObject({ outputs: [{ path: 'data', state: 'deleted' }] });
  // Nothing is known of the other one.
  expect(existsSync(join(root, 'models', 'm.bin'))).toBe(true);
});

test('a target names what is meant: nothing else goes', async () => {
  const { git, root, run } = await twoBranches();
  await git.run(['switch', '-q', 'main']);
  writeFiles(root, { 'x.bin': 'x' });
  await run('add', 'x.bin');
  expect(await run('checkout', 'x.bin')).toMatchObject({ exit: 0 });
  expect(existsSync(join(root, 'data'))).toBe(true);
});

type Made = Awaited<ReturnType<typeof twoBranches>>;

test.each<[string, (made: Made) => unknown]>([
  ['a changed file', ({ root }) => writeFileSync(join(root, 'data', 'a'), 'mine')],
  ['a file more', ({ root }) => writeFileSync(join(root, 'data', 'mine'), 'mine')],
  ['a file less', ({ root }) => rmSync(join(root, 'data', 'a'))],
  ['a link to nothing', ({ root }) => symlinkSync('nowhere', join(root, 'data', 'up'))],
  ['a cache that lost a file', ({ object }) => rmSync(object('a'))],
  ['a link in the place of the folder', ({ root }) => moveBehindLink(root)],
  ['git that tracks it now', ({ git }) => git.run(['add', '-f', 'data/a'])],
])('it stays with %s', async (_what, change) => {
  const made = await twoBranches();
  const { git, root, run } = made;
  await git.run(['switch', '-q', 'main']);
  await change(made);
  const before = readdirSync(join(root, 'data'), { recursive: true });
  expect(await run('checkout')).toMatchObject({ exit: 0, outputs: [{ path: 'models/m.bin' }] });
  expect(readdirSync(join(root, 'data'), { recursive: true })).toEqual(before);
});

function moveBehindLink(root: string): void {
  mkdirSync(join(root, 'elsewhere'));
  renameSync(join(root, 'data'), join(root, 'elsewhere', 'data'));
  symlinkSync('elsewhere/data', join(root, 'data'));
}

test('it stays where no commit names it', async () => {
  const { root, run } = await repository('', { 'x.bin': 'x' });
  await run('add', 'x.bin');
  rmSync(join(root, 'x.bin.dvc'));
  expect(await run('checkout')).toMatchObject({ exit: 0, outputs: [] });
  expect(existsSync(join(root, 'x.bin'))).toBe(true);
});

test('it stays where there is no git', async () => {
  const root = await newFolder();
  writeFiles(root, { '.dvc/config': '', 'x.bin': 'x' });
  const run = async (...args: string[]) => (await assay(root, ['data', ...args])).code;
  expect(await run('add', 'x.bin')).toBe(0);
  rmSync(join(root, 'x.bin.dvc'));
  expect(await run('checkout')).toBe(0);
  expect(existsSync(join(root, 'x.bin'))).toBe(true);
});

test('what .dvcignore hides in it stays', async () => {
  const { git, root, run } = await twoBranches();
  writeFiles(root, { '.dvcignore': '*.log\n', 'data/deep/run.log': 'mine' });
  await git.run(['switch', '-q', 'main']);
  expect(await run('checkout')).toMatchObject({ outputs: [{ path: 'data', deleted: 2 }, { path: 'models/m.bin' }] });
  expect(readFiles(join(root, 'data'))).toEqual({ 'deep/run.log': 'mine' });
});

test('files that are tracked one by one come into what a folder left, and the folder again', async () => {
  const { git, root, run } = await twoBranches();
  await git.run(['switch', '-q', 'main']);
  rmSync(join(root, 'data'), { recursive: true });
  writeFiles(root, { 'data/a': 'another', 'data/c': 'c' });
  await run('add', 'data/a', 'data/c');
  await commitAll(git, {}, 'files');
  rmSync(join(root, 'data', 'a'));
  rmSync(join(root, 'data', 'c'));
  await git.run(['switch', '-q', 'data']);
  expect(await run('checkout')).toMatchObject({ exit: 0 });
  expect(readFiles(join(root, 'data'))).toEqual({ a: 'a', 'deep/b': 'b' });
  await git.run(['switch', '-q', 'main']);
  expect(await run('checkout')).toMatchObject({ exit: 0 });
  // As for DVC the folder is another one by now: git has put pointers into it.
  expect(readFiles(join(root, 'data'))).toMatchObject({ a: 'another', c: 'c', 'deep/b': 'b' });
});

test('the memory of it takes anything for none that is not its own', async () => {
  const { root } = await repository('', {});
  const file = join(root, '.dvc', 'tmp', 'assay', 'placed.json');
  const output = { path: 'data', md5: md5('a'), hash: 'md5' } as const;
  rememberPlaced(root, [output]);
  expect([...placedData(root).values()]).toEqual([output]);
  rememberPlaced(root, [], ['data']);
  expect(placedData(root).size).toBe(0);
  for (const text of ['', '[]', 'null', '{"schema":"assay/placed-data/1","outputs":[{"path":1}]}', '{"outputs":3}']) {
    writeFileSync(file, text);
    expect([text, placedData(root).size]).toEqual([text, 0]);
  }
});
