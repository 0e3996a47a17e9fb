import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { objectKey } from '../../../lib/pointers/object-key.ts';
import { commitAll, newFolder } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { cached, gc, repository, run } from './data-gc-repository.ts';

// What DVC keeps by the same options: test/interop/dvc-gc.test.ts.

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

test('data of branches that a remote of any name has stay, and a clone that lacks them cannot tell which they are', async () => {
  const { git, root } = await repository();
  writeFiles(root, { 'mine.bin': 'of a branch' });
  await run(root, 'add', 'mine.bin');
  await run(root, 'push', 'mine.bin');
  const theirs = await commitAll(git, {}, 'theirs');
  await git.run(['reset', '--quiet', '--hard', 'HEAD~1']);
  const [fork, upstream] = [await newFolder(), await newFolder()];
  for (const folder of [fork, upstream]) await git.run(['init', '--quiet', '--bare', folder]);
  await git.run(['push', '--quiet', fork, 'main']);
  await git.run(['push', '--quiet', upstream, 'main', `${theirs}:refs/heads/theirs`]);
  const clone = join(await newFolder(), 'clone');
  await git.run(['clone', '--quiet', '--branch=main', `file://${fork}`, clone]);
  await git.run(['-C', clone, 'remote', 'add', 'upstream', `file://${upstream}`]);
  const cloud = { workspace: true, cloud: true };
  await expect(gc(clone, cloud)).rejects.toMatchObject({
    code: 'E_DATA_GC_CLONE',
    message: expect.stringContaining('refs/heads/theirs of upstream is not here'),
  });
  // The clone's own cache has none of it to lose.
  expect(await gc(clone, { workspace: true })).toMatchObject({ cache: [] });
  await git.run(['-C', clone, 'fetch', '--quiet', '--all']);
  expect((await gc(clone, cloud)).remote).not.toContain(md5('of a branch'));
});

test('data of experiments that others pushed stay on the remote, and a clone that lacks them cannot tell which they are', async () => {
  const { git, root, remote } = await repository();
  writeFiles(root, { 'mine.bin': 'shared trial' });
  await run(root, 'add', 'mine.bin');
  await run(root, 'push', 'mine.bin');
  const trial = await commitAll(git, {}, 'trial');
  await git.run(['reset', '--quiet', '--hard', 'HEAD~1']);
  const origin = await newFolder();
  await git.run(['init', '--quiet', '--bare', origin]);
  const experiment = `refs/exps/12/${'3'.repeat(38)}/some-trial`;
  await git.run(['push', '--quiet', origin, 'main', `${trial}:${experiment}`]);
  const clone = join(await newFolder(), 'clone');
  await git.run(['clone', '--quiet', '--branch=main', `file://${origin}`, clone]);
  const cloud = { workspace: true, cloud: true };
  // The clone's own cache has none of it to lose.
  expect(await gc(clone, { workspace: true })).toMatchObject({ cache: [] });
  await expect(gc(clone, cloud)).rejects.toMatchObject({
    code: 'E_DATA_GC_CLONE',
    message: expect.stringContaining(`${experiment} of origin is not here`),
  });
  await git.run(['-C', clone, 'fetch', '--quiet', 'origin', 'refs/exps/*:refs/exps/*']);
  expect(await gc(clone, cloud)).toMatchObject({ remote: [] });
  expect(Object.values(readFiles(remote))).toContain('shared trial');
});
