import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stampOf } from '../../../lib/pointers/cache/file-stamp.ts';
import { openStatCache } from '../../../lib/pointers/cache/stat-cache.ts';
import { rememberMoved, settledTime } from '../../../lib/pointers/checkout/made-files.ts';
import { newFolder } from '../../git/repository.ts';

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const stampAt = (path: string) => stampOf(statSync(path));

/** A file that was made in a folder of our own and moved; `meanwhile` is what others do to it right after. */
async function moved(meanwhile: (path: string) => void) {
  const root = await newFolder();
  const [folder, target] = [join(root, 'own'), join(root, 'target')];
  mkdirSync(folder);
  const staged = join(folder, '1');
  writeFileSync(staged, 'bytes');
  const stamp = stampAt(staged);
  const settled = await settledTime(folder, [stamp]);
  renameSync(staged, target);
  meanwhile(target);
  const cache = openStatCache(join(root, 'stat'));
  await rememberMoved(cache.scope('s'), { path: 'file', md5: MD5, stamp }, { target, folder, settled });
  cache.save();
  return { target, get: () => openStatCache(join(root, 'stat')).scope('s').get('file', stampAt(target)) };
}

describe('files that were made', () => {
  test('are known without being read', async () => {
    expect((await moved(() => {})).get()).toBe(MD5);
  });

  test.each([
    ['other bytes of the same number', (path: string) => writeFileSync(path, 'BYTES')],
    ['more bytes', (path: string) => writeFileSync(path, 'more bytes')],
    ['another time', (path: string) => utimesSync(path, 1_700_000_001, 1_700_000_001)],
  ])('are not when somebody gave them %s right after', async (_what, change) => {
    const { target, get } = await moved(change);
    expect(get()).toBeUndefined();
    expect(readFileSync(target, 'utf8')).not.toBe('');
  });

  test('are not any more when their content is changed and its time set back', async () => {
    const { target, get } = await moved(() => {});
    const { atime, mtime } = statSync(target);
    writeFileSync(target, 'BYTES');
    utimesSync(target, atime, mtime);
    expect(get()).toBeUndefined();
  });

  test('settle by the clock of the file system, which has gone on since', async () => {
    const root = await newFolder();
    writeFileSync(join(root, 'file'), '');
    const stamp = stampAt(join(root, 'file'));
    const settled = await settledTime(root, [stamp]);
    expect(settled).toBeGreaterThan(stamp.mtimeMs);
    expect(settled).toBeGreaterThan(stamp.ctimeMs);
  });

  test('are given up on where the clock does not come to their time', async () => {
    const root = await newFolder();
    const future = 4_000_000_000_000;
    expect(await settledTime(root, [{ size: 0, mtimeMs: future, ctimeMs: 0, ino: 1, mode: 0 }])).toBeUndefined();
  });
});
