import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { storeTree } from '../../../lib/commands/data/store/store-tree.ts';
import { openGit } from '../../../lib/git/git.ts';
import { type Log, silentLog } from '../../../lib/ports.ts';
import { createLocalStore } from '../../../lib/stores/folder/local-store.ts';
import { moveStore } from '../../../lib/stores/move-store.ts';
import { createRefStore, STORE_REF, type StoreTree, type StoreTreeFile } from '../../../lib/stores/ref/ref-store.ts';
import { REF_STORE_LIMITS } from '../../../lib/stores/ref/ref-store-limits.ts';
import type { Store } from '../../../lib/stores/store.ts';
import { objectOf, storeConformance } from '../conformance.ts';

const ENV = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
const AUTHOR = { name: 'Ada', email: 'ada@example.org' };

/** A bare remote in a temporary folder, and as many clones of it as are wanted. */
async function gitHost() {
  const root = await mkdtemp(join(tmpdir(), 'assay-ref-'));
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, env: ENV, encoding: 'utf8', stdio: 'pipe' }).trim();
  const remote = join(root, 'remote.git');
  git('init', '--quiet', '--bare', remote);
  let clones = 0;
  const clone = (...options: string[]): StoreTree => {
    const folder = join(root, `clone-${clones++}`);
    git('clone', '--quiet', ...options, `file://${remote}`, folder);
    return storeTree({
      git: openGit(folder, { env: ENV }),
      remote: 'origin',
      actor: async () => AUTHOR,
      clock: { now: () => new Date('2026-01-01T00:00:00Z') },
    });
  };
  const atRemote = (...args: string[]) => git('-C', remote, ...args);
  const away = () => renameSync(remote, `${remote}-away`);
  return { root, clone, atRemote, away, close: () => rm(root, { recursive: true, force: true }) };
}

storeConformance('the ref store', async () => {
  const host = await gitHost();
  const reopen = () => createRefStore(host.clone(), silentLog);
  return { store: reopen(), reopen, close: host.close };
});

