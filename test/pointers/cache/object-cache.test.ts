import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, lstatSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stampOf } from '../../../lib/pointers/cache/file-stamp.ts';
import { SMALL_FILE } from '../../../lib/pointers/cache/hash-file.ts';
import { type ObjectCache, openObjectCache } from '../../../lib/pointers/cache/object-cache.ts';
import { openPlacer } from '../../../lib/pointers/cache/place-object.ts';
import { openStatCache } from '../../../lib/pointers/cache/stat-cache.ts';
import type { LinkType } from '../../../lib/pointers/config/dvc-config.ts';
import { newFolder } from '../../git/repository.ts';
import { modeOf } from '../checkout/work-data.ts';

const md5Of = (bytes: string) => createHash('md5').update(bytes).digest('hex');
const stampAt = (path: string) => stampOf(lstatSync(path));

async function keep(text: string): Promise<{ root: string; cache: ObjectCache; md5: string; file: string }> {
  const root = await newFolder();
  const file = join(root, 'file');
  writeFileSync(file, text);
  const cache = openObjectCache(join(root, 'cache'));
  return { root, cache, md5: await cache.insertFile(file, stampAt(file)), file };
}

describe.each([
  ['small', 'hello'],
  ['empty', ''],
  ['as large as a small one gets', 'x'.repeat(SMALL_FILE)],
  ['large', 'y'.repeat(SMALL_FILE + 1)],
  ['of several pieces', 'z'.repeat(3 * SMALL_FILE + 17)],
])('a file that is %s', (_what, text) => {
  test("is kept under its MD5 in DVC's layout, read-only, with nothing left beside it", async () => {
    const { cache, md5, root } = await keep(text);
    expect(md5).toBe(md5Of(text));
    cache.settle();
    const path = join(root, 'cache', 'files', 'md5', md5.slice(0, 2), md5.slice(2));
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(modeOf(path)).toBe(0o444);
    cache.close();
    expect(readdirSync(join(root, 'cache', 'assay-tmp'))).toEqual([]);
  });

  test.each<[LinkType[]]>([[['copy']], [['reflink', 'copy']], [['hardlink']], [['symlink']]])(
    'comes back by %j',
    async (types) => {
      const { cache, md5, root } = await keep(text);
      const placer = openPlacer(cache, { types, verified: openStatCache(undefined).scope('objects') });
      const target = join(root, 'back');
      await placer.make({ md5, hash: 'md5', isexec: false }, target);
      expect(readFileSync(target, 'utf8')).toBe(text);
      if (types[0] === 'symlink') expect(lstatSync(target).isSymbolicLink()).toBe(true);
      if (types[0] === 'hardlink' && text !== '') expect(statSync(target).ino).toBe(statSync(cache.pathOf(md5)).ino);
      if (types.includes('copy')) expect(modeOf(target) & 0o200).toBe(0o200);
      const script = join(root, 'script');
      await placer.make({ md5, hash: 'md5', isexec: true }, script);
      expect(modeOf(script) & 0o100).toBe(0o100);
      expect(modeOf(cache.pathOf(md5))).toBe(0o444);
    },
  );

  test('is never placed when its bytes are not what its name says', async () => {
    const { cache, md5, root } = await keep(text);
    const object = cache.pathOf(md5);
    const damaged = text === '' ? '!' : `!${text.slice(1)}`;
    // A new file under the old name: root may write to a read-only one anyway.
    writeFileSync(object, damaged, { mode: 0o444 });
    for (const types of [['copy'], ['hardlink']] as const) {
      const placer = openPlacer(cache, { types, verified: openStatCache(undefined).scope('objects') });
      const target = join(root, 'back');
      const made = placer.make({ md5, hash: 'md5', isexec: false }, target);
      await expect(made).rejects.toMatchObject({ code: types[0] === 'copy' ? 'E_CACHE_CORRUPT' : 'E_CACHE_MISSING' });
      expect(existsSync(target)).toBe(false);
    }
    expect(cache.has(md5)).toBe(false);
    expect(readFileSync(join(root, 'cache', 'assay-damaged', md5), 'utf8')).toBe(damaged);
  });
});

test.each<[string, LinkType, string]>([
  ['a link to a small object', 'hardlink', 'hello'],
  ['a link to a large one', 'hardlink', 'y'.repeat(SMALL_FILE + 1)],
  ['a copy of a large one', 'copy', 'y'.repeat(SMALL_FILE + 1)],
])('%s is made although another process puts the same bytes in its place meanwhile', async (_what, type, text) => {
  const { root, cache, md5 } = await keep(text);
  cache.settle();
  let looks = 0;
  // Between the look at the object and its reading.
  const raced: ObjectCache = {
    ...cache,
    stampOf(...which) {
      const stamp = cache.stampOf(...which);
      if (looks++ === 0) {
        writeFileSync(`${cache.pathOf(md5)}.other`, text);
        renameSync(`${cache.pathOf(md5)}.other`, cache.pathOf(md5));
      }
      return stamp;
    },
  };
  const placer = openPlacer(raced, { types: [type], verified: openStatCache(undefined).scope('objects') });
  const target = join(root, 'back');
  await placer.make({ md5, hash: 'md5', isexec: false }, target);
  expect(readFileSync(target, 'utf8')).toBe(text);
  expect(looks).toBeGreaterThan(1);
});

