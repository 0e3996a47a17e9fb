import { rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { temporaryFolder } from '../lib/temporary-folder.ts';
import { newFolder } from './new-folder.ts';

const before = process.env.TMPDIR;
afterEach(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
});

test('is a new one each time', async () => {
  process.env.TMPDIR = await newFolder();
  const folders = [await temporaryFolder('x'), await temporaryFolder('x')];
  expect(new Set(folders).size).toBe(2);
  for (const folder of folders) {
    expect(statSync(folder).isDirectory()).toBe(true);
    rmdirSync(folder);
  }
});

test.each(['missing', 'file'])('a place that is %s is named', async (name) => {
  const folder = await newFolder();
  writeFileSync(join(folder, 'file'), '');
  process.env.TMPDIR = join(folder, name);
  await expect(temporaryFolder('x')).rejects.toMatchObject({
    code: 'E_STORE_WRITE',
    exitCode: 3,
    message: expect.stringContaining(join(folder, name)),
  });
});
