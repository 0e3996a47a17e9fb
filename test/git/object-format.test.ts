import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssayError } from '../../lib/errors.ts';
import { newObject, parseTree, serializeTree } from '../../lib/git/object-format.ts';

const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('hex'));

describe('trees', () => {
  it.each([
    ['sha1', 20],
    ['sha256', 32],
  ] as const)('of %s are read as they were written', (format, length) => {
    const name = fc
      .uint8Array({ minLength: 1, maxLength: 6 })
      .map((bytes) => Buffer.from(bytes).toString('latin1').replace(/[\0/]/g, 'x'));
    const entry = fc.record({
      mode: fc.constantFrom('100644', '100755', '120000', '160000', '40000'),
      id: hex(length),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, entry), { maxLength: 8 }), (entries) => {
        const tree = new Map(entries);
        const bytes = serializeTree(tree);
        expect(parseTree(bytes, format)).toEqual(tree);
        expect(serializeTree(parseTree(bytes, format)).equals(bytes)).toBe(true);
      }),
    );
  });

  it('that are torn, or no trees, are refused by name, and end', () => {
    const whole = serializeTree(new Map([['a', { mode: '100644', id: 'ab'.repeat(20) }]]));
    for (let size = 1; size < whole.length; size++) {
      expect(() => parseTree(whole.subarray(0, size), 'sha1'), String(size)).toThrow('a torn tree');
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          parseTree(Buffer.from(bytes), 'sha1');
        } catch (error) {
          expect(error).toBeInstanceOf(AssayError);
        }
      }),
    );
  });
});

it('knows the ids that git gives: of the empty blob and the empty tree', () => {
  expect(newObject('sha1', 'blob', Buffer.alloc(0)).id).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  expect(newObject('sha1', 'tree', Buffer.alloc(0)).id).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  expect(newObject('sha256', 'tree', Buffer.alloc(0)).id).toBe(
    '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
  );
});
