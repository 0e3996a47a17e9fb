import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stateFolder } from '../../lib/train/run-folder.ts';
import { newFolder } from '../git/repository.ts';

test('the folder of what can be made again hides itself from git', async () => {
  const root = await newFolder();
  const folder = await stateFolder(root);
  expect(folder).toBe(join(root, '.assay'));
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('*\n');
  expect(readdirSync(folder)).toEqual(['.gitignore']);
});

// A process that hashes the work tree would see all of the folder while its .gitignore is written.
test('its .gitignore is not written again', async () => {
  const root = await newFolder();
  const file = join(await stateFolder(root), '.gitignore');
  utimesSync(file, 1, 1);
  const before = statSync(file);
  await stateFolder(root);
  expect([statSync(file).mtimeMs, statSync(file).ino]).toEqual([before.mtimeMs, before.ino]);
});

test('one that says something else is exchanged whole', async () => {
  const root = await newFolder();
  const file = join(await stateFolder(root), '.gitignore');
  const { ino } = statSync(file);
  writeFileSync(file, '');
  await Promise.all(Array.from({ length: 8 }, () => stateFolder(root)));
  expect(readFileSync(file, 'utf8')).toBe('*\n');
  expect(statSync(file).ino).not.toBe(ino);
  expect(readdirSync(join(root, '.assay'))).toEqual(['.gitignore']);
});
