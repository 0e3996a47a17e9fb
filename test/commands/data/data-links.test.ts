import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { md5 } from '../../../lib/pointers/md5.ts';
import { objectKey } from '../../../lib/pointers/object-key.ts';
import { newFolder } from '../../git/repository.ts';
import { modeOf, readFiles } from '../../pointers/checkout/work-data.ts';
import { repository } from './data-repository.ts';

describe('add in a repository that links', () => {
  test.each([
    ['hardlink', 'hardlink'],
    ['symlink', 'symlink'],
    ['reflink,hardlink,symlink', 'hardlink'],
    ['reflink,symlink,copy', 'symlink'],
    ['reflink,copy,hardlink', 'copy'],
    ['copy,hardlink', 'copy'],
  ])('cache.type = %s keeps a file as a %s, where nothing can be cloned', async (types, kind) => {
    const { root, run, object } = await repository(`[cache]\n    type = "${types}"\n`, { 'x.bin': 'bytes' });
    const clones = canClone(root);
    await run('add', 'x.bin');
    const expected = clones && types.startsWith('reflink') ? 'copy' : kind;
    expect(linkOf(join(root, 'x.bin'), object('bytes'))).toBe(expected);
    rmSync(join(root, 'x.bin'));
    await run('checkout');
    expect(linkOf(join(root, 'x.bin'), object('bytes'))).toBe(expected);
  });

  test.each(['hardlink', 'symlink'])('leaves an executable file one (%s)', async (type) => {
    const { root, run, object } = await repository(`[cache]\n    type = ${type}\n`, { 'run.sh': '#!/bin/sh' });
    chmodSync(join(root, 'run.sh'), 0o755);
    await run('add', 'run.sh');
    expect(readFileSync(join(root, 'run.sh.dvc'), 'utf8')).toContain('isexec: true');
    expect([modeOf(join(root, 'run.sh')), modeOf(object('#!/bin/sh'))]).toEqual([0o755, 0o444]);
  });

  test.each(['hardlink', 'symlink'])('a link into the cache leaves its object alone (%s)', async (type) => {
    const { root, cache, run, object } = await repository(`[cache]\n    type = ${type}\n`, { 'x.bin': 'bytes' });
    await run('add', 'x.bin');
    // As DVC leaves it for us: a link, and nothing that was remembered of it.
    rmSync(join(root, 'x.bin'));
    symlinkSync(object('bytes'), join(root, 'x.bin'));
    rmSync(join(root, '.dvc', 'tmp'), { recursive: true });
    expect(await run('add', 'x.bin')).toMatchObject({ exit: 0, added: [{ state: 'unchanged' }] });
    expect(lstatSync(object('bytes')).isFile()).toBe(true);
    expect(readFiles(cache)).toEqual({ [objectKey(md5('bytes'))]: 'bytes' });
    expect(readFileSync(join(root, 'x.bin'), 'utf8')).toBe('bytes');
  });

  test('one object is behind all files with its bytes', async () => {
    const files = { 'data/a': 'the same', 'data/b': 'the same', 'c.bin': 'the same' };
    const { root, run, object } = await repository('[cache]\n    type = hardlink\n', files);
    await run('add', 'data');
    await run('add', 'c.bin');
    const paths = Object.keys(files).map((path) => join(root, path));
    expect(paths.map((path) => linkOf(path, object('the same')))).toEqual(['hardlink', 'hardlink', 'hardlink']);
    expect(statSync(object('the same')).nlink).toBe(4);
    expect(await run('status')).toMatchObject({ clean: true });
  });

  test.each(['hardlink', 'symlink'])('an add leaves the links of other repositories as they are (%s)', async (type) => {
    const shared = join(await newFolder(), 'cache');
    const config = `[cache]\n    type = ${type}\n    dir = ${shared}\n`;
    const object = join(shared, objectKey(md5('bytes')));
    const [one, other] = [await repository(config, { x: 'bytes' }), await repository(config, { x: 'bytes' })];
    await one.run('add', 'x');
    const before = lstatSync(object).ino;
    await other.run('add', 'x');
    expect(lstatSync(object).ino).toBe(before);
    expect([one, other].map(({ root }) => linkOf(join(root, 'x'), object))).toEqual([type, type]);
  });

  test.each(['hardlink', 'symlink'])('a damaged object is not linked to (%s)', async (type) => {
    const { root, run, cache, object } = await repository(`[cache]\n    type = ${type}\n`, { x: 'bytes', y: 'bytes' });
    await run('add', 'x');
    rmSync(object('bytes'));
    writeFileSync(object('bytes'), 'bites', { mode: 0o444 });
    expect(await run('add', 'y')).toMatchObject({ exit: 0 });
    expect(readFileSync(join(root, 'y'), 'utf8')).toBe('bytes');
    expect(linkOf(join(root, 'y'), object('bytes'))).toBe(type);
    expect(readFileSync(object('bytes'), 'utf8')).toBe('bytes');
    expect(Object.values(readFiles(cache)).sort()).toEqual(['bites', 'bytes']);
  });

  test('a link that was made writable is protected again', async () => {
    const { root, run, object } = await repository('[cache]\n    type = hardlink\n', { x: 'bytes' });
    await run('add', 'x');
    chmodSync(join(root, 'x'), 0o644);
    rmSync(join(root, '.dvc', 'tmp'), { recursive: true });
    await run('add', 'x');
    expect([modeOf(join(root, 'x')), linkOf(join(root, 'x'), object('bytes'))]).toEqual([0o444, 'hardlink']);
  });
});

/** Linux's file system in memory: a disk of its own, so that nothing there can be linked to. */
const OTHER_DISK = '/dev/shm';
const isOther = existsSync(OTHER_DISK) && statSync(OTHER_DISK).dev !== statSync(tmpdir()).dev;

describe.skipIf(!isOther)('where no link of the wanted kind can be made, for the cache is on another disk', () => {
  const cache = isOther ? mkdtempSync(join(OTHER_DISK, 'assay-test-')) : '';
  afterAll(() => rmSync(cache, { recursive: true }));

  test('checkout names the data that were to be there', async () => {
    const { root, run } = await repository(`[cache]\n    dir = ${cache}\n    type = hardlink\n`, { 'd/x': 'bytes' });
    await run('add', 'd');
    rmSync(join(root, 'd'), { recursive: true });
    const told = await run('checkout');
    expect(told).toMatchObject({ exit: 2, code: 'E_LINK_TYPE' });
    expect(told.message).toContain('no link of the kinds hardlink can be made at "d"');
  });
});

function canClone(folder: string): boolean {
  try {
    copyFileSync(join(folder, 'x.bin'), join(folder, '.clone'), constants.COPYFILE_FICLONE_FORCE);
    rmSync(join(folder, '.clone'));
    return true;
  } catch {
    return false;
  }
}

function linkOf(path: string, object: string): 'symlink' | 'hardlink' | 'copy' {
  if (lstatSync(path).isSymbolicLink()) return 'symlink';
  return lstatSync(path).ino === lstatSync(object).ino ? 'hardlink' : 'copy';
}
