import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../../lib/errors.ts';
import { byCodePoint } from '../../../lib/pointers/code-point-order.ts';
import {
  type DirEntry,
  dirAddress,
  MAX_DIR_ENTRIES,
  parseDirObject,
  renderDirObject,
} from '../../../lib/pointers/listings/dir-object.ts';
import { md5 } from '../../../lib/pointers/md5.ts';

const entries = (files: Record<string, string>): DirEntry[] =>
  Object.entries(files).map(([relpath, text]) => ({ relpath, md5: md5(text) }));

const AWKWARD = ['a/b', 'a-b', 'a.b', 'é.txt', '😀.bin', '\uff5e.txt', 'q"\\\t\u007f'];

describe('renderDirObject', () => {
  // Made by DVC itself: its own tests, and `dvc add` of these folders.
  test.each([
    [{ bar: 'bar', foo: 'foo' }, '5ea40360f5b4ec688df672a4db9c17d1.dir'],
    [{}, 'd751713988987e9331980363e24189ce.dir'],
    [{ bar: 'bar\n', baz: 'baz\n' }, '1f69c66028c35037e8bf67e5bc4ceb6a.dir'],
    [Object.fromEntries(AWKWARD.map((path) => [path, 'x'])), 'a45db074d3b0d4ddaca3e4fe6e34c7a6.dir'],
  ])('gives DVC its address of %j', (files, address) => {
    expect(dirAddress(renderDirObject(entries(files)))).toBe(address);
    expect(dirAddress(renderDirObject(entries(files).reverse()))).toBe(address);
  });

  test('writes what Python writes', () => {
    expect(renderDirObject(entries({ foo: 'foo', 'é\u007f': 'x' }))).toBe(
      '[{"md5": "acbd18db4cc2f85cedef654fccc4a4d8", "relpath": "foo"}, ' +
        '{"md5": "9dd4e461268c8034f5c8564e155c67a6", "relpath": "\\u00e9\\u007f"}]',
    );
  });
});

test('byCodePoint is the order of UTF-8 bytes', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(byCodePoint(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
});

describe('parseDirObject', () => {
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
  const M = 'acbd18db4cc2f85cedef654fccc4a4d8';
  const of = (...relpaths: string[]) => bytes(relpaths.map((relpath) => ({ md5: M, relpath })));

  test('reads what renderDirObject writes', () => {
    const name = fc.string({ unit: fc.constantFrom(...'abAB.-_ é😀\uff5e'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.uniqueArray(
          name.filter((n) => !/^\.+$/.test(n)),
          { maxLength: 20 },
        ),
        (names) => {
          const list = names.map((relpath) => ({ relpath: `d/${relpath}`, md5: md5(relpath) }));
          const read = parseDirObject(Buffer.from(renderDirObject(list)), 'x.dir');
          expect(read).toEqual([...list].sort((a, b) => byCodePoint(a.relpath, b.relpath)));
        },
      ),
    );
  });

  test.each([
    ['a path that leads out', of('../../esc.txt'), 'part ".."'],
    ['an absolute path', of('/etc/passwd'), 'absolute'],
    ['a drive', of('C:/x'), 'drive'],
    ['a backslash', of('..\\x'), 'backslash'],
    ['a line break', of('a\nb'), 'control'],
    ['a reach into .git', of('sub/.Git/hooks/post-checkout'), '.git'],
    ['an empty part', of('a//b'), 'empty'],
    ['an empty path', of(''), 'empty'],
    ['a path twice', of('a', 'b', 'a'), 'twice'],
    ['a file that is a folder', of('a/b', 'a'), 'file and a folder'],
    ['a folder that is a file', of('a', 'a/b'), 'file and a folder'],
    ['half a character', Buffer.from(`[{"md5":"${M}","relpath":"\\ud800"}]`), 'Unicode'],
    ['a long name', of('a'.repeat(256)), '255'],
    ['no list', bytes({}), 'list'],
    ['a torn list', Buffer.from('[{"md5"'), 'JSON'],
    ['other keys', bytes([{ md5: M, relpath: 'a', size: 1 }]), 'entry 1'],
    ['a bad md5', bytes([{ md5: '../../canary', relpath: 'a' }]), 'entry 1'],
    ['null', bytes([null]), 'entry 1'],
    ['bytes that are no UTF-8', Buffer.from([0x5b, 0xff, 0x5d]), 'x.dir'],
    ['deep nesting', Buffer.from('['.repeat(100_000)), 'x.dir'],
  ])('refuses %s', (_what, object, named) => {
    expect(() => parseDirObject(object, 'x.dir')).toThrow(
      expect.objectContaining({ code: 'E_DIR_OBJECT_CORRUPT', message: expect.stringContaining(named) }),
    );
  });

  test.each([['A', 'a'], ['d/x', 'D/y'], ['nul.txt'], ['COM1'], ['ab:c'], ['dot.'], ['é', 'e\u0301']])(
    'takes %j from a DVC folder, and refuses it where every system has to hold it',
    (...relpaths) => {
      expect(parseDirObject(of(...relpaths), 'x.dir')).toHaveLength(relpaths.length);
      expect(() => parseDirObject(of(...relpaths), 'x.dir', 'portable')).toThrow(AssayError);
    },
  );

  test('more files than the verbs have memory for are refused by the number that is allowed', () => {
    const listing = Buffer.from(`[${'0,'.repeat(MAX_DIR_ENTRIES)}0]`);
    expect(() => parseDirObject(listing, 'x.dir')).toThrow(/it lists 2000001 files, more than 2000000/);
  });

  test('any bytes are read or refused by name', () => {
    const near = fc.json().map((text) => Buffer.from(text));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), near), (object) => {
        try {
          parseDirObject(object, 'x.dir');
        } catch (error) {
          expect(error).toMatchObject({ code: 'E_DIR_OBJECT_CORRUPT' });
        }
      }),
    );
  });
});
