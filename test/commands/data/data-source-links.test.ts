import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { dirAddress, renderDirObject } from '../../../lib/pointers/listings/dir-object.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRemoteAndClone, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function data(root: string, ...args: string[]) {
  const { out, err, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, err, ...Object(JSON.parse(out)) };
}

let root: string;
beforeEach(async () => {
  root = (await newRepository()).folder;
  writeFiles(root, { '.dvc/config': '' });
});

/** Links of every kind, in the top, in a folder of git's, and to tracked data. */
const LINKS: Readonly<Record<string, string>> = {
  file: 'kept/one',
  folder: 'kept',
  twice: 'file',
  rows: 'data',
  row: 'data/deep/b',
  out: '../secret',
  absolute: '/etc/hostname',
  gone: 'nowhere',
  circle: 'circle',
  'kept/beside': 'one',
  'kept/row': '../data/a',
  'kept/up': '..',
  'kept/rows': '../data',
  'kept/out': '../../secret',
  'kept/gone': 'nowhere',
};

async function source() {
  const { remote, clone } = await newRemoteAndClone();
  const storage = join(await newFolder(), 'storage');
  writeFiles(clone.folder, {
    '.dvc/config': `[core]\n    remote = r\n['remote "r"']\n    url = ${storage}\n`,
    ...{ 'data/a': 'first', 'data/deep/b': 'second', 'kept/one': 'one' },
  });
  expect(await data(clone.folder, 'add', 'data')).toMatchObject({ exit: 0 });
  expect(await data(clone.folder, 'push')).toMatchObject({ exit: 0 });
  for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, join(clone.folder, path));
  await commitAll(clone, {}, 'links');
  await clone.run(['push', '--quiet', 'origin', 'HEAD:main']);
  return { clone, url: `file://${remote.folder}` };
}

describe('symbolic links of another repository', () => {
  test('are followed to its files, folders and data', async () => {
    const { clone, url } = await source();
    for (const from of [url, clone.folder]) {
      rmSync(join(root, 'got'), { recursive: true, force: true });
      for (const path of ['file', 'twice', 'row', 'rows/a', 'folder/one', 'rows']) {
        const out = `got/${path.replace('/', '-')}`;
        expect(await data(root, 'get', from, path, '--out', out), path).toMatchObject({ exit: 0 });
      }
      expect(readFiles(join(root, 'got'))).toEqual({
        ...{ file: 'one', twice: 'one', row: 'second', 'rows-a': 'first', 'folder-one': 'one' },
        ...{ 'rows/a': 'first', 'rows/deep/b': 'second' },
      });
    }
  });

  test('in a folder are the files that they lead to; others are left out, and told', async () => {
    const { url } = await source();
    const got = await data(root, 'get', url, 'kept');
    expect(got).toMatchObject({ exit: 0, files: 3, size: 'one'.length * 2 + 'first'.length });
    expect(readFiles(join(root, 'kept'))).toEqual({ one: 'one', beside: 'one', row: 'first' });
    for (const name of ['gone', 'out', 'rows', 'up'])
      expect(got.err).toContain(`kept/${name} (a symbolic link: it leads `);
    expect(got.err).not.toContain('kept/beside');
  });

  test('are refused where they lead nowhere in it', async () => {
    const { url } = await source();
    for (const [path, reason] of [
      ['out', 'it leads out of the repository'],
      ['absolute', 'it leads out of the repository'],
      ['out/further', 'it leads out of the repository'],
      ['circle', 'it leads in a circle'],
      ['gone', 'it leads to "nowhere", which is not there'],
    ] as const) {
      const refused = await data(root, 'get', url, path);
      expect(refused, path).toMatchObject({ exit: 2, code: 'E_DATA_LINK' });
      expect(refused.message, path).toContain(reason);
    }
    expect(await data(root, 'import', url, 'out')).toMatchObject({ exit: 2, code: 'E_DATA_LINK' });
    // What was typed so is no link, and nothing from the top either.
    for (const path of ['../secret', '/data', '/kept/one']) {
      expect(await data(root, 'get', url, path), path).toMatchObject({ exit: 2, code: 'E_DATA_NOT_TRACKED' });
    }
  });

  test('are imported under their names, so that an update goes where they lead then', async () => {
    const { clone, url } = await source();
    expect(await data(root, 'import', url, 'row')).toMatchObject({ exit: 0 });
    expect(await data(root, 'import', url, 'folder', '--no-download')).toMatchObject({ exit: 0 });
    expect(readFileSync(join(root, 'row.dvc'), 'utf8')).toContain('- path: row\n');
    for (const path of ['row', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(root)).toMatchObject({ row: 'second', 'folder/one': 'one' });
    rmSync(join(clone.folder, 'row'));
    symlinkSync('data/a', join(clone.folder, 'row'));
    await commitAll(clone, {}, 'the next');
    await clone.run(['push', '--quiet', 'origin', 'HEAD:main']);
    expect(await data(root, 'update', 'row.dvc')).toMatchObject({ exit: 0 });
    expect(readFiles(root)).toMatchObject({ row: 'first' });
  });

  test('that DVC imported as files of their texts are pulled as its pointer says', async () => {
    const { url } = await source();
    const commit = (await data(root, 'import', url, 'kept', '--out', 'other')).commit;
    const texts = ['one', ...Object.keys(LINKS).flatMap((path) => (path.startsWith('kept/') ? [path.slice(5)] : []))];
    const files = texts.map((relpath) => ({ relpath, md5: md5(Buffer.from(LINKS[`kept/${relpath}`] ?? 'one')) }));
    const pointer = (path: string, address: string) =>
      `frozen: true\ndeps:\n- path: ${path}\n  repo:\n    url: ${url}\n    rev_lock: ${commit}\nouts:\n- md5: ${address}\n  hash: md5\n  path: ${path}\n`;
    writeFileSync(join(root, 'kept.dvc'), pointer('kept', dirAddress(renderDirObject(files))));
    writeFileSync(join(root, 'gone.dvc'), pointer('gone', md5(Buffer.from('nowhere'))));
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(root)).toMatchObject({
      gone: 'nowhere',
      'kept/up': '..',
      'kept/one': 'one',
      'other/row': 'first',
    });
  });
});

test('a submodule is told by the address and commit that it has', async () => {
  const { remote, clone } = await newRemoteAndClone();
  const inner = await newRepository({ 'deep/file': 'text' });
  const address = inner.folder;
  await clone.run(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', address, 'libs/inner']);
  await commitAll(clone, { 'libs/own': 'own' }, 'a submodule');
  await clone.run(['push', '--quiet', 'origin', 'HEAD:main']);
  const url = `file://${remote.folder}`;
  const refused = await data(root, 'get', url, 'libs/inner/deep/file');
  expect(refused).toMatchObject({ exit: 2, code: 'E_DATA_SUBMODULE' });
  const commit = await inner.text(['rev-parse', 'HEAD']);
  expect(refused.message).toContain(`"deep/file" of ${address} at ${commit}`);
  expect(await data(root, 'import', url, 'libs/inner')).toMatchObject({ exit: 2, code: 'E_DATA_SUBMODULE' });
  const around = await data(root, 'get', url, 'libs');
  expect(around).toMatchObject({ exit: 0, files: 1 });
  expect(around.err).toContain('libs/inner (a submodule)');
});
