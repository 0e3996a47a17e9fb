import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFreshFolders } from '../../../lib/stores/folder/fresh-folders.ts';
import { newFolder } from '../../git/repository.ts';

async function folders() {
  const root = await newFolder();
  let count = 0;
  const made: string[] = [];
  const fresh = createFreshFolders(
    () => join(root, `temporary-${count++}`),
    (path) => void made.push(path),
  );
  return { root, fresh, made, ab: join(root, 'deep', 'ab') };
}

test('a folder appears whole', async () => {
  const { fresh, made, ab, root } = await folders();
  const standIn = fresh.standInFor(ab);
  expect(made).toEqual([standIn]);
  expect(fresh.standInFor(ab)).toBe(standIn);
  writeFileSync(join(standIn ?? '', 'file'), 'bytes');
  expect(existsSync(ab)).toBe(false);
  fresh.settle();
  expect(readFileSync(join(ab, 'file'), 'utf8')).toBe('bytes');
  expect(fresh.standInFor(ab)).toBeUndefined();
  expect(readdirSync(root)).toEqual(['deep']);
});

test('what is there already has no stand-in', async () => {
  const { fresh, ab } = await folders();
  mkdirSync(ab, { recursive: true });
  expect(fresh.standInFor(ab)).toBeUndefined();
});

test('files go into a folder that somebody made meanwhile, and those of one name are exchanged', async () => {
  const { fresh, ab, root } = await folders();
  const standIn = fresh.standInFor(ab) ?? '';
  writeFileSync(join(standIn, 'file'), 'bytes');
  writeFileSync(join(standIn, 'other'), 'more');
  mkdirSync(ab);
  writeFileSync(join(ab, 'file'), 'bytes');
  writeFileSync(join(ab, 'theirs'), '');
  fresh.settle(ab);
  expect(readdirSync(ab).sort()).toEqual(['file', 'other', 'theirs']);
  expect(readdirSync(root)).toEqual(['deep']);
});

test('one folder settles without the others', async () => {
  const { fresh, ab, root } = await folders();
  const cd = join(root, 'deep', 'cd');
  fresh.standInFor(ab);
  fresh.standInFor(cd);
  fresh.settle(ab);
  expect([existsSync(ab), existsSync(cd)]).toEqual([true, false]);
  fresh.settle();
  expect(existsSync(cd)).toBe(true);
});

test('a file in the place of the folder is an error, and nothing is lost', async () => {
  const { fresh, ab } = await folders();
  const standIn = fresh.standInFor(ab) ?? '';
  writeFileSync(join(standIn, 'file'), 'bytes');
  writeFileSync(ab, '');
  expect(() => fresh.settle()).toThrow(/ENOTDIR|EEXIST/);
  expect(readFileSync(join(standIn, 'file'), 'utf8')).toBe('bytes');
});
