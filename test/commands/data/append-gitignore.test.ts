import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendGitignore } from '../../../lib/commands/data/append-gitignore.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-gitignore-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const text = () => readFileSync(join(root, '.gitignore'), 'utf8');

test('a line that another process appends at the same time stays', () => {
  const other = openSync(join(root, '.gitignore'), 'a');
  expect(appendGitignore(root, 'ours')).toBe('.gitignore');
  writeSync(other, '/theirs\n');
  closeSync(other);
  appendGitignore(root, 'ours too');
  expect(text()).toBe('/ours\n/theirs\n/ours too\n');
});

test.each([
  ['*.bin', '*.bin\n/a*b\n'],
  ['/x\r\n', '/x\r\n/a*b\r\n'],
  ['/a\\*b\n', '/a\\*b\n'],
])('%j is kept as it is, and ends with the line once', (before, after) => {
  writeFileSync(join(root, '.gitignore'), before);
  appendGitignore(root, 'a*b');
  expect(text()).toBe(after.replace('/a*b', '/a\\*b'));
});

test('bytes that are no UTF-8 stay', () => {
  writeFileSync(join(root, '.gitignore'), Buffer.from([0xff, 0x0a]));
  appendGitignore(root, 'é');
  expect(readFileSync(join(root, '.gitignore'))).toEqual(
    Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.from('/é\n')]),
  );
});

test('is not written through a link', () => {
  const elsewhere = join(root, 'elsewhere');
  appendFileSync(elsewhere, '');
  symlinkSync(elsewhere, join(root, '.gitignore'));
  expect(() => appendGitignore(root, 'x')).toThrow(expect.objectContaining({ code: 'E_DATA_TARGET_OUTSIDE' }));
  expect(readFileSync(elsewhere, 'utf8')).toBe('');
});
