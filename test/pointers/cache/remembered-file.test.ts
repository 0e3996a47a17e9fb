import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeRemembered } from '../../../lib/pointers/cache/remembered-file.ts';
import { newFolder } from '../../new-folder.ts';

test('appears whole, with the folders above it, and takes the place of an older one', async () => {
  const folder = await newFolder();
  const file = join(folder, 'deep', 'memory.json');
  for (const text of ['first', 'second']) writeRemembered(file, text);
  expect(readFileSync(file, 'utf8')).toBe('second');
  expect(readdirSync(join(folder, 'deep'))).toEqual(['memory.json']);
});

test('is passed over where nothing can be written, whatever stands in the way', async () => {
  const folder = await newFolder();
  writeFileSync(join(folder, 'file'), '');
  for (const place of [join(folder, 'file'), `${folder}/${'x'.repeat(300)}`, '/proc/self/nothing']) {
    expect(() => writeRemembered(join(place, 'memory.json'), 'text')).not.toThrow();
  }
  expect(readdirSync(folder)).toEqual(['file']);
});