test('a damaged object is replaced when its bytes are kept again', async () => {
  const { cache, md5, file } = await keep('hello');
  writeFileSync(cache.pathOf(md5), 'hullo', { mode: 0o444 });
  expect(await cache.insertFile(file, stampAt(file))).toBe(md5);
  expect(readFileSync(cache.pathOf(md5), 'utf8')).toBe('hello');
});

test('a file that changes while it is read is refused, and nothing is kept of it', async () => {
  const { cache, file, root } = await keep('hello');
  const before = stampAt(file);
  cache.settle();
  writeFileSync(file, 'something longer');
  await expect((async () => cache.insertFile(file, before))()).rejects.toMatchObject({
    code: 'E_STORE_SOURCE_CHANGED',
  });
  expect(readdirSync(join(root, 'cache', 'files', 'md5'))).toHaveLength(1);
});

test('a file that was replaced after it was hashed does not become the object of the old bytes', async () => {
  const { cache, file, md5 } = await keep('hashed');
  const stamp = stampAt(file);
  cache.settle();
  cache.remove(md5);
  writeFileSync(`${file}.new`, 'others');
  renameSync(`${file}.new`, file);
  expect(() => cache.insertLink({ path: file, stamp }, md5)).toThrow(/changed while it was stored/);
  cache.close();
  expect(cache.has(md5)).toBe(false);
  expect(existsSync(cache.pathOf(md5))).toBe(false);
  expect(readFileSync(file, 'utf8')).toBe('others');
  expect(statSync(file)).toMatchObject({ nlink: 1 });
});

describe('of many small objects', () => {
  const texts = Array.from({ length: 600 }, (_, index) => `object ${index}`);
  const insert = (cache: ObjectCache, some = texts) => {
    for (const text of some) cache.insertSoon(Buffer.from(text), md5Of(text));
  };
  const read = (cache: ObjectCache, text: string) =>
    readFileSync(join(cache.folder, 'files/md5', ...split(text)), 'utf8');
  const split = (text: string) => [md5Of(text).slice(0, 2), md5Of(text).slice(2)];

  test('none is visible before its folder is, and all are after settling', async () => {
    const cache = openObjectCache(join(await newFolder(), 'cache'));
    insert(cache);
    expect(existsSync(join(cache.folder, 'files/md5'))).toBe(true);
    expect(readdirSync(join(cache.folder, 'files/md5'))).toEqual([]);
    expect(texts.every((text) => cache.has(md5Of(text)))).toBe(true);
    cache.settle();
    expect(texts.map((text) => read(cache, text))).toEqual(texts);
    cache.close();
    expect(readdirSync(join(cache.folder, 'assay-tmp'))).toEqual([]);
  });

  test('each is where it is asked for, twice inserted or not', async () => {
    const cache = openObjectCache(join(await newFolder(), 'cache'));
    insert(cache);
    insert(cache);
    for (const text of texts) {
      expect(cache.stampOf(md5Of(text))?.size).toBe(text.length);
      expect(readFileSync(cache.pathOf(md5Of(text)), 'utf8')).toBe(text);
    }
  });

  test('those that a killed process wrote whole are found by the next, which removes the others', async () => {
    const folder = join(await newFolder(), 'cache');
    const code = `
      import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
      import { readdirSync, truncateSync } from 'node:fs';
      import { openObjectCache } from ${JSON.stringify(join(import.meta.dirname, '../../../lib/pointers/cache/object-cache.ts'))};
      const cache = openObjectCache(${JSON.stringify(folder)});
      for (const text of ['one', 'two', 'three']) {
        cache.insertSoon(Buffer.from(text), createHash('md5').update(text).digest('hex'));
      }
      const staged = readdirSync(${JSON.stringify(folder)}, { recursive: true, withFileTypes: true });
      const half = staged.find(({ name }) => name === ${JSON.stringify(split('two')[1])});
      truncateSync(half.parentPath + '/' + half.name, 1);
      process.kill(process.pid, 'SIGKILL');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    const cache = openObjectCache(folder);
    expect(['one', 'two', 'three'].map((text) => cache.has(md5Of(text)))).toEqual([true, false, true]);
    expect([read(cache, 'one'), read(cache, 'three')]).toEqual(['one', 'three']);
    expect(readdirSync(join(folder, 'assay-tmp'))).toEqual([]);
  });

  test('two processes can fill one cache at once', async () => {
    const folder = join(await newFolder(), 'cache');
    const [one, other] = [openObjectCache(folder), openObjectCache(folder)];
    insert(one);
    insert(other, texts.slice(0, 400).concat('of the other'));
    one.settle();
    other.settle();
    expect(texts.map((text) => read(one, text))).toEqual(texts);
    expect(read(one, 'of the other')).toBe('of the other');
    one.close();
    other.close();
    expect(readdirSync(join(folder, 'assay-tmp'))).toEqual([]);
  });
});
