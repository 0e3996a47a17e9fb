import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ContextOptions, createContext } from '../../../lib/commands/create-context.ts';
import { dataGc, UNCOMMITTED_PUSH_MS, YOUNG_MS } from '../../../lib/commands/data/gc/data-gc.ts';
import { difference } from '../../../lib/pointers/listings/content-difference.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { silentLog, silentProgress } from '../../../lib/ports.ts';
import { assay } from '../../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { ENVIRONMENT } from '../repository.ts';

async function data(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

/** A repository with two commits of a folder and a file, pushed to a remote in a folder. */
async function history() {
  const git = await newRepository();
  const root = git.folder;
  writeFiles(root, { 'data/a': 'one', 'data/b/c': 'two', 'old.bin': 'old' });
  await data(root, 'add', 'data', 'old.bin');
  const remote = join(await newFolder(), 'remote');
  writeFileSync(join(root, '.dvc', 'config'), `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n`);
  await data(root, 'push');
  const first = await commitAll(git, {}, 'first');
  rmSync(join(root, 'old.bin.dvc'));
  rmSync(join(root, 'old.bin'));
  writeFiles(root, { 'data/a': 'changed', 'data/moved/c': 'two', 'data/new': 'new' });
  rmSync(join(root, 'data', 'b'), { recursive: true });
  await data(root, 'add', 'data');
  await data(root, 'push');
  const second = await commitAll(git, {}, 'second');
  return { git, root, remote, first, second };
}

test('diff tells additions, changes, deletions and renamings, between commits and with the work tree', async () => {
  const { root, first } = await history();
  const expected = {
    added: ['data/new'],
    modified: ['data/a'],
    deleted: ['old.bin'],
    renamed: [{ from: 'data/b/c', to: 'data/moved/c' }],
  };
  expect(await data(root, 'diff', first, 'HEAD')).toMatchObject({ ...expected, to: 'HEAD' });
  expect(await data(root, 'diff', first)).toMatchObject({ ...expected, to: 'workspace' });
  expect(await data(root, 'diff')).toMatchObject({ from: 'HEAD', added: [], modified: [], deleted: [], renamed: [] });
  writeFiles(root, { 'data/a': 'mine' });
  expect(await data(root, 'diff')).toMatchObject({ modified: ['data/a'] });
  expect(await data(root, 'diff', 'nowhere')).toMatchObject({ code: 'E_GIT_NO_REVISION', exit: 2 });
});

test('a file does not take the place of a folder that holds what .dvcignore hides, unless told to', async () => {
  const root = (await newRepository()).folder;
  writeFiles(root, { '.dvc/config': '', data: 'file', '.dvcignore': '*.tmp\n' });
  await data(root, 'add', 'data');
  rmSync(join(root, 'data'));
  writeFiles(root, { 'data/deep/mine.tmp': 'mine' });
  expect(await data(root, 'checkout')).toMatchObject({ exit: 2, outputs: [{ code: 'E_CHECKOUT_LOSES' }] });
  expect(readFiles(join(root, 'data'))).toEqual({ 'deep/mine.tmp': 'mine' });
  expect(await data(root, 'checkout', '--force')).toMatchObject({ exit: 0 });
  expect(readFileSync(join(root, 'data'), 'utf8')).toBe('file');
});

test('data that became a folder, or a file again, is checked out without force: the cache has what goes', async () => {
  const git = await newRepository();
  const root = git.folder;
  writeFiles(root, { '.dvc/config': '', data: 'file' });
  await data(root, 'add', 'data');
  await commitAll(git, {}, 'a file');
  rmSync(join(root, 'data'));
  writeFiles(root, { 'data/a': 'one', 'data/b/c': 'two' });
  await data(root, 'add', 'data');
  await commitAll(git, {}, 'a folder');
  await git.run(['checkout', '--quiet', 'HEAD~1']);
  expect(await data(root, 'checkout')).toMatchObject({ exit: 0, outputs: [{ state: 'modified' }] });
  expect(readFileSync(join(root, 'data'), 'utf8')).toBe('file');
  await git.run(['checkout', '--quiet', 'main']);
  expect(await data(root, 'checkout')).toMatchObject({ exit: 0, outputs: [{ state: 'modified' }] });
  expect(readFiles(join(root, 'data'))).toEqual({ a: 'one', 'b/c': 'two' });
  await git.run(['checkout', '--quiet', 'HEAD~1']);
  writeFiles(root, { 'data/mine': 'mine' });
  expect(await data(root, 'checkout')).toMatchObject({ exit: 2, outputs: [{ code: 'E_CHECKOUT_LOSES' }] });
});

test('one file that went is one renaming at most', () => {
  const found = difference(
    new Map([['a', '1']]),
    new Map([
      ['b', '1'],
      ['c', '1'],
    ]),
  );
  expect(found).toEqual({ added: ['c'], modified: [], deleted: [], renamed: [{ from: 'a', to: 'b' }] });
});

test('ls shows files of git and of pointers, here and at a revision', async () => {
  const { root, first } = await history();
  const now = await data(root, 'ls');
  expect(now.entries).toContainEqual(expect.objectContaining({ path: 'data', kind: 'directory', tracked: true }));
  expect(now.entries).toContainEqual({ path: 'data.dvc', kind: 'file', tracked: false });
  const then = await data(root, 'ls', '.', '--rev', first, '--dvc-only');
  expect(then.entries.map(({ path }: { path: string }) => path)).toEqual(['data', 'old.bin']);
  const paths = async (...args: string[]) =>
    (await data(root, 'ls', '.', ...args)).entries.map(({ path }: { path: string }) => path);
  // Into a tracked folder, at a revision whose data is not here.
  rmSync(join(root, '.dvc', 'cache'), { recursive: true });
  expect(await paths('data', '--rev', first)).toEqual(['data/a', 'data/b']);
  expect(await paths('data/b', '--rev', first)).toEqual(['data/b/c']);
  expect(await paths('--rev', first, '--dvc-only', '-R')).toEqual(['data/a', 'data/b/c', 'old.bin']);
  expect(await data(root, 'ls', '.', 'data/nothing')).toMatchObject({ code: 'E_DATA_NOT_TRACKED' });
  expect(await data(root, 'ls', '.', 'nothing')).toMatchObject({ code: 'E_DATA_NOT_TRACKED' });
});

test('du adds up what pointers say', async () => {
  const { root } = await history();
  expect(await data(root, 'du')).toMatchObject({ outputs: [{ path: 'data', size: 13, files: 3 }], size: 13 });
});

test('verify finds what is damaged or missing, and pull repairs it', async () => {
  const { root } = await history();
  expect(await data(root, 'verify')).toMatchObject({ exit: 0, sound: true, verified: 4 });
  const at = (text: string) => join(root, '.dvc', 'cache', 'files', 'md5', md5(text).slice(0, 2), md5(text).slice(2));
  writeFileSync(at('new'), 'NEW', { mode: 0o444 });
  rmSync(at('two'));
  expect(await data(root, 'verify')).toMatchObject({
    exit: 1,
    sound: false,
    problems: [
      { path: 'data/moved/c', problem: 'missing' },
      { path: 'data/new', problem: 'damaged' },
    ],
  });
  await data(root, 'pull');
  expect(await data(root, 'verify')).toMatchObject({ exit: 0, verified: 4 });
});

test('versions are asked for of buckets alone, and nothing is transferred otherwise', async () => {
  const { root, remote } = await history();
  const before = readFiles(remote);
  const config = join(root, '.dvc', 'config');
  writeFileSync(config, readFileSync(config, 'utf8').replace('    url =', '    version_aware = true\n    url ='));
  writeFiles(root, { own: 'own text' });
  await data(root, 'add', 'own');
  for (const verb of ['push', 'fetch', 'status']) {
    const args = verb === 'status' ? [verb, '--cloud', 'own'] : [verb, 'data'];
    if (verb === 'fetch') rmSync(join(root, '.dvc', 'cache'), { recursive: true });
    expect(await data(root, ...args), verb).toMatchObject({ exit: 2, code: 'E_STORE_NO_VERSIONS' });
  }
  // What has no address there cannot be told from what nobody uses.
  expect(await data(root, 'gc', '--workspace', '--cloud', '--dry')).toMatchObject({
    exit: 2,
    code: 'E_DATA_VERSIONED',
  });
  expect(readFiles(remote)).toEqual(before);
});

test('a folder that its pointer lists is checked out, added and told apart without a listing in the cache', async () => {
  const { root } = await history();
  const versions = (relpath: string, text: string, id: string) =>
    `  - relpath: ${relpath}\n    md5: ${md5(text)}\n    size: ${text.length}\n    cloud:\n      team:\n        etag: e\n        version_id: ${id}\n`;
  const head = 'outs:\n- hash: md5\n  path: kept  # ours\n  files:\n';
  const pointer = `${head}${versions('a', 'A', 'v1')}${versions('b', 'B', 'v2')}`;
  writeFiles(root, { 'seed/a': 'A', 'seed/b': 'B' });
  await data(root, 'add', 'seed');
  // The listing's own object: what is checked out without it comes from the pointer alone.
  rmSync(join(root, 'seed'), { recursive: true });
  const listing = /md5: (..)(\S+\.dir)/.exec(readFileSync(join(root, 'seed.dvc'), 'utf8'));
  rmSync(join(root, '.dvc', 'cache', 'files', 'md5', listing?.[1] ?? '', listing?.[2] ?? ''));
  rmSync(join(root, 'seed.dvc'));
  writeFiles(root, { 'kept.dvc': pointer });

  expect(await data(root, 'checkout', 'kept')).toMatchObject({ exit: 0, outputs: [{ state: 'added', added: 2 }] });
  expect(await data(root, 'status', 'kept')).toMatchObject({ clean: true });
  expect(await data(root, 'du', 'kept')).toMatchObject({ outputs: [{ files: 2, size: 2 }] });
  await data(root, 'add', 'kept');
  expect(readFileSync(join(root, 'kept.dvc'), 'utf8')).toBe(pointer);

  writeFiles(root, { 'kept/b': 'BB', 'kept/c': 'C' });
  expect(await data(root, 'status', 'kept')).toMatchObject({
    clean: false,
    outputs: [{ state: 'modified', changes: { added: ['c'], modified: ['b'], deleted: [] } }],
  });
  await data(root, 'add', 'kept');
  const unversioned = (relpath: string, text: string) =>
    `  - relpath: ${relpath}\n    md5: ${md5(text)}\n    size: ${text.length}\n`;
  expect(readFileSync(join(root, 'kept.dvc'), 'utf8')).toBe(
    `${head}${versions('a', 'A', 'v1')}${unversioned('b', 'BB')}${unversioned('c', 'C')}`,
  );
});

describe('gc', () => {
  const laterOptions = (root: string): ContextOptions => ({
    root,
    env: ENVIRONMENT,
    log: silentLog,
    progress: silentProgress,
    userLine: () => {},
    defaultStore: 'folder',
    clock: { now: () => new Date(Date.now() + 2 * YOUNG_MS) },
    resolveInstalled: (specifier) => specifier,
  });
  const later = (root: string) => createContext(laterOptions(root));

  test('needs a scope and a confirmation', async () => {
    const { root } = await history();
    expect(await data(root, 'gc', '--force')).toMatchObject({ code: 'E_DATA_SCOPE', exit: 2 });
    expect(await data(root, 'gc', '--workspace')).toMatchObject({ code: 'E_DATA_CONFIRM', exit: 2 });
  });

  test('keeps what tips and tags use whatever the scope, and goes after the rest, here and on the remote', async () => {
    const { git, root, remote, first } = await history();
    await git.run(['tag', 'v1', first]);
    const dry = await dataGc(later(root), { workspace: true, cloud: true, dry: true });
    expect(dry).toMatchObject({ cache: [], remote: [] });
    await git.run(['tag', '-d', 'v1']);
    expect(await dataGc(later(root), { allCommits: true, cloud: true, force: true })).toMatchObject({
      cache: [],
      remote: [],
    });
    const gone = await dataGc(later(root), { workspace: true, cloud: true, force: true });
    // The old file, the old version of `a`, and the old listing.
    expect(gone.cache).toHaveLength(3);
    expect(gone.cache).toEqual(expect.arrayContaining([md5('old'), md5('one')]));
    expect(gone.remote).toEqual(gone.cache);
    expect(Object.keys(readFiles(remote))).toHaveLength(4);
    for (const path of ['data', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
    expect(await data(root, 'pull')).toMatchObject({ exit: 0 });
  });

  test('leaves registered artifacts and everything that is no object alone', async () => {
    const { root, remote } = await history();
    writeFiles(remote, { 'assay/files/md5/ab/cdef': 'registered', 'files/md5/zz/x': 'mine', 'ab/old': 'legacy' });
    await dataGc(later(root), { workspace: true, cloud: true, force: true });
    expect(readFiles(remote)).toMatchObject({
      'assay/files/md5/ab/cdef': 'registered',
      'files/md5/zz/x': 'mine',
      'ab/old': 'legacy',
    });
  });

  test('does not touch what was written just now', async () => {
    const { root, remote } = await history();
    expect(await data(root, 'gc', '--workspace', '--cloud', '--force')).toMatchObject({ cache: [], remote: [] });
    // Somebody pushed what no commit names yet, long after the rest.
    const later = new Date(Date.now() + 2 * YOUNG_MS);
    const context = createContext({ ...laterOptions(root), clock: { now: () => later } });
    const { remote: old } = await dataGc(context, { workspace: true, cloud: true, dry: true });
    expect(old).toHaveLength(3);
    const early = createContext({
      ...laterOptions(root),
      clock: { now: () => new Date(Date.now() + UNCOMMITTED_PUSH_MS - 60_000) },
    });
    expect(await dataGc(early, { workspace: true, cloud: true, force: true })).toMatchObject({ remote: [] });
    expect(Object.keys(readFiles(remote))).toHaveLength(7);
  });

  test('removes nothing when a pointer cannot be read, or a branch of the remote is not here', async () => {
    const { git, root, first } = await history();
    const origin = await newRepository({ 'x.txt': 'x' });
    await git.run(['remote', 'add', 'origin', origin.folder]);
    await expect(dataGc(later(root), { workspace: true, force: true })).rejects.toMatchObject({
      code: 'E_DATA_GC_CLONE',
    });
    await git.run(['remote', 'remove', 'origin']);
    writeFileSync(join(root, 'broken.dvc'), 'outs: [');
    await expect(dataGc(later(root), { workspace: true, force: true })).rejects.toMatchObject({
      code: 'E_POINTER_CORRUPT',
    });
    expect(await data(root, 'diff', first, 'HEAD')).toMatchObject({ deleted: ['old.bin'] });
  });
});

describe('from another repository', () => {
  test('get brings a folder, a part of it and a file of an older commit, without a pointer', async () => {
    const { root, first } = await history();
    const here = await newFolder();
    expect(await data(here, 'get', root, 'data')).toMatchObject({ exit: 0, path: 'data', files: 3, size: 13 });
    expect(readFiles(join(here, 'data'))).toEqual({ a: 'changed', 'moved/c': 'two', new: 'new' });
    await data(here, 'get', `file://${root}`, 'old.bin', '--rev', first, '--out', 'sub/was.bin');
    expect(readFileSync(join(here, 'sub', 'was.bin'), 'utf8')).toBe('old');
    await data(here, 'get', root, 'data/moved', '--out', 'part');
    expect(readFiles(join(here, 'part'))).toEqual({ c: 'two' });
    expect(await data(here, 'get', root, 'data')).toMatchObject({ code: 'E_DATA_EXISTS', exit: 2 });
    expect(await data(here, 'get', root, 'nothing')).toMatchObject({ code: 'E_DATA_NOT_TRACKED', exit: 2 });
    expect(readdirSync(here).sort()).toEqual(['data', 'part', 'sub']);
  });

  test('import remembers the commit, and pull brings the same bytes after the original went on', async () => {
    const { root, first } = await history();
    const { folder: here } = await newRepository({ README: 'importing' });
    expect(await data(here, 'import', root, 'data', '--rev', first)).toMatchObject({
      exit: 0,
      pointer: 'data.dvc',
      commit: first,
    });
    const pointer = readFileSync(join(here, 'data.dvc'), 'utf8');
    expect(pointer).toContain(`rev_lock: ${first}`);
    expect(pointer).toContain('frozen: true');
    expect(await data(here, 'status')).toMatchObject({ clean: true });
    for (const path of ['data', '.dvc/cache']) rmSync(join(here, path), { recursive: true });
    expect(await data(here, 'pull')).toMatchObject({ exit: 0 });
    expect(readFiles(join(here, 'data'))).toEqual({ a: 'one', 'b/c': 'two' });
    expect(await data(here, 'add', 'data')).toMatchObject({ code: 'E_DATA_IMPORTED' });
    // What is another repository's to keep is not pushed.
    expect(await data(here, 'push')).toMatchObject({ transferred: 0 });
    expect(existsSync(join(here, '.dvc', 'config'))).toBe(true);
    utimesSync(join(here, 'data', 'a'), 1, 1);
    expect(await data(here, 'status')).toMatchObject({ clean: true });
  });

  test('what is no repository is told', async () => {
    expect(await data(await newFolder(), 'get', '/nonexistent/repository', 'data')).toMatchObject({ exit: 2 });
  });

  test.each(['http://ada:the-secret@127.0.0.1:1/r.git', 'http://127.0.0.1:1/r.git?key=the-secret'])(
    'an address where nobody answers is told, without what lets in: %s',
    async (url) => {
      const found = await data(await newFolder(), 'get', url, 'data');
      expect(found).toMatchObject({ exit: 3, code: 'E_GIT_UNREACHABLE' });
      expect(JSON.stringify(found)).not.toContain('the-secret');
    },
  );
});
