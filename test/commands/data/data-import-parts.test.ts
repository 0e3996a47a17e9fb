import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

/** Files of a cache that are no listings. */
function objectsIn(root: string): string[] {
  const cache = join(root, '.dvc', 'cache', 'files');
  if (!existsSync(cache)) return [];
  return Object.entries(readFiles(cache))
    .flatMap(([path, text]) => (path.endsWith('.dir') ? [] : [text]))
    .sort();
}

/** A repository with tracked data, its remote, and files that git keeps. */
async function source() {
  const git = await newRepository();
  const storage = join(await newFolder(), 'storage');
  writeFiles(git.folder, {
    '.dvc/config': `[core]\n    remote = r\n['remote "r"']\n    url = ${storage}\n`,
    ...{ 'data/a': 'first', 'data/deep/b': 'second', 'data/deep/er/c': 'third', 'data/deep/er/d': 'fourth' },
    ...{ 'kept/one': '1', 'kept/two/x': '2' },
  });
  expect(await data(git.folder, 'add', 'data')).toMatchObject({ exit: 0 });
  expect(await data(git.folder, 'push')).toMatchObject({ exit: 0 });
  rmSync(join(git.folder, '.dvc', 'cache'), { recursive: true });
  await commitAll(git, {}, 'data');
  return git.folder;
}

test.each([
  // What was imported, the part that is pulled, what comes.
  ['data', 'all/deep/er', { 'all/deep/er/c': 'third', 'all/deep/er/d': 'fourth' }],
  ['data/deep', 'all/b', { 'all/b': 'second' }],
])('of an import of %s, %s comes alone', async (path, part, expected) => {
  const from = await source();
  const { folder: root } = await newRepository();
  writeFiles(root, { '.dvc/config': '' });
  expect(await data(root, 'import', from, path, '--out', 'all')).toMatchObject({ exit: 0 });
  for (const one of ['all', '.dvc/cache']) rmSync(join(root, one), { recursive: true });
  expect(await data(root, 'pull', part)).toMatchObject({ exit: 0 });
  const shown = Object.entries(readFiles(root)).filter(([name]) => name.startsWith('all/'));
  expect(Object.fromEntries(shown)).toEqual(expected);
  expect(objectsIn(root)).toEqual(Object.values(expected).sort());
  // The listing is here now; the next part comes alone too.
  const next = path === 'data' ? 'all/a' : 'all/er/c';
  expect(await data(root, 'fetch', next)).toMatchObject({ exit: 0, failed: [] });
  expect(objectsIn(root)).toHaveLength(Object.keys(expected).length + 1);
  expect(await data(root, 'pull', 'all/nothing')).toMatchObject({ exit: 2, code: 'E_OUTPUT_TARGET' });
  expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
  expect(await data(root, 'status')).toMatchObject({ exit: 0, clean: true });
});

test('a part of what git keeps there needs all of it: no listing tells its digests', async () => {
  const from = await source();
  const { folder: root } = await newRepository();
  writeFiles(root, { '.dvc/config': '' });
  expect(await data(root, 'import', from, 'kept')).toMatchObject({ exit: 0 });
  for (const one of ['kept', '.dvc/cache']) rmSync(join(root, one), { recursive: true });
  expect(await data(root, 'pull', 'kept/two')).toMatchObject({ exit: 0 });
  expect(readdirSync(join(root, 'kept'))).toEqual(['two']);
  expect(objectsIn(root)).toEqual(['1', '2']);
});

test('an import whose path or commit has gone there does not keep the others from coming', async () => {
  const from = await source();
  const { folder: root } = await newRepository();
  writeFiles(root, { '.dvc/config': '' });
  const pointer = (path: string, commit: string) =>
    `deps:\n- path: ${path}\n  repo:\n    url: ${from}\n    rev_lock: ${commit}\nouts:\n- md5: ${'a'.repeat(32)}\n  hash: md5\n  path: ${path}\n`;
  const { commit } = await data(root, 'import', from, 'data');
  writeFiles(root, {
    'a-gone.dvc': pointer('a-gone', commit),
    'b-never.dvc': pointer('b-never', 'b'.repeat(40)),
  });
  for (const one of ['data', '.dvc/cache']) rmSync(join(root, one), { recursive: true });
  const pulled = await data(root, 'pull');
  expect(pulled.failed.map(({ path, code }: { path: string; code: string }) => [path, code])).toEqual([
    ['a-gone', 'E_DATA_NOT_TRACKED'],
    ['b-never', 'E_GIT_UNKNOWN_COMMIT'],
  ]);
  expect(readFiles(join(root, 'data'))).toMatchObject({ a: 'first' });
});
