import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createContext } from '../../lib/commands/create-context.ts';
import { type DataGcRequest, dataGc, YOUNG_MS } from '../../lib/commands/data-gc.ts';
import { openGit } from '../../lib/git/git.ts';
import { md5 } from '../../lib/pointers/md5.ts';
import { objectKey } from '../../lib/pointers/object-key.ts';
import { silentLog, silentProgress } from '../../lib/ports.ts';
import { assay } from '../cli/command-line.ts';
import { commitAll, newFolder, newRepository } from '../git/repository.ts';
import { readFiles, writeFiles } from '../pointers/work-data.ts';
import { ENVIRONMENT } from './repository.ts';

// What DVC keeps by the same options: test/interop/dvc-gc.test.ts.

/** A repository with a folder and two files of which one is not pushed, in one commit, and a remote in a folder. */
async function repository(config = '') {
  const git = await newRepository();
  const root = git.folder;
  const remote = join(await newFolder(), 'remote');
  mkdirSync(join(root, '.dvc'));
  writeFileSync(
    join(root, '.dvc', 'config'),
    `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n${config}`,
  );
  writeFiles(root, {
    'data/a': 'one',
    'data/b': 'two',
    'sent.bin': 'sent',
    'mine.bin': 'mine',
    'unused.bin': 'unused',
  });
  await run(root, 'add', 'data', 'sent.bin', 'mine.bin', 'unused.bin');
  rmSync(join(root, 'unused.bin.dvc'));
  await run(root, 'push', 'data', 'sent.bin');
  await commitAll(git, {}, 'data');
  return { git, root, remote };
}

async function run(root: string, ...args: string[]) {
  const { out, code } = await assay(root, ['data', ...args, '--json']);
  return { exit: code, ...Object(JSON.parse(out)) };
}

/** Long enough after everything was written. */
const gc = (root: string, request: DataGcRequest) =>
  dataGc(
    createContext({
      ...{ root, env: ENVIRONMENT, log: silentLog, progress: silentProgress, userLine: () => {} },
      ...{ defaultStore: 'folder', clock: { now: () => new Date(Date.now() + 2 * YOUNG_MS) } },
      resolveInstalled: (specifier) => specifier,
    }),
    { force: true, ...request },
  );
const cached = (root: string) =>
  Object.entries(readFiles(join(root, '.dvc', 'cache')))
    .filter(([path]) => !path.endsWith('.dir'))
    .map(([, text]) => text)
    .sort();

describe('--not-in-remote', () => {
  test('leaves in the cache what would be lost with it, and the rest can be pulled', async () => {
    const { root, remote } = await repository();
    const before = Object.keys(readFiles(remote)).length;
    expect(await gc(root, { workspace: true, notInRemote: true })).toMatchObject({ kept: 2, remote: [] });
    expect(cached(root)).toEqual(['mine']);
    // The folder's listing is here, so that the next one can tell what it needs.
    expect(await gc(root, { workspace: true })).toMatchObject({ cache: [] });
    expect(Object.keys(readFiles(remote))).toHaveLength(before);
    rmSync(join(root, 'data'), { recursive: true });
    await run(root, 'pull', 'data');
    expect(readFiles(join(root, 'data'))).toEqual({ a: 'one', b: 'two' });
  });

  test('keeps a folder whose file the remote has lost, to that file', async () => {
    const { root, remote } = await repository();
    rmSync(join(remote, objectKey(md5('two'))));
    await gc(root, { workspace: true, notInRemote: true });
    expect(cached(root)).toEqual(['mine', 'two']);
  });

  test('keeps what the work tree may have links to', async () => {
    const { root } = await repository('[cache]\n    type = symlink\n');
    expect(lstatSync(join(root, 'data', 'a')).isSymbolicLink()).toBe(true);
    await gc(root, { workspace: true, notInRemote: true });
    expect(cached(root)).toEqual(expect.arrayContaining(['mine', 'one', 'sent', 'two']));
    expect(cached(root)).not.toContain('unused');
  });

  test('keeps what belongs to a remote that is not asked or not known, and needs one to ask', async () => {
    const { root } = await repository();
    const pointer = `outs:\n- md5: ${md5('sent')}\n  size: 4\n  hash: md5\n  path: sent.bin\n  remote: gone\n`;
    writeFileSync(join(root, 'sent.bin.dvc'), pointer);
    rmSync(join(root, 'unused.bin'));
    await gc(root, { workspace: true, notInRemote: true });
    // The commit still names the default remote for the same bytes; the work tree's pointer another one.
    expect(cached(root)).toEqual(['mine', 'sent']);
    writeFileSync(join(root, '.dvc', 'config'), '');
    await expect(gc(root, { workspace: true, notInRemote: true })).rejects.toMatchObject({ code: 'E_DATA_NO_REMOTE' });
  });
});

