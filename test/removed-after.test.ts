import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { newFolder } from './new-folder.ts';

const MODULE = new URL('../lib/removed-after.ts', import.meta.url).href;

/** Copies on and on, many files at a time, as a move between stores does. */
const BUSY = `
import { mkdtempSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { removedAfter } from '${MODULE}';
const folder = mkdtempSync(process.argv[1] + '/busy-');
const bytes = Buffer.alloc(1000);
let files = 0;
async function copy() {
  for (;;) {
    const path = folder + '/' + files++;
    await writeFile(path + '.tmp', bytes);
    await rename(path + '.tmp', path);
    if (files === 2000) process.stdout.write('busy');
  }
}
await removedAfter(folder, () => Promise.all(Array.from({ length: 64 }, copy)));
`;

async function interrupted(top: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', BUSY, top], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  const [, by] = await once(child, 'close');
  return by;
}

test('a signal leaves nothing in the folder, however much is under way there', async () => {
  const top = await newFolder();
  // What is under way differs from one to the next: two in five used to leave something.
  const ends = await Promise.all([1, 2, 3, 4, 5].map(() => interrupted(top)));
  expect(ends).toEqual(ends.map(() => 'SIGINT'));
  expect(readdirSync(top)).toEqual([]);
});
