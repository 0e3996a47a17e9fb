import { cpSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { dataPullCached } from '../../../lib/commands/data/transfer/data-pull-cached.ts';
import type { RunnerCache } from '../../../lib/commands/data/transfer/runner-cache.ts';
import { md5 } from '../../../lib/pointers/md5.ts';
import { objectKey } from '../../../lib/pointers/object-key.ts';
import { newFolder } from '../../git/repository.ts';
import { readFiles, writeFiles } from '../../pointers/checkout/work-data.ts';
import { contextOf } from '../repository.ts';
import { repository } from './data-repository.ts';

/** A CI service's cache in a folder: finds keys by their beginnings, the newest first, and writes none twice. */
async function service() {
  const kept: { key: string; folder: string }[] = [];
  /** Restoring stops when the files are there, as with a full disk. */
  const broken = { yes: false };
  const runner: RunnerCache = {
    async restore([path = ''], key, prefixes) {
      for (const beginning of [key, ...prefixes]) {
        const found = kept.findLast((one) => one.key.startsWith(beginning));
        if (found === undefined) continue;
        cpSync(found.folder, path, { recursive: true });
        if (broken.yes) throw new Error('stopped');
        return found.key;
      }
      return undefined;
    },
    async save([path = ''], key) {
      if (kept.some((one) => one.key === key)) throw new Error('taken');
      const folder = await newFolder();
      cpSync(path, folder, { recursive: true });
      kept.push({ key, folder });
    },
  };
  /** Files of the archive that was kept last. */
  const newest = () => Object.keys(readFiles(kept.at(-1)?.folder ?? '')).sort();
  return { runner, kept, newest, broken };
}

const keys = (...texts: string[]) => texts.map((text) => objectKey(md5(text))).sort();

/** A repository whose data are on a remote, and what a job on a fresh machine brings of them. */
async function published(files: Readonly<Record<string, string>>, ...targets: string[]) {
  const remote = join(await newFolder(), 'remote');
  const made = await repository(`['remote "r"']\n    url = ${remote}\n[core]\n    remote = r\n`, files);
  const { root, run, cache } = made;
  await run('add', ...targets);
  await run('push');
  const { runner, ...served } = await service();
  const empty = () => {
    for (const path of [...targets, '.dvc/cache', '.dvc/tmp'])
      rmSync(join(root, path), { recursive: true, force: true });
  };
  empty();
  const pull = async (targets: readonly string[] = [], allowMissing = false) => {
    const { document, error, runnerCache } = await dataPullCached(
      contextOf({ root }),
      { targets, allowMissing },
      { runner, keep: true },
    );
    return { runnerCache, fetched: document.fetched, error: error?.code };
  };
  return { ...made, ...served, empty, pull, remote, cache };
}

test('what could not be brought is not kept: a key is never written again', async () => {
  const { remote, empty, pull, kept } = await published({ one: 'one', two: 'two' }, 'one', 'two');
  const lost = join(remote, objectKey(md5('two')));
  renameSync(lost, `${lost}.lost`);
  expect(await pull([], true)).toEqual({ runnerCache: 'miss', fetched: 1, error: undefined });
  expect(kept).toEqual([]);
  renameSync(`${lost}.lost`, lost);
  empty();
  expect(await pull()).toMatchObject({ runnerCache: 'miss', fetched: 2 });
  empty();
  expect(await pull()).toMatchObject({ runnerCache: 'hit', fetched: 0 });
});

test('older data of the same targets are taken before those of others, and nothing is kept that was not asked for', async () => {
  const { root, run, empty, pull, kept, newest } = await published({ 'a/1': 'a1', 'a/2': 'a2', b: 'b' }, ...['a', 'b']);
  expect(await pull(['a'])).toMatchObject({ runnerCache: 'miss', fetched: 3 });
  empty();
  // The archive that is there has none of these.
  expect(await pull(['b'])).toMatchObject({ runnerCache: 'miss', fetched: 1 });
  expect(newest()).toEqual(keys('b'));
  empty();
  await pull(['a']);
  writeFiles(root, { 'a/2': 'a3' });
  await run('add', 'a');
  await run('push');
  empty();
  expect(await pull(['a'])).toMatchObject({ runnerCache: 'partial', fetched: 2 });
  expect(newest()).toHaveLength(3);
  expect(newest()).toEqual(expect.arrayContaining(keys('a1', 'a3')));
  expect(kept).toHaveLength(3);
});

test('a second pull of a job brings no archive for nothing, and keeps what both need', async () => {
  const { pull, kept, newest, empty } = await published({ a: 'a', b: 'b' }, 'a', 'b');
  await pull(['a']);
  expect(await pull(['b'])).toMatchObject({ runnerCache: 'miss', fetched: 1 });
  expect(newest()).toEqual(keys('a', 'b'));
  empty();
  expect(await pull(['b'])).toMatchObject({ runnerCache: 'hit', fetched: 0 });
  expect(kept).toHaveLength(2);
});

test('a cache that has data of others in it goes nowhere', async () => {
  const { root, pull, kept, cache, object } = await published({ a: 'a' }, 'a');
  for (const place of [object('theirs'), join(cache, objectKey(md5('older'), 'md5-dos2unix'))]) {
    writeFiles(root, { [relative(root, place)]: 'theirs' });
    expect(await pull()).toMatchObject({ runnerCache: 'miss', fetched: 1 });
    expect(kept).toEqual([]);
    for (const path of ['a', '.dvc/cache']) rmSync(join(root, path), { recursive: true });
  }
  await pull();
  expect(kept).toHaveLength(1);
});

test('a cache elsewhere is filled with these data alone, and loses nothing', async () => {
  const { root, run, empty, pull, kept } = await published({ a: 'a' }, 'a');
  await pull();
  writeFiles(root, { a: 'b' });
  await run('add', 'a');
  await run('push');
  empty();
  const elsewhere = await newFolder();
  writeFiles(root, { '.dvc/config.local': `[cache]\n    dir = ${elsewhere}\n` });
  expect(await pull()).toMatchObject({ runnerCache: 'miss', fetched: 1 });
  expect(Object.keys(readFiles(elsewhere))).toEqual(keys('b'));
  expect(kept).toHaveLength(2);
});

test.each([false, true])(
  'what was found to be damaged is not kept on; the restoring was stopped: %s',
  async (stopped) => {
    const { root, run, empty, pull, kept, newest, broken } = await published({ a: 'a', b: 'b' }, 'a', 'b');
    await pull();
    writeFiles(kept[0]?.folder ?? '', { [objectKey(md5('b'))]: 'B' });
    writeFiles(root, { a: 'c' });
    await run('add', 'a');
    await run('push');
    empty();
    broken.yes = stopped;
    expect(await pull()).toMatchObject({ fetched: 2, error: undefined });
    expect(newest()).toEqual(keys('b', 'c'));
  },
);