describe('--skip-failed', () => {
  test('goes on where a listing is nowhere, but not for the work tree', async () => {
    const { git, root, remote } = await repository();
    const listing = /md5: (.*\.dir)/.exec(readFiles(root)['data.dvc'] ?? '')?.[1] ?? '';
    rmSync(join(root, 'data'), { recursive: true });
    rmSync(join(root, '.dvc', 'cache', objectKey(listing)));
    // The remote has it: nothing is lost.
    const dry = await gc(root, { workspace: true, dry: true });
    expect(dry.cache).toEqual([md5('unused')]);
    rmSync(join(root, '.dvc', 'cache', objectKey(listing)));
    rmSync(join(remote, objectKey(listing)));
    const request = { workspace: true, skipFailed: true };
    await expect(gc(root, request)).rejects.toMatchObject({ code: 'E_CACHE_MISSING' });
    rmSync(join(root, 'data.dvc'));
    await expect(gc(root, { workspace: true })).rejects.toMatchObject({ code: 'E_CACHE_MISSING' });
    const { skipped, cache } = await gc(root, request);
    expect(skipped).toEqual([
      { commit: await git.text(['rev-parse', 'HEAD']), reason: expect.stringContaining('data') },
    ]);
    expect(cache).toEqual(expect.arrayContaining([md5('one'), md5('two'), md5('unused')]));
    expect(cached(root)).toEqual(['mine', 'sent']);
  });
});

test('--projects keeps what the others use, by the same scope, and names what is no project', async () => {
  const { root } = await repository();
  const other = await repository(`[cache]\n    dir = ${join(root, '.dvc', 'cache')}\n`);
  writeFiles(other.root, { 'theirs/x': 'theirs', 'old.bin': 'older' });
  await run(other.root, 'add', 'theirs', 'old.bin');
  await commitAll(other.git, {}, 'old');
  writeFiles(other.root, { 'old.bin': 'newer still' });
  await run(other.root, 'add', 'old.bin');
  await commitAll(other.git, {}, 'new');
  const request = { workspace: true, projects: [other.root], dry: true };
  const gone = new Set((await gc(root, request)).cache);
  expect([...gone]).toEqual(expect.arrayContaining([md5('older'), md5('unused')]));
  expect(gone.has(md5('theirs')) || gone.has(md5('newer still')) || gone.has(md5('one'))).toBe(false);
  const all = await gc(root, { ...request, allCommits: true });
  expect(all.cache).not.toContain(md5('older'));
  await expect(gc(root, { ...request, projects: ['/nonexistent'] })).rejects.toMatchObject({
    code: 'E_PROJECT_FOLDER',
  });
});

test('history that is cut off is no answer to how many commits are kept', async () => {
  const { git } = await repository();
  const clone = join(await newFolder(), 'clone');
  await commitAll(git, {}, 'more');
  await git.run(['clone', '--quiet', '--depth=1', `file://${git.folder}`, clone]);
  mkdirSync(join(clone, '.dvc'), { recursive: true });
  for (const request of [{ rev: 'HEAD', num: 2 }, { date: '2020-01-01' }, { allCommits: true }]) {
    await expect(gc(clone, request)).rejects.toMatchObject({ code: 'E_DATA_GC_CLONE' });
  }
});

test('what is stashed stays: older entries, what git did not track, and what a rebase put aside', async () => {
  const { git, root } = await repository();
  // Else the cache is stashed as well.
  await commitAll(git, { '.dvc/.gitignore': '/cache\n/tmp\n' }, 'the cache is not for git');
  await git.run(['branch', 'side']);
  const change = async (path: string, text: string, ...stash: string[]) => {
    writeFiles(root, { [path]: text });
    await run(root, 'add', path);
    await git.run(['stash', ...stash]);
  };
  await change('mine.bin', 'stashed first');
  await change('new.bin', 'not tracked by git', '--include-untracked');
  await change('mine.bin', 'stashed last');
  writeFiles(root, { 'mine.bin': 'in the index alone' });
  await run(root, 'add', 'mine.bin');
  await git.run(['add', 'mine.bin.dvc']);
  writeFiles(root, { 'mine.bin': 'over the index' });
  await run(root, 'add', 'mine.bin');
  await git.run(['stash']);
  await commitAll(git, { 'text.txt': 'here' }, 'here');
  await git.run(['switch', '--quiet', 'side']);
  await commitAll(git, { 'text.txt': 'there' }, 'there');
  writeFiles(root, { 'mine.bin': 'put aside by a rebase' });
  await run(root, 'add', 'mine.bin');
  expect((await git.attempt(['rebase', '--autostash', 'main'])).code).not.toBe(0);
  expect(cached(root)).toContain('unused');
  await gc(root, { workspace: true });
  expect(cached(root)).toEqual(
    [
      ...['stashed first', 'not tracked by git', 'stashed last', 'in the index alone', 'over the index'],
      ...['put aside by a rebase', 'mine', 'one', 'sent', 'two'],
    ].sort(),
  );
});

