import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGit } from '../../lib/git/git.ts';
import {
  listFiles,
  listSizedFiles,
  openBlob,
  presentObjects,
  readBlobs,
  readFileAt,
} from '../../lib/git/read-objects.ts';
import { isShallow, readStatus, resolveCommit, topFolder } from '../../lib/git/status.ts';
import { workingBlobIds } from '../../lib/git/tree-blobs.ts';
import { cloneOf, codeOf, commitAll, GIT_ENV, newRemoteAndClone, newRepository, write } from './repository.ts';

describe('readStatus', () => {
  it('knows a repository without a commit', async () => {
    const git = await newRepository();
    expect(await readStatus(git)).toEqual({ commit: null, branch: 'main', dirty: false, changes: [] });
    expect(await codeOf(resolveCommit(git))).toBe('E_GIT_NO_COMMIT');
    expect(await codeOf(resolveCommit(git, 'v1'))).toBe('E_GIT_NO_REVISION');
    expect(await codeOf(resolveCommit(git, 'e'.repeat(40)))).toBe('E_GIT_UNKNOWN_COMMIT');
  });

  it('is dirty with changed, staged, removed and new files, not with ignored ones', async () => {
    const git = await newRepository({ a: '1', 'b c/é': '1', gone: '1', staged: '1', '.gitignore': 'out/\n' });
    const commit = await resolveCommit(git);
    await write(git.folder, { 'out/x': 'ignored' });
    expect(await readStatus(git)).toEqual({ commit, branch: 'main', dirty: false, changes: [] });
    await write(git.folder, { a: '2', 'b c/é': '2', 'new/file': '1', staged: '2' });
    await git.run(['add', 'staged']);
    await rm(join(git.folder, 'gone'));
    const status = await readStatus(git);
    expect(status.dirty).toBe(true);
    expect(status.changes).toEqual(['a', 'b c/é', 'gone', 'new/', 'staged']);
  });

  it('sees a detached head, and a renamed file as two changes', async () => {
    const git = await newRepository({ a: 'the same content' });
    await git.run(['checkout', '--quiet', '--detach']);
    await rename(join(git.folder, 'a'), join(git.folder, 'b'));
    await git.run(['add', '--all']);
    expect(await readStatus(git)).toMatchObject({ branch: null, changes: ['a', 'b'] });
  });

  it('lists the files of an unfinished merge', async () => {
    const git = await newRepository({ a: '1' });
    await git.run(['checkout', '--quiet', '-b', 'other']);
    await commitAll(git, { a: '2' }, 'other');
    await git.run(['checkout', '--quiet', 'main']);
    await commitAll(git, { a: '3' }, 'main');
    await git.attempt(['merge', 'other']);
    expect((await readStatus(git)).changes).toEqual(['a']);
  });

  it('tells shallow from whole, and the top folder from below', async () => {
    const { remote, clone } = await newRemoteAndClone();
    expect(await isShallow(clone)).toBe(false);
    expect(await isShallow(await cloneOf(remote, '--depth=1'))).toBe(true);
    await write(clone.folder, { 'sub/x': '1' });
    expect(await topFolder(openGit(join(clone.folder, 'sub'), { env: GIT_ENV }))).toBe(clone.folder);
  });
});

