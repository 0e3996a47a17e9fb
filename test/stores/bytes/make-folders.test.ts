import { existsSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolders } from '../../../lib/stores/bytes/make-folders.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'assay-folders-'));

test('folders are made with those above, once or twice, through links too', () => {
  const root = fresh();
  makeFolders(join(root, 'a', 'b', 'c'));
  makeFolders(join(root, 'a', 'b', 'c'));
  symlinkSync(join(root, 'a'), join(root, 'link'));
  makeFolders(join(root, 'link', 'd'));
  makeFolders(join(root, 'link'));
  expect(statSync(join(root, 'a', 'd')).isDirectory()).toBe(true);
});

test('a file in the way is told', () => {
  const root = fresh();
  writeFileSync(join(root, 'f'), '');
  expect(() => makeFolders(join(root, 'f'))).toThrow('EEXIST');
  expect(() => makeFolders(join(root, 'f', 'x', 'y'))).toThrow('ENOTDIR');
});

test.skipIf(!existsSync('/proc/self'))('a file system that takes no folders ends it', () => {
  expect(() => makeFolders('/proc/nothing/files/md5')).toThrow('ENOENT');
});