test('the other side of a merge or cherry-pick that waits stays, also where no ref has it and in another work tree', async () => {
  const { git, root } = await repository(`[cache]\n    dir = ${join(await newFolder(), 'shared')}\n`);
  const unnamed = async (text: string) => {
    writeFiles(root, { 'mine.bin': text });
    await run(root, 'add', 'mine.bin');
    const commit = await commitAll(git, {}, text);
    await git.run(['reset', '--quiet', '--hard', 'HEAD~1']);
    return commit;
  };
  const theirs = await unnamed('merged from a pull request');
  const picked = await unnamed('picked');
  const tree = join(await newFolder(), 'tree');
  await git.run(['worktree', 'add', '--quiet', '--detach', tree]);
  const gone = async () => (await gc(root, { workspace: true, dry: true })).cache;
  const texts = ['merged from a pull request', 'picked', 'unused'];
  expect(await gone()).toEqual(texts.map((text) => md5(text)).sort());
  await git.run(['merge', '--quiet', '--no-commit', '--no-ff', theirs]);
  expect(await gone()).toEqual([md5('picked'), md5('unused')].sort());
  await git.run(['merge', '--abort']);
  const there = openGit(tree, { env: ENVIRONMENT });
  await commitAll(there, { 'mine.bin.dvc': 'outs: []\n' }, 'in the way');
  expect((await there.attempt(['cherry-pick', picked])).code).not.toBe(0);
  await there.run(['rm', '--quiet', '--force', 'mine.bin.dvc']);
  expect(await gone()).toEqual([md5('merged from a pull request'), md5('unused')].sort());
});

test('a stashed pipeline that git did not track is read with the parameters that it did', async () => {
  const { git, root } = await repository();
  await commitAll(git, { '.dvc/.gitignore': '/cache\n/tmp\n', 'params.yaml': 'name: unused.bin\n' }, 'parameters');
  const out = `      - path: unused.bin\n        md5: ${md5('unused')}\n        size: 6\n        hash: md5\n`;
  writeFiles(root, {
    'dvc.yaml': 'stages:\n  make:\n    cmd: make\n    outs: ["${' + 'name}"]\n',
    'dvc.lock': `schema: '2.0'\nstages:\n  make:\n    cmd: make\n    outs:\n${out}`,
  });
  expect((await gc(root, { workspace: true, dry: true })).cache).toEqual([]);
  await git.run(['stash', '--include-untracked']);
  expect((await gc(root, { workspace: true, dry: true })).cache).toEqual([]);
  await git.run(['stash', 'drop']);
  expect((await gc(root, { workspace: true, dry: true })).cache).toEqual([md5('unused')]);
});

test('what other work trees of the repository use stays, committed or not', async () => {
  const { git, root } = await repository(`[cache]\n    dir = ${join(await newFolder(), 'shared')}\n`);
  const tree = join(await newFolder(), 'tree');
  await git.run(['worktree', 'add', '--quiet', '--detach', tree]);
  writeFiles(tree, { 'there.bin': 'added there', 'folder/x': 'listed there' });
  await run(tree, 'add', 'there.bin', 'folder');
  const { cache: gone } = await gc(root, { workspace: true, dry: true });
  expect(gone).toContain(md5('unused'));
  expect(gone).not.toContain(md5('added there'));
  expect(gone).not.toContain(md5('listed there'));
  writeFileSync(join(tree, 'there.bin.dvc'), 'outs: [');
  await expect(gc(root, { workspace: true, skipFailed: true })).rejects.toMatchObject({ code: 'E_DATA_GC_WORKTREE' });
  rmSync(tree, { recursive: true });
  expect((await gc(root, { workspace: true, dry: true })).cache).toContain(md5('added there'));
});

test("a folder's listing is found in the cache of the work tree that committed it", async () => {
  const { git, root } = await repository();
  const tree = join(await newFolder(), 'tree');
  await git.run(['worktree', 'add', '--quiet', '-b', 'side', tree]);
  writeFiles(tree, { 'folder/x': 'listed there' });
  await run(tree, 'add', 'folder');
  await git.run(['-C', tree, 'add', '.']);
  await git.run(['-C', tree, 'commit', '--quiet', '--message', 'folder']);
  expect((await gc(root, { workspace: true })).cache).toEqual([md5('unused')]);
});
