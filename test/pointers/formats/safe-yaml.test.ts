import { describe, expect, test } from 'vitest';
import { assayError } from '../../../lib/errors.ts';
import { parseSafeYaml } from '../../../lib/pointers/formats/safe-yaml.ts';

const read = (text: string) =>
  parseSafeYaml(text, {
    file: 'x.dvc',
    aliases: 'bounded',
    corrupt: (place, reason) => assayError('E_POINTER_CORRUPT', { ...place, reason }),
  }).document.toJS();

describe('a key twice', () => {
  test.each([
    ['a: 1\nb: 2\na: 3\n', 3, 1],
    ['x:\n- {a: 1, "a": 2}\n', 2, 10],
    ['1: a\n0x1: b\n', 2, 1],
  ])('is refused where it stands: %j', (text, line, column) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'E_POINTER_CORRUPT',
        message: expect.stringContaining(`x.dvc:${line}:${column}: Map keys must be unique`),
      }),
    );
  });

  test('is none in another map, or of another kind', () => {
    expect(read('a: {b: 1}\nb: {a: 1}\n"1": x\n')).toEqual({ a: { b: 1 }, b: { a: 1 }, 1: 'x' });
  });

  test('is looked for in a map of very many keys without holding each against each', () => {
    const text = Array.from({ length: 150_000 }, (_, i) => `k${i}: v\n`).join('');
    expect(Object.keys(read(text))).toHaveLength(150_000);
  });
});

test.each([
  ['<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> b\n', 'x.dvc:1:1: it has the marks of a merge that is not finished'],
  ['['.repeat(100_000), 'it is nested too deep'],
  ['a:\n  __proto__: {b: 1}\n', 'x.dvc:2:3: a key cannot be "__proto__"'],
  [
    Array.from({ length: 6000 }, (_, i) => `k${i}: &a${i} v\nj${i}: *a${i}\n`).join(''),
    'it has too many YAML aliases and anchors',
  ],
])('says plainly what is wrong: %.30j', (text, reason) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ message: expect.stringContaining(reason) }));
});