describe('reading objects', () => {
  it('lists files below a path and reads them', async () => {
    const git = await newRepository({ 'm/a.json': '{}', 'm/b/c': 'c', 'é x': 'e', z: '\u0000' });
    const files = await listFiles(git, 'HEAD');
    expect(files.map(({ path }) => path)).toEqual(['m/a.json', 'm/b/c', 'z', 'é x']);
    expect((await listFiles(git, 'HEAD', 'm')).map(({ path }) => path)).toEqual(['m/a.json', 'm/b/c']);
    expect(await listFiles(git, 'HEAD', 'none')).toEqual([]);
    const blobs = await readBlobs(
      git,
      files.map(({ id }) => id),
    );
    expect(files.map(({ id }) => blobs.get(id)?.toString())).toEqual(['{}', 'c', '\u0000', 'e']);
    expect((await listSizedFiles(git, 'HEAD')).map(({ path, size }) => [path, size])).toEqual([
      ['m/a.json', 2],
      ['m/b/c', 1],
      ['z', 1],
      ['é x', 1],
    ]);
    expect((await readFileAt(git, 'HEAD', 'm/b/c'))?.toString()).toBe('c');
    expect(await readFileAt(git, 'HEAD', 'm/b')).toBeNull();
    expect(await readBlobs(git, [])).toEqual(new Map());
  });

  it('streams a blob, and names what is absent', async () => {
    const git = await newRepository({ large: 'ab'.repeat(1_000_000) });
    const id = await git.text(['rev-parse', 'HEAD:large']);
    let bytes = 0;
    for await (const chunk of openBlob(git, id)) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(2_000_000);
    const absent = 'f'.repeat(40);
    expect(await presentObjects(git, [absent, id])).toEqual(new Set([id]));
    expect(await codeOf(readBlobs(git, [absent]))).toBe('E_GIT_FAILED');
  });
});

describe('workingBlobIds', () => {
  const tree = { 'train.py': '1', 'src/a.py': '2', 'src/deep/b.py': '3', 'src/c.txt': '4', 'we*ird.py': '5' };

  it.each([
    [[], ['src/a.py', 'src/c.txt', 'src/deep/b.py', 'train.py', 'we*ird.py']],
    [['train.py'], ['train.py']],
    [['src'], ['src/a.py', 'src/c.txt', 'src/deep/b.py']],
    [['src/*.py'], ['src/a.py']],
    [['src/**/*.py'], ['src/a.py', 'src/deep/b.py']],
    [['.'], ['src/a.py', 'src/c.txt', 'src/deep/b.py', 'train.py', 'we*ird.py']],
    [
      ['train.py', 'src/c.txt'],
      ['src/c.txt', 'train.py'],
    ],
  ])('%j names %j', async (patterns, paths) => {
    const git = await newRepository(tree);
    const ids = await workingBlobIds(git, patterns);
    expect([...ids.keys()]).toEqual(paths);
    for (const [path, id] of ids) expect(id).toBe(await git.text(['rev-parse', `HEAD:${path}`]));
  });

  it('is relative to the folder it is asked in, and reaches beside it within the repository', async () => {
    const git = await newRepository(tree);
    const below = openGit(join(git.folder, 'src'), { env: GIT_ENV });
    expect([...(await workingBlobIds(below, ['a.py', '../train.py'])).keys()]).toEqual(['../train.py', 'a.py']);
    expect([...(await workingBlobIds(below, [])).keys()]).toEqual(['a.py', 'c.txt', 'deep/b.py']);
  });

  it('refuses a pattern that names nothing, and takes no pathspec magic', async () => {
    const git = await newRepository(tree);
    expect(await codeOf(workingBlobIds(git, ['train.py', 'trian.py']))).toBe('E_GIT_NO_MATCH');
    expect(await codeOf(workingBlobIds(git, [':(exclude)train.py']))).toBe('E_GIT_NO_MATCH');
  });

  it('gives the ids of the work tree as they are after a commit, and leaves no trace', async () => {
    const git = await newRepository({ ...tree, '.gitignore': 'out\n' });
    await write(git.folder, { 'train.py': 'changed', 'new.py': 'new', 'out/x': 'ignored' });
    await rm(join(git.folder, 'src/a.py'));
    const status = await readStatus(git);
    const objects = await git.text(['count-objects', '-v']);
    const ids = await workingBlobIds(git, []);
    expect(await readStatus(git)).toEqual(status);
    expect(await git.text(['count-objects', '-v'])).toBe(objects);
    await commitAll(git, {}, 'second');
    const committed = (await git.text(['ls-tree', '-r', 'HEAD'])).split('\n').map((line) => line.split(/[ \t]/));
    expect([...ids]).toEqual(committed.map(([, , id, path]) => [path, id]));
    expect(ids.has('out/x')).toBe(false);
  });
});
