import { linkSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isSettled, stampOf } from '../../../lib/pointers/cache/file-stamp.ts';
import { openStatCache } from '../../../lib/pointers/cache/stat-cache.ts';
import { newFolder } from '../../git/repository.ts';
import { writeFiles } from '../checkout/work-data.ts';

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const stampAt = (path: string) => stampOf(lstatSync(path));

/** Until the file system's clock has gone on: what is written from now on has another time than what was before. */
function nextTick(folder: string): void {
  const probe = join(folder, 'probe');
  const touched = () => {
    writeFileSync(probe, '');
    return lstatSync(probe).ctimeMs;
  };
  for (const before = touched(); touched() === before; );
  rmSync(probe);
}

async function remembered() {
  const root = await newFolder();
  writeFiles(root, { file: 'bytes' });
  nextTick(root);
  const folder = join(root, 'stat');
  const path = join(root, 'file');
  const cache = openStatCache(folder);
  cache.scope('s').set('file', stampAt(path), MD5);
  cache.save();
  return { root, folder, path, get: () => openStatCache(folder).scope('s').get('file', stampAt(path)) };
}

describe('the stat cache', () => {
  test('remembers from process to process', async () => {
    expect((await remembered()).get()).toBe(MD5);
  });

  test.each([
    ['size', (path: string) => writeFiles(join(path, '..'), { file: 'more bytes' })],
    ['time', (path: string) => utimesSync(path, 1_700_000_001, 1_700_000_001)],
    [
      'content, whose time was set back',
      (path: string) => {
        const { atime, mtime } = lstatSync(path);
        writeFileSync(path, 'BYTES');
        utimesSync(path, atime, mtime);
      },
    ],
    [
      'inode',
      (path: string) => {
        writeFiles(join(path, '..'), { other: 'BYTES' });
        renameSync(join(path, '..', 'other'), path);
      },
    ],
  ])('forgets a file of another %s', async (_what, change) => {
    const { path, get } = await remembered();
    change(path);
    expect(get()).toBeUndefined();
  });

  test('knows a file of several names whatever links are made to it', async () => {
    const { root, folder, path } = await remembered();
    linkSync(path, join(root, 'second'));
    nextTick(root);
    const cache = openStatCache(folder);
    cache.scope('s').set('file', stampAt(path), MD5);
    cache.save();
    linkSync(path, join(root, 'third'));
    expect(openStatCache(folder).scope('s').get('file', stampAt(path))).toBe(MD5);
  });

  test('does not trust a file that was changed in the present tick', async () => {
    const { root, folder } = await remembered();
    const cache = openStatCache(folder);
    const path = join(root, 'young');
    writeFileSync(path, 'first');
    cache.scope('s').set('young', stampAt(path), MD5);
    cache.save();
    expect(openStatCache(folder).scope('s').get('young', stampAt(path))).toBeUndefined();
  });

  test.each([
    ['cut off', (text: string) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['with another address', (text: string) => text.replace('d41d', 'd41e')],
    ['of another version', (text: string) => text.replace('stat-cache/3', 'stat-cache/4')],
  ])('starts anew from a file that is %s', async (_what, damage) => {
    const { folder, get } = await remembered();
    for (const name of readdirSync(folder))
      writeFileSync(join(folder, name), damage(readFileSync(join(folder, name), 'utf8')));
    expect(get()).toBeUndefined();
  });

  test('forgets what has gone', async () => {
    const { folder, get } = await remembered();
    const cache = openStatCache(folder);
    cache.scope('s').retain(new Set());
    cache.save();
    expect(get()).toBeUndefined();
  });

  test.each([
    ['no folder', undefined],
    ['a folder that cannot be made', '/dev/null/stat'],
  ])('remembers nothing with %s, and says nothing', (_what, folder) => {
    const cache = openStatCache(folder);
    cache.scope('s').set('x', { size: 1, mtimeMs: 1, ctimeMs: 1, ino: 1, mode: 0 }, MD5);
    cache.save();
    expect(
      openStatCache(folder).scope('s').get('x', { size: 1, mtimeMs: 1, ctimeMs: 1, ino: 1, mode: 0 }),
    ).toBeUndefined();
  });

  test('leaves no temporary files', async () => {
    const { folder } = await remembered();
    expect(readdirSync(folder).filter((name) => !name.endsWith('.json'))).toEqual([]);
  });
});

test.each([
  // Parts of a second: a tick later is enough. Whole seconds: two of them, for FAT.
  [1_500.25, 1_500.75, true],
  [1_500.25, 1_500.25, false],
  [5_000, 6_500, false],
  [5_000, 7_000.25, true],
])('a file changed at %s is settled at %s: %s', (mtime, now, settled) => {
  expect(isSettled(mtime, now)).toBe(settled);
});

test('a file whose time was set back settles with its inode', () => {
  expect([isSettled(1, 5, 4), isSettled(1, 5, 5)]).toEqual([true, false]);
});

test('so does one whose time is to come, where the inode has a time of its own', () => {
  expect([isSettled(9, 5, 4), isSettled(9, 5, 5), isSettled(9, 5, 9), isSettled(9, 5)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('a coarse clock of inodes is waited for too', () => {
  expect([isSettled(1, 6_999, 5_000), isSettled(1, 7_001, 5_000)]).toEqual([false, true]);
});

test.each([
  ['one name', { nlink: 1, ino: 7 }, 5],
  ['several names, whose links come and go', { nlink: 2, ino: 7 }, 0],
  ['no count of its names', { nlink: 0, ino: 7 }, 5],
  ['several names, of a number that stands for its neighbours too', { nlink: 2, ino: 2 ** 60 }, 5],
])('the time of the inode of a file with %s', (_what, own, ctimeMs) => {
  expect(stampOf(Object.assign(lstatSync(import.meta.filename), own, { ctimeMs: 5 })).ctimeMs).toBe(ctimeMs);
});
