import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { objectKey } from '../../../lib/pointers/object-key.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

let root: string;
let remote: string;
let source: string;
let server: Server;
let web: string;
let text: string;
const pointer = (name: string) => readFileSync(join(root, `${name}.dvc`), 'utf8');
const forget = (...paths: string[]) => {
  for (const path of [...paths, '.dvc/cache']) rmSync(join(root, path), { recursive: true });
};

beforeEach(async () => {
  root = (await newRepository()).folder;
  remote = join(await newFolder(), 'remote');
  source = await newFolder();
  writeFiles(source, { 'rows/a': 'one', 'rows/b/c': 'two' });
  writeFiles(root, { '.dvc/config': `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n` });
  text = 'from the web';
  server = createServer((request, response) => {
    const found = request.url === '/w.csv';
    response.writeHead(found ? 200 : 404, { etag: `"${md5(text).slice(0, 8)}"`, 'content-length': text.length });
    response.end(request.method === 'HEAD' ? undefined : text);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  web = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/w.csv`;
});
afterEach(() => new Promise((stopped) => server.close(stopped)));

describe('what was imported from an address and never pushed', () => {
  test('comes from there, as long as it is the same', async () => {
    await data(root, 'import-url', web);
    await data(root, 'import-url', join(source, 'rows'));
    forget('w.csv', 'rows');
    expect(await data(root, 'pull')).toMatchObject({ exit: 0, failed: [] });
    expect(readFileSync(join(root, 'w.csv'), 'utf8')).toBe(text);
    expect(readFiles(join(root, 'rows'))).toEqual({ a: 'one', 'b/c': 'two' });

    const before = [pointer('w.csv'), pointer('rows')];
    text = 'changed';
    forget('w.csv', 'rows');
    expect(await data(root, 'pull', 'w.csv')).toMatchObject({
      exit: 3,
      failed: [{ path: 'w.csv', code: 'E_DATA_IMPORT_CHANGED' }],
    });
    rmSync(source, { recursive: true });
    expect(await data(root, 'fetch')).toMatchObject({
      exit: 3,
      failed: [{ path: 'w.csv' }, { path: 'rows' }].reverse(),
    });
    expect([pointer('w.csv'), pointer('rows')]).toEqual(before);
  });

  test('is named from the pointer where it lies in the repository, however it was typed', async () => {
    writeFiles(root, { 'raw/rows.csv': 'a\n', 'sub/x': '' });
    await data(root, 'import-url', join(root, 'raw', 'rows.csv'), 'sub/rows.csv');
    expect(pointer('sub/rows.csv')).toContain('path: ../raw/rows.csv\n');
    await data(root, 'import-url', join(source, 'rows'));
    expect(pointer('rows')).toContain(`path: ${join(source, 'rows')}\n`);
  });

  test('comes from there without any remote, but a remote that is named is asked', async () => {
    writeFiles(root, { '.dvc/config': '' });
    await data(root, 'import-url', web);
    forget('w.csv');
    expect(await data(root, 'pull')).toMatchObject({ exit: 0, fetched: 1 });
    forget('w.csv');
    expect(await data(root, 'pull', '--remote', 'nobody')).toMatchObject({ exit: 2, code: 'E_DATA_NO_REMOTE' });
  });
});

describe('imports that bring nothing', () => {
  test('name what tells the data from others, and pull completes them', async () => {
    expect(await data(root, 'import-url', web, '--no-download')).toMatchObject({ exit: 0, size: 0, files: 0 });
    // As DVC writes it (seen of 3.67.1): test/interop/dvc-imports.test.ts holds whole files against it.
    expect(pointer('w.csv')).toContain(
      `deps:\n- checksum: '"${md5(text).slice(0, 8)}"'\n  size: 12\n  hash: md5\n  path: ${web}\nouts:\n- hash: md5\n  path: w.csv\n`,
    );
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('/w.csv\n');
    expect(await data(root, 'status')).toMatchObject({ outputs: [{ path: 'w.csv', state: 'deleted' }] });
    expect(await data(root, 'pull')).toMatchObject({ exit: 0, fetched: 1, written: ['w.csv.dvc'] });
    expect(readFileSync(join(root, 'w.csv'), 'utf8')).toBe(text);
    const completed = pointer('w.csv');
    expect(completed).toContain(`md5: ${md5(text)}\n`);
    expect(await data(root, 'pull')).toMatchObject({ exit: 0, fetched: 0 });
    // Nothing of the completed pointer differs from one that was downloaded at once but the order of its keys.
    await data(root, 'import-url', web, '--force');
    const lines = (file: string) => file.replaceAll('- ', '  ').split('\n').sort();
    expect(lines(pointer('w.csv'))).toEqual(lines(completed));
  });

  test('are not completed by something else than what was noted', async () => {
    await data(root, 'import-url', web, '--no-download');
    await data(root, 'import-url', join(source, 'rows'), '--no-download');
    text = 'changed';
    writeFiles(source, { 'rows/a': 'changed' });
    const before = [pointer('w.csv'), pointer('rows')];
    const changed = { code: 'E_DATA_IMPORT_CHANGED' };
    expect(await data(root, 'pull')).toMatchObject({ exit: 3, failed: [changed, changed] });
    expect([pointer('w.csv'), pointer('rows')]).toEqual(before);
    expect(await data(root, 'update', 'rows')).toMatchObject({ exit: 0, updated: [{ state: 'changed' }] });
    expect(readFiles(join(root, 'rows'))).toEqual({ a: 'changed', 'b/c': 'two' });
  });

  test('of a repository name its commit, or nothing', async () => {
    const git = await newRepository();
    const first = await commitAll(git, { 'rows/a': 'one' }, 'first');
    await data(root, 'import', git.folder, 'rows', '--no-download');
    await data(root, 'import', git.folder, 'rows', '--no-exec', '--out', 'later');
    expect(await data(root, 'import', git.folder, 'nothing', '--no-download')).toMatchObject({
      ...{ exit: 2, code: 'E_DATA_NOT_TRACKED' },
    });
    expect(pointer('rows')).toContain(`rev_lock: ${first}\nouts:\n- hash: md5\n  path: rows\n`);
    expect(pointer('later')).toMatch(/^frozen: true\n/);
    expect(pointer('later')).not.toContain('rev_lock');
    const second = await commitAll(git, { 'rows/a': 'two' }, 'second');
    expect(await data(root, 'pull')).toMatchObject({ exit: 0, written: ['later.dvc', 'rows.dvc'] });
    expect(readFiles(join(root, 'rows'))).toEqual({ a: 'one' });
    expect(readFiles(join(root, 'later'))).toEqual({ a: 'two' });
    expect(pointer('later')).toContain(`rev_lock: ${second}`);
  });
});

describe('straight to the remote', () => {
  test.each([
    ['an import', ['import-url', '--to-remote'], true],
    ['data of one’s own', ['add', '--to-remote', '--out', 'rows'], false],
  ] as const)('%s leaves nothing here but a pointer', async (_name, [verb, ...options], imported) => {
    expect(await data(root, verb, join(source, 'rows'), ...options)).toMatchObject({ exit: 0 });
    expect(readFiles(root)).not.toHaveProperty(['rows/a']);
    expect(Object.keys(readFiles(root)).filter((path) => path.startsWith('.dvc/cache'))).toEqual([]);
    expect(Object.keys(readFiles(root)).filter((path) => path.startsWith('.dvc/tmp/assay/staging'))).toEqual([]);
    expect(pointer('rows').startsWith('md5: ')).toBe(imported);
    rmSync(source, { recursive: true });
    expect(await data(root, 'pull')).toMatchObject({ exit: 0, fetched: 3 });
    expect(readFiles(join(root, 'rows'))).toEqual({ a: 'one', 'b/c': 'two' });
  });

  test('there has to be a remote, and options must not contradict each other', async () => {
    const rows = join(source, 'rows');
    const contradiction = { exit: 2, code: 'E_DATA_OPTIONS' };
    expect(await data(root, 'import-url', rows, '--to-remote', '--no-download')).toMatchObject(contradiction);
    expect(await data(root, 'add', rows, rows, '--out', 'x')).toMatchObject(contradiction);
    expect(await data(root, 'add', rows, '--out', 'x', '--no-commit')).toMatchObject(contradiction);
    writeFiles(root, { '.dvc/config': '' });
    expect(await data(root, 'import-url', rows, '--to-remote')).toMatchObject({ exit: 2, code: 'E_DATA_NO_REMOTE' });
    expect(Object.keys(readFiles(root)).filter((path) => path.endsWith('rows.dvc'))).toEqual([]);
  });
});

test('add takes patterns, copies from elsewhere, and pointers alone', async () => {
  writeFiles(root, { 'in/x.csv': '1', 'in/y.csv': '2', 'in/z.txt': '3', 'in/deep/w.csv': '4' });
  expect(await data(root, 'add', '--glob', 'in/**/*.csv')).toMatchObject({
    added: [{ path: 'in/deep/w.csv' }, { path: 'in/x.csv' }, { path: 'in/y.csv' }],
  });
  expect(await data(root, 'add', '--glob', 'in/*.parquet')).toMatchObject({ exit: 2, code: 'E_DATA_NOTHING' });
  expect(await data(root, 'add', join(source, 'rows'), '--out', 'in/rows')).toMatchObject({
    added: [{ path: 'in/rows', files: 2, state: 'new' }],
  });
  expect(pointer('in/rows')).toMatch(/^outs:\n- md5: /);
  expect(readFiles(join(root, 'in/rows'))).toEqual({ a: 'one', 'b/c': 'two' });
  expect(await data(root, 'add', join(source, 'rows'), '--out', 'in/rows')).toMatchObject({ code: 'E_DATA_EXISTS' });

  writeFiles(root, { 'big/a': 'A', 'big/b': 'B' });
  const objects = () => Object.keys(readFiles(join(root, '.dvc/cache'))).length;
  const before = objects();
  expect(await data(root, 'add', 'big', '--no-commit')).toMatchObject({ exit: 0, added: [{ files: 2 }] });
  expect(objects()).toBe(before);
  const written = pointer('big');
  expect(await data(root, 'status', 'big')).toMatchObject({ outputs: [{ state: 'not in cache' }] });
  await data(root, 'add', 'big');
  expect(pointer('big')).toBe(written);
  expect(objects()).toBe(before + 3);
});

test('the data of other branches, tags and commits are pushed and fetched', async () => {
  const git = await newRepository();
  root = git.folder;
  writeFiles(root, { '.dvc/config': `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n` });
  writeFiles(root, { '.dvc/.gitignore': '/cache\n/tmp\n' });
  const commitOf = async (content: string, name: string) => {
    writeFiles(root, { data: content });
    await data(root, 'add', 'data');
    return commitAll(git, {}, name);
  };
  await commitOf('old', 'first');
  await commitOf('tagged', 'second');
  await git.run(['tag', 'v1']);
  await git.run(['checkout', '--quiet', '-b', 'side']);
  await commitOf('side', 'third');
  await git.run(['checkout', '--quiet', '-']);
  await commitOf('newest', 'fourth');
  expect(await data(root, 'push')).toMatchObject({ transferred: 1 });
  expect(await data(root, 'status', '--cloud', '--all-tags')).toMatchObject({
    cloud: [{ path: 'data', state: 'new' }],
  });
  expect(await data(root, 'push', '--all-tags')).toMatchObject({ transferred: 1, present: 1 });
  expect(await data(root, 'push', '-a', 'data')).toMatchObject({ transferred: 1 });
  expect(await data(root, 'push', '-A')).toMatchObject({ transferred: 1, present: 3 });
  expect(await data(root, 'push', '-A', 'nothing')).toMatchObject({ exit: 2, code: 'E_OUTPUT_TARGET' });
  const held = () =>
    Object.values(readFiles(join(root, '.dvc/cache')))
      .map(String)
      .sort();
  forget('data');
  expect(await data(root, 'fetch', '-a')).toMatchObject({ transferred: 2 });
  expect(held()).toEqual(['newest', 'side']);
  expect(await data(root, 'pull', '-A')).toMatchObject({
    exit: 0,
    fetched: 2,
    outputs: [{ path: 'data', state: 'added' }],
  });
  expect(held()).toEqual(['newest', 'old', 'side', 'tagged']);
  expect(readFileSync(join(root, 'data'), 'utf8')).toBe('newest');
});

test('an object that was written to in the cache is brought anew: its size was taken for the size of the data', async () => {
  const other = await newRepository();
  const cache = join(await newFolder(), 'cache');
  writeFiles(other.folder, { '.dvc/config': `[cache]\n    dir = ${cache}\n`, 'own/x': 'own', 'one.bin': 'one' });
  await data(other.folder, 'add', 'own', 'one.bin');
  await commitAll(other, {}, 'data');
  expect(await data(root, 'import', other.folder, 'own/x')).toMatchObject({ exit: 0, size: 3 });
  expect(await data(root, 'import', other.folder, 'one.bin')).toMatchObject({ exit: 0, size: 3 });
  const before = [pointer('x'), pointer('one.bin')];
  const objects = ['own', 'one'].map((bytes) => join(root, '.dvc/cache', objectKey(md5(bytes))));
  for (const object of objects) {
    chmodSync(object, 0o644);
    writeFileSync(object, 'something longer');
  }
  expect(await data(root, 'update', 'x.dvc', 'one.bin.dvc')).toMatchObject({ exit: 0 });
  expect([pointer('x'), pointer('one.bin')]).toEqual(before);
  expect(objects.map((object) => readFileSync(object, 'utf8'))).toEqual(['own', 'one']);
});

test('an import made anew keeps what people wrote into its pointer', async () => {
  await data(root, 'import-url', web);
  const told = `# from the office\n${pointer('w.csv')}  desc: one row a flight\n  remote: team\n`;
  writeFiles(root, { 'w.csv.dvc': told });
  text = 'changed';
  expect(await data(root, 'import-url', web, '--force')).toMatchObject({ exit: 0, md5: md5('changed') });
  expect(pointer('w.csv')).toContain('# from the office\n');
  expect(pointer('w.csv')).toContain(`md5: ${md5('changed')}\n`);
  expect(pointer('w.csv')).toMatch(/ {2}desc: one row a flight\n {2}remote: team\n$/);
});

test('update of an import that is called as a stage is updates the import', async () => {
  await data(root, 'import-url', join(source, 'rows'));
  writeFiles(root, { 'dvc.yaml': 'stages:\n  rows: {cmd: x, outs: [made]}\n' });
  writeFiles(source, { 'rows/a': 'changed' });
  expect(await data(root, 'update', 'rows')).toMatchObject({ exit: 0, updated: [{ path: 'rows', state: 'changed' }] });
});
