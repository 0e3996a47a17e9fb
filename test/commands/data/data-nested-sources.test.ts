import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRemoteAndClone, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

let root: string;
beforeEach(async () => {
  root = (await newRepository()).folder;
  writeFiles(root, { '.dvc/config': '' });
});

/** A project of DVC's in a folder, with a remote and data of its own and nothing in its cache. */
async function project(folder: string, rows: string): Promise<void> {
  const remote = join(await newFolder(), 'remote');
  writeFiles(folder, {
    '.dvc/config': `[core]\n    remote = r\n['remote "r"']\n    url = ${remote}\n`,
    '.dvc/.gitignore': '/config.local\n/tmp\n/cache\n',
    'rows/a': rows,
    'rows/deep/b': 'two',
  });
  expect(await data(folder, 'add', 'rows')).toMatchObject({ exit: 0 });
  expect(await data(folder, 'push')).toMatchObject({ exit: 0 });
  rmSync(join(folder, '.dvc', 'cache'), { recursive: true });
}

describe('a repository of git that holds several of DVC', () => {
  async function monorepo() {
    const { remote, clone } = await newRemoteAndClone();
    await project(join(clone.folder, 'teams', 'one'), 'first');
    await project(join(clone.folder, 'teams', 'one', 'inner'), 'within');
    await project(join(clone.folder, 'two'), 'second');
    await commitAll(clone, { 'two/read.me': 'text' }, 'projects');
    await clone.run(['push', '--quiet', 'origin', 'HEAD:main']);
    return { clone, url: `file://${remote.folder}` };
  }

  test('gives each one its own data, by address and by path, as DVC does', async () => {
    const { clone, url } = await monorepo();
    for (const from of [url, clone.folder]) {
      for (const path of ['rows', 'b', 'two', 'teams']) rmSync(join(root, path), { recursive: true, force: true });
      expect(await data(root, 'get', from, 'two/rows')).toMatchObject({ exit: 0, files: 2 });
      expect(readFiles(join(root, 'rows'))).toEqual({ a: 'second', 'deep/b': 'two' });
      expect(await data(root, 'get', from, 'teams/one/rows/deep/b')).toMatchObject({ exit: 0, files: 1 });
      // A folder above them, or one of them, with all of it.
      expect(await data(root, 'get', from, 'two')).toMatchObject({ exit: 0 });
      expect(readFiles(join(root, 'two'))).toMatchObject({
        'read.me': 'text',
        'rows/a': 'second',
        'rows/deep/b': 'two',
      });
      expect(await data(root, 'get', from, 'teams')).toMatchObject({ exit: 0 });
      expect(readFiles(join(root, 'teams'))).toMatchObject({ 'one/rows/a': 'first', 'one/inner/rows/a': 'within' });
    }
    expect(await data(root, 'get', join(clone.folder, 'two'), 'rows', '--out', 'own')).toMatchObject({
      exit: 0,
      files: 2,
    });
  });

  test('lists, measures and imports them', async () => {
    const { clone, url } = await monorepo();
    const paths = ({ entries }: { entries: readonly { path: string }[] }) => entries.map(({ path }) => path);
    expect(paths(await data(root, 'ls', url, '-R', '--dvc-only'))).toEqual([
      ...['teams/one/inner/rows/a', 'teams/one/inner/rows/deep/b', 'teams/one/rows/a', 'teams/one/rows/deep/b'],
      ...['two/rows/a', 'two/rows/deep/b'],
    ]);
    expect(paths(await data(root, 'ls', url, 'two'))).toContain('two/rows');
    expect((await data(root, 'du', url, 'two')).outputs).toContainEqual({ path: 'two/rows', size: 9, files: 2 });
    expect((await data(root, 'get', url, 'two/rows', '--show-url')).url).toMatch(/\/remote\/files\/md5\/.*\.dir$/);
    expect(await data(root, 'import', url, 'two/rows')).toMatchObject({ exit: 0, files: 2 });
    expect(await data(root, 'import', url, 'teams/one/rows', '--no-download', '--out', 'later')).toMatchObject({
      exit: 0,
    });
    for (const path of ['rows', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, 'later'))).toEqual({ a: 'first', 'deep/b': 'two' });
    expect(await data(root, 'get', url, 'two/nothing')).toMatchObject({ exit: 2, code: 'E_DATA_NOT_TRACKED' });
    expect(await data(clone.folder, 'ls', '.', 'two/rows')).toMatchObject({ exit: 0 });
  });
});

test('the whole of another repository is imported as DVC does, and pulled again', async () => {
  const { remote, clone } = await newRemoteAndClone();
  await project(clone.folder, 'first');
  await commitAll(clone, {}, 'rows');
  await clone.run(['push', '--quiet', 'origin', 'HEAD:main']);
  expect(await data(root, 'import', `file://${remote.folder}`, '.', '--out', 'all')).toMatchObject({ exit: 0 });
  for (const path of ['all', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
  expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
  expect(readFiles(join(root, 'all'))).toMatchObject({
    'code.py': 'print(1)\n',
    'rows/a': 'first',
    'rows/deep/b': 'two',
  });
});

test('an import is brought from the commit that it names, though a forced push took it off every branch', async () => {
  const { remote, clone } = await newRemoteAndClone();
  await commitAll(clone, { 'rows.csv': 'a\n1\n' }, 'rows');
  await clone.run(['push', '--quiet', 'origin', 'HEAD:main']);
  expect(await data(root, 'import', `file://${remote.folder}`, 'rows.csv')).toMatchObject({ exit: 0 });
  await clone.run(['commit', '--quiet', '--amend', '--message', 'other']);
  await clone.run(['push', '--quiet', '--force', 'origin', 'HEAD:main']);
  for (const path of ['rows.csv', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
  expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
  expect(readFiles(root)['rows.csv']).toBe('a\n1\n');
});

test('a name that is a tag and a branch is the tag, as git has it: by address, by path, and in what is newer', async () => {
  const { remote, clone } = await newRemoteAndClone();
  await commitAll(clone, { f: 'tag' }, 'tag');
  await clone.run(['tag', 'x']);
  await clone.run(['checkout', '--quiet', '-b', 'x']);
  await commitAll(clone, { f: 'branch' }, 'branch');
  await clone.run(['push', '--quiet', 'origin', 'refs/heads/x', 'refs/tags/x']);
  for (const [place, from] of [`file://${remote.folder}`, remote.folder, clone.folder].entries()) {
    expect(await data(root, 'import', from, 'f', '--rev', 'x', '--out', `f${place}`)).toMatchObject({ exit: 0 });
    expect(readFiles(root)[`f${place}`], from).toBe('tag');
  }
  expect(await data(root, 'status')).toMatchObject({ exit: 0 });
  // As a workflow calls its branch: github.ref.
  for (const [place, rev] of ['refs/heads/x', 'heads/x'].entries()) {
    expect(await data(root, 'get', remote.folder, 'f', '--rev', rev, '--out', `b${place}`)).toMatchObject({ exit: 0 });
    expect(readFiles(root)[`b${place}`], rev).toBe('branch');
  }
});
