import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { bringPointers } from '../../../lib/commands/data/transfer/bring-pointers.ts';
import { dataPush } from '../../../lib/commands/data/transfer/data-push.ts';
import { assay } from '../../cli/command-line.ts';
import { cloneOf, commitAll, newFolder, newRemoteAndClone, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { opened } from '../repository.ts';

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

const ROWS = { a: 'one', 'deep/b': 'two' };

/** A repository on a git host whose data are in the store of its assay.yaml, and in no cache any more. */
async function upstream(store: string) {
  const { remote, clone } = await newRemoteAndClone();
  writeFiles(clone.folder, {
    'rows/a': ROWS.a,
    'rows/deep/b': ROWS['deep/b'],
    'assay.yaml': `data: {}\nmodels: {}\nstore: ${store}\n`,
  });
  expect(await data(clone.folder, 'add', 'rows')).toMatchObject({ exit: 0 });
  await commitAll(clone, {}, 'rows');
  await clone.run(['push', '--quiet', 'origin', 'HEAD:main']);
  expect(await data(clone.folder, 'push')).toMatchObject({ exit: 0, transferred: 3 });
  rmSync(join(clone.folder, '.dvc', 'cache'), { recursive: true });
  return { remote, clone, url: `file://${remote.folder}` };
}

let root: string;
beforeEach(async () => {
  root = (await newRepository()).folder;
  writeFiles(root, { '.dvc/config': '' });
});

describe('data of a repository that keeps them in the store of its assay.yaml', () => {
  test.each([
    ['its own ref', async () => 'ref'],
    ['a folder', async () => join(await newFolder(), 'store')],
  ])('are brought from %s, by address, path and clone', async (_what, place) => {
    const { remote, clone, url } = await upstream(await place());
    expect(await data(root, 'get', url, 'rows/a')).toMatchObject({ exit: 0 });
    expect(await data(root, 'get', remote.folder, 'rows', '--out', 'bare')).toMatchObject({ exit: 0 });
    expect(await data(root, 'get', clone.folder, 'rows', '--out', 'work')).toMatchObject({ exit: 0 });
    expect(await data(root, 'get', (await cloneOf(remote)).folder, 'rows', '--out', 'other')).toMatchObject({
      exit: 0,
    });
    for (const folder of ['bare', 'work', 'other']) expect(readFiles(join(root, folder)), folder).toEqual(ROWS);
    expect((await data(root, 'ls', url, 'rows', '-R')).entries).toHaveLength(2);
    expect(await data(root, 'import', url, 'rows')).toMatchObject({ exit: 0, files: 2 });
    for (const path of ['rows', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(join(root, 'rows'))).toEqual(ROWS);
    writeFiles(clone.folder, { 'rows/c': 'three' });
    expect(await data(clone.folder, 'add', 'rows')).toMatchObject({ exit: 0 });
    await commitAll(clone, {}, 'more');
    await clone.run(['push', '--quiet', 'origin', 'HEAD:main']);
    expect(await data(clone.folder, 'push')).toMatchObject({ exit: 0, transferred: 2 });
    rmSync(join(clone.folder, '.dvc', 'cache'), { recursive: true });
    expect(await data(root, 'update', 'rows.dvc')).toMatchObject({ exit: 0, updated: [{ state: 'changed' }] });
    expect(readFiles(join(root, 'rows'))).toEqual({ ...ROWS, c: 'three' });
  });

  test('have an address in a folder, and none in the ref', async () => {
    const store = join(await newFolder(), 'store');
    const { url } = await upstream(store);
    expect((await data(root, 'get', url, 'rows/a', '--show-url')).url).toMatch(new RegExp(`^${store}/files/md5/`));
    const { url: other } = await upstream('ref');
    expect(await data(root, 'get', other, 'rows/a', '--show-url')).toMatchObject({ exit: 2, code: 'E_DATA_OPTION' });
  });

  test('are missing where the repository has no remote whose ref could have them', async () => {
    const git = await newRepository();
    writeFiles(git.folder, { rows: 'one', 'assay.yaml': 'data: {}\nmodels: {}\nstore: ref\n' });
    expect(await data(git.folder, 'add', 'rows')).toMatchObject({ exit: 0 });
    await commitAll(git, {}, 'rows');
    rmSync(join(git.folder, '.dvc', 'cache'), { recursive: true });
    expect(await data(root, 'get', git.folder, 'rows')).toMatchObject({ exit: 3, code: 'E_STORE_OBJECT_MISSING' });
  });
});

test('data behind a pointer are brought from the ref where an action put them, in a repository that names no store', async () => {
  const { clone } = await newRemoteAndClone();
  writeFiles(clone.folder, { 'rows.csv': 'a\n1\n', 'assay.yaml': 'data: { rows: { path: rows.csv } }\nmodels: {}\n' });
  expect(await data(clone.folder, 'add', 'rows.csv')).toMatchObject({ exit: 0 });
  const { context, project } = await opened({ root: clone.folder }, { defaultStore: 'ref' });
  expect((await dataPush(context, { targets: [] })).document).toMatchObject({ transferred: 1 });
  for (const path of ['rows.csv', '.dvc/cache']) rmSync(join(clone.folder, path), { recursive: true });
  expect(await bringPointers(context, project, [join(clone.folder, 'rows.csv.dvc')])).toEqual([
    join(clone.folder, 'rows.csv'),
  ]);
  expect(readFileSync(join(clone.folder, 'rows.csv'), 'utf8')).toBe('a\n1\n');
});
