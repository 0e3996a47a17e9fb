import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDvcFile } from '../../../lib/pointers/formats/dvc-file.ts';
import { readPlainPointer } from '../../../lib/pointers/formats/plain-pointer.ts';

const pointer = (md5: string, path: string, more = '') =>
  `outs:\n- md5: ${md5}\n  size: 12\n${more}  hash: md5\n  path: ${path}\n`;
const DIGEST = 'b'.repeat(32);

/** Names of all kinds of characters, and what looks like a number, a date or a word. */
const name = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abefinotx01789._-+/: #\'"~é'), minLength: 1, maxLength: 8 }),
  fc
    .tuple(fc.nat(), fc.constantFrom('', '.bin', '.csv', '-x', '_', 'e', '.5', '/a', 'x', 'o'))
    .map((part) => part.join('')),
  fc.constantFrom('0x1f', '0o17', '1e5', '.inf', '1_000', '2024-01-01', '12:30', 'true', 'Null', 'no', 'on', '0b11'),
);
const digest = fc.string({ unit: fc.constantFrom(...'0123456789e', ...'abcdf'), minLength: 32, maxLength: 32 });

test('whatever is read without YAML is read as YAML has it', () => {
  let plain = 0;
  fc.assert(
    fc.property(
      name,
      fc.oneof(
        digest,
        digest.map((md5) => `${md5}.dir`),
        fc.constantFrom('1'.repeat(32), `${'1'.repeat(30)}e1`),
      ),
      fc.constantFrom('', '  nfiles: 3\n', '  isexec: true\n'),
      (path, md5, more) => {
        const text = pointer(md5, path, more);
        const read = readPlainPointer(text);
        if (read === undefined) return;
        plain++;
        expect(read).toEqual(parseDvcFile(text, 'x.dvc').outs[0]);
      },
    ),
    { numRuns: 3000 },
  );
  expect(plain).toBeGreaterThan(300);
});

test.each(['data.csv', '0.bin', '2024.csv', '2024-01-01.csv', '7z', '1/2', '001_a'])('%s needs no YAML', (path) => {
  expect(readPlainPointer(pointer(DIGEST, path))?.path).toBe(path);
});

test.each(['1', '1.5', '1e5', '0x1f', '0o17', '2024-01-01', 'true', '-a', 'a b', 'a: b', "'a'", ''])(
  '%j is left to YAML',
  (path) => {
    expect(readPlainPointer(pointer(DIGEST, path))).toBeUndefined();
  },
);

test('a long name that ends otherwise is looked at once', () => {
  expect(readPlainPointer(pointer(DIGEST, `1${'/a'.repeat(500_000)}!`))).toBeUndefined();
});