describe('the ref store in git', () => {
  let host: Awaited<ReturnType<typeof gitHost>>;
  beforeEach(async () => {
    host = await gitHost();
  });
  afterEach(() => host.close());

  test('one write is one commit on one ref, and its tree is the layout', async () => {
    const store = createRefStore(host.clone(), silentLog);
    const [a, b] = [objectOf('a'), objectOf('b', 'assay/')];
    await store.write([a], [b]);
    expect(host.atRemote('for-each-ref', '--format=%(refname)')).toBe(STORE_REF);
    expect(host.atRemote('rev-list', '--count', STORE_REF)).toBe('1');
    expect(host.atRemote('ls-tree', '-r', '--name-only', STORE_REF).split('\n')).toEqual([b.key, a.key]);
    await store.write([a], [b]);
    expect(host.atRemote('rev-list', '--count', STORE_REF)).toBe('1');
  });

  test('objects that are read side by side bring the ref one time, not each at once', async () => {
    const [a, b] = [objectOf('a'), objectOf('b')];
    await createRefStore(host.clone(), silentLog).write([a, b]);
    const tree = host.clone();
    let brought = 0;
    const counting: StoreTree = {
      ...tree,
      async tip() {
        brought++;
        return tree.tip();
      },
    };
    const store = createRefStore(counting, silentLog);
    const targets = [a, b].map(({ key }) => join(host.root, key.replaceAll('/', '-')));
    await Promise.all([a, b].map(({ key, expected }, index) => store.read(key, expected, targets[index] ?? '')));
    expect(brought).toBe(1);
    expect(await readFile(targets[1] ?? '', 'utf8')).toBe('b');
  });

  test('a write that loses the race builds on the winner', async () => {
    const [mine, theirs] = [objectOf('mine'), objectOf('theirs')];
    const tree = host.clone();
    const rival = createRefStore(host.clone(), silentLog);
    let raced = false;
    const racing: StoreTree = {
      ...tree,
      async push(commit, expected) {
        if (!raced) await rival.write([theirs]);
        raced = true;
        return tree.push(commit, expected);
      },
    };
    await createRefStore(racing, silentLog).write([mine]);
    expect(await rival.list('')).toEqual([mine.key, theirs.key].sort());
    expect(host.atRemote('rev-list', '--count', STORE_REF)).toBe('2');
  });

  test('gives up on a race that never ends, and says so', async () => {
    const rival = createRefStore(host.clone(), silentLog);
    let round = 0;
    const endless: StoreTree = {
      ...host.clone(),
      async push() {
        await rival.write([objectOf(`rival ${round++}`)]);
        return false;
      },
    };
    await expect(createRefStore(endless, silentLog).write([objectOf('x')])).rejects.toMatchObject({
      code: 'E_STORE_RACE',
      exitCode: 3,
    });
  });

  test.each([
    ['hides it', 'receive.hideRefs', 'refs/assay', 'hidden'],
    ['hides it from readers', 'uploadpack.hideRefs', 'refs/assay', 'hidden'],
    ['takes no packs of that size', 'receive.maxInputSize', '1', 'maximum allowed size'],
  ])('is refused by a repository that %s', async (_what, key, value, reason) => {
    await createRefStore(host.clone(), silentLog).write([objectOf('x')]);
    host.atRemote('config', key, value);
    await expect(createRefStore(host.clone(), silentLog).write([objectOf('y')])).rejects.toMatchObject({
      code: 'E_STORE_REFUSED',
      message: expect.stringContaining(reason),
    });
  });

  test('goes on from a tag that somebody put on the store', async () => {
    const [first, second] = [objectOf('first'), objectOf('second')];
    await createRefStore(host.clone(), silentLog).write([first]);
    const tagger = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
    host.atRemote(...tagger, 'tag', '--annotate', '--message', 'kept', 'kept', STORE_REF);
    host.atRemote('update-ref', STORE_REF, 'refs/tags/kept');
    const store = createRefStore(host.clone(), silentLog);
    expect(await store.write([second])).toMatchObject({ written: 1 });
    expect(await store.list('')).toEqual([first.key, second.key].sort());
    expect(host.atRemote('rev-list', '--count', STORE_REF)).toBe('2');
  });

  test('needs no atomic pushes: one ref is one anyway', async () => {
    host.atRemote('config', 'receive.advertiseAtomic', 'false');
    expect(await createRefStore(host.clone(), silentLog).write([objectOf('x')])).toMatchObject({ written: 1 });
  });

  test('is brought whole into a partial clone, not object by object', async () => {
    const object = objectOf('x');
    await createRefStore(host.clone(), silentLog).write([object]);
    host.atRemote('config', 'uploadpack.allowFilter', 'true');
    const tree = host.clone('--filter=blob:none');
    const commit = await tree.tip();
    host.away();
    expect(await tree.files(commit ?? '')).toMatchObject([{ path: object.key, size: object.expected.size }]);
  });

  test('an object that git cannot read leaves those that are read beside it alone', async () => {
    const [good, bad] = [objectOf('good'), objectOf('bad')];
    const tree = host.clone();
    await createRefStore(tree, silentLog).write([good, bad]);
    const store = createRefStore({ ...tree, files: async (commit) => broken(await tree.files(commit)) }, silentLog);
    const broken = (files: readonly StoreTreeFile[]) =>
      files.map((file) => (file.path === bad.key ? { ...file, id: 'f'.repeat(40) } : file));
    const into = (key: string) => join(host.root, key.replaceAll('/', '-'));
    const read = ({ key, expected }: typeof good) => store.read(key, expected, into(key));
    const [first, second] = await Promise.allSettled([read(bad), read(good)]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'E_GIT_FAILED' } });
    expect(second).toMatchObject({ status: 'fulfilled' });
    expect(await readFile(into(good.key), 'utf8')).toBe('good');
  });

  test('bytes that somebody committed under the wrong address are never delivered, and mended by writing', async () => {
    const tree = host.clone();
    const object = objectOf('weights');
    const commit = await tree.commit(null, new Map([[object.key, Buffer.from('wEights')]]), 'by hand');
    expect(await tree.push(commit, null)).toBe(true);
    const store = createRefStore(host.clone(), silentLog);
    const target = join(host.root, 'out');
    await expect(store.read(object.key, object.expected, target)).rejects.toMatchObject({
      code: 'E_STORE_OBJECT_CORRUPT',
    });
    await expect(readFile(target)).rejects.toThrow();
    expect(await store.write([object])).toMatchObject({ written: 1 });
    await store.read(object.key, object.expected, target);
    expect(await readFile(target, 'utf8')).toBe('weights');
  });

  const small = { ...REF_STORE_LIMITS, file: 10, fileWarning: 5, push: 20, total: 30, totalWarning: 25 };
  const bytes = (size: number, fill: string) => objectOf(fill.repeat(size));

  test.each([
    ['a large file', [[{ ...bytes(11, 'a'), title: 'data/rows' }]], 'E_STORE_OBJECT_TOO_LARGE'],
    [
      'a full store',
      [
        [bytes(9, 'a'), bytes(9, 'b')],
        [bytes(9, 'c'), bytes(4, 'd')],
      ],
      'E_STORE_FULL',
    ],
  ])('refuses %s before anything is sent', async (_what, writes, code) => {
    const store = createRefStore(host.clone(), silentLog, small);
    const last = writes.pop() ?? [];
    for (const objects of writes) await store.write(objects);
    const before = await store.list('');
    await expect(store.write(last)).rejects.toMatchObject({
      code,
      fix: expect.stringContaining('assay store move'),
      message: expect.stringContaining(code === 'E_STORE_OBJECT_TOO_LARGE' ? '"data/rows"' : 'limit'),
    });
    expect(await createRefStore(host.clone(), silentLog).list('')).toEqual(before);
  });

  test('streams large objects: git would hold ten of them in memory to find out how they differ', async () => {
    host.atRemote('config', 'receive.unpackLimit', '1');
    const bytes = createHash('shake256', { outputLength: 1_500_000 }).update('rows').digest();
    const path = join(host.root, 'rows');
    const versions = [bytes, Buffer.concat([bytes, Buffer.from('more')])].map((content, place) => {
      writeFileSync(`${path}-${place}`, content);
      const md5 = createHash('md5').update(content).digest('hex');
      return {
        key: `files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`,
        expected: { md5, size: content.length },
        source: { file: `${path}-${place}` },
      };
    });
    await createRefStore(host.clone(), silentLog).write(versions);
    const sizes = host.atRemote('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectsize:disk)');
    const blobs = sizes.split('\n').filter((line) => line.startsWith('blob'));
    expect(blobs).toHaveLength(2);
    for (const blob of blobs) expect(Number(blob.split(' ')[1])).toBeGreaterThan(1_400_000);
  });

  test('says once where there is no such ref, as in a fork', async () => {
    const warnings: string[] = [];
    const store = createRefStore(host.clone(), { ...silentLog, warning: (message) => warnings.push(message) });
    for (const { key, expected } of [objectOf('a'), objectOf('b')]) {
      await expect(store.read(key, expected, join(host.root, 'out'))).rejects.toMatchObject({
        code: 'E_STORE_OBJECT_MISSING',
      });
    }
    expect(warnings).toEqual([expect.stringMatching(/store ref refs\/assay\/store is not there: .*fork/)]);
    await store.write([objectOf('a')]);
    await expect(store.read(objectOf('b').key, objectOf('b').expected, join(host.root, 'out'))).rejects.toThrow();
    expect(warnings).toHaveLength(1);
  });

  test('sends in several pushes what is more than a host takes in one, in order, and warns once', async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warning: (message) => warnings.push(message) };
    const store = createRefStore(host.clone(), log, { ...small, total: 99, totalWarning: 20 });
    const [a, b, c, d] = [bytes(9, 'a'), bytes(9, 'b'), bytes(3, 'c'), bytes(2, 'd')];
    await store.write([a]);
    expect(await store.write([a, b, c], [bytes(10, 'e'), d])).toEqual({ written: 4, writtenBytes: 24, present: 1 });
    const at = (commit: string) => host.atRemote('ls-tree', '-r', '--name-only', commit).split('\n');
    expect(at(`${STORE_REF}~2`)).toEqual([a.key]);
    expect(at(`${STORE_REF}~1`)).toEqual([a.key, b.key, c.key].sort());
    expect(at(STORE_REF)).toHaveLength(5);
    expect(new Set(warnings).size).toBe(warnings.length);
  });

  test('what is to be moved into it is refused for its size before any of it is brought', async () => {
    const from = createLocalStore(join(host.root, 'from'));
    await from.write([bytes(9, 'a'), bytes(11, 'b')]);
    const read: string[] = [];
    const watched: Store = {
      ...from,
      read: async (key, ...rest) => {
        read.push(key);
        return from.read(key, ...rest);
      },
    };
    const store = createRefStore(host.clone(), silentLog, small);
    await expect(moveStore(watched, store, host.root)).rejects.toMatchObject({
      code: 'E_STORE_OBJECT_TOO_LARGE',
      message: expect.stringContaining(bytes(11, 'b').key),
    });
    expect(read).toEqual([]);
    expect(await store.list('')).toEqual([]);
    await from.remove([bytes(11, 'b').key]);
    await from.write([bytes(10, 'c'), bytes(10, 'd')]);
    expect(await moveStore(watched, store, host.root)).toMatchObject({ copied: 3, copiedBytes: 29 });
    expect(host.atRemote('rev-list', '--count', STORE_REF)).toBe('2');
  });

  test('warns before a limit is reached, naming the file', async () => {
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warning: (message) => warnings.push(message) };
    const path = join(host.root, 'big.bin');
    await writeFile(path, '1234567');
    const store = createRefStore(host.clone(), log, small);
    await store.write([{ ...objectOf('1234567'), source: { file: path } }]);
    expect(warnings).toEqual([expect.stringContaining('big.bin')]);
    await store.write([bytes(10, 'a'), bytes(9, 'b')]);
    expect(warnings.at(-1)).toContain('getting large');
  });
});
