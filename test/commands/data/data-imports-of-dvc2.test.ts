import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dirAddress, renderDirObject } from '../../../lib/pointers/listings/dir-object.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { repository } from './data-repository.ts';

/** Text with the line ends of DOS, which DVC 2 took the digests of as if it had Unix'. */
const TEXTS = { 'a.csv': 'a\r\n1\r\n', 'deep/b.txt': 'b\r\n', unix: 'u\n', binary: '\0\r\n' };
const LEGACY = { 'a.csv': md5('a\n1\n'), 'deep/b.txt': md5('b\n'), unix: md5('u\n'), binary: md5('\0\r\n') };
const FOLDER = dirAddress(renderDirObject(Object.entries(LEGACY).map(([relpath, md5]) => ({ relpath, md5 }))));

/** What `git` keeps of a repository, and an address, as DVC 2 imported them: no `hash` in their pointers. */
async function imported() {
  const source = await newRepository();
  writeFiles(source.folder, Object.fromEntries(Object.entries(TEXTS).map(([name, text]) => [`data/${name}`, text])));
  const commit = await commitAll(source, {}, 'data');
  const outside = join(await newFolder(), 'rows');
  writeFiles(outside, TEXTS);
  const { root, cache, run, git } = await repository(
    `[core]\n    remote = r\n['remote "r"']\n    url = /nowhere\n`,
    {},
  );
  const pointer = (path: string, dep: string, address: string) =>
    `frozen: true\ndeps:\n- ${dep}\nouts:\n- md5: ${address}\n  path: ${path}\n`;
  const repo = `  repo:\n    url: ${source.folder}\n    rev_lock: ${commit}`;
  writeFiles(root, {
    'a.csv.dvc': pointer('a.csv', `path: data/a.csv\n${repo}`, LEGACY['a.csv']),
    'unix.dvc': pointer('unix', `path: data/unix\n${repo}`, LEGACY.unix),
    'data.dvc': pointer('data', `path: data\n${repo}`, FOLDER),
    'url.csv.dvc': pointer('url.csv', `path: ${join(outside, 'a.csv')}`, LEGACY['a.csv']),
    'rows.dvc': pointer('rows', `path: ${outside}`, FOLDER),
    '.dvc/config': '',
  });
  return { root, cache, run, git };
}

const ALL = { 'a.csv': TEXTS['a.csv'], unix: TEXTS.unix, 'url.csv': TEXTS['a.csv'] };

test('pull brings what DVC 2 imported, under the digests that it took', async () => {
  const { root, cache, run } = await imported();
  const pointer = readFileSync(join(root, 'rows.dvc'), 'utf8');
  expect(await run('pull')).toMatchObject({ exit: 0, failed: [] });
  expect(readFiles(root)).toMatchObject(ALL);
  for (const folder of ['data', 'rows']) expect(readFiles(join(root, folder))).toEqual(TEXTS);
  expect(readFileSync(join(root, 'rows.dvc'), 'utf8')).toBe(pointer);
  const { outputs } = await run('status');
  expect(outputs).toHaveLength(5);
  for (const output of outputs) expect(output).toMatchObject({ state: 'unchanged' });
  expect(await run('verify')).toMatchObject({ exit: 0 });
  // All of it is where DVC looks for what has no `hash`.
  rmSync(join(cache, 'files'), { recursive: true, force: true });
  expect(await run('fetch')).toMatchObject({ exit: 0, transferred: 0 });
});

test('get brings what another repository imported with DVC 2', async () => {
  const { root, git } = await imported();
  await commitAll(git, {}, 'imports');
  const other = await repository('', {});
  for (const [path, text] of Object.entries(ALL)) {
    expect(await other.run('get', root, path)).toMatchObject({ exit: 0, size: text.length });
  }
  for (const folder of ['data', 'rows']) expect(await other.run('get', root, folder)).toMatchObject({ exit: 0 });
  expect(readFiles(other.root)).toMatchObject(ALL);
  for (const folder of ['data', 'rows']) expect(readFiles(join(other.root, folder))).toEqual(TEXTS);
});
