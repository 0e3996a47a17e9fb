import { expect, test } from 'vitest';
import type { SideContents } from '../../../lib/pointers/listings/content-difference.ts';
import { layerDifference, withListingsOf } from '../../../lib/pointers/listings/layer-difference.ts';

interface Contents {
  readonly files?: Record<string, string>;
  readonly folders?: Record<string, string>;
  readonly partly?: string[];
  readonly unlisted?: string[];
}

const side = ({ files = {}, folders = {}, partly = [], unlisted = [] }: Contents): SideContents => ({
  files: new Map(Object.entries(files)),
  folders: new Map(Object.entries(folders)),
  partly: new Set(partly),
  unlisted: new Set(unlisted),
});
const NONE = { added: [], modified: [], deleted: [], renamed: [], unknown: [], unchanged: [] };

const before: Contents = { files: { 'd/a': '1', 'd/b': '2', f: '3', 'd.txt': '5' }, folders: { d: 'x.dir' } };
const after: Contents = { files: { 'd/a': '1', 'd/c': '2', f: '4', 'd.txt': '5' }, folders: { d: 'y.dir' } };

test.each<[string, Contents, Contents, boolean, object]>([
  ['folders stand for their files', before, after, false, { modified: ['d/', 'f'], unchanged: ['d.txt'] }],
  [
    'files inside folders too',
    before,
    after,
    true,
    { modified: ['d/', 'f'], renamed: [{ from: 'd/b', to: 'd/c' }], unchanged: ['d.txt', 'd/a'] },
  ],
  [
    'of a folder in parts its files alone',
    { ...before, partly: ['d'] },
    { ...after, partly: ['d'] },
    false,
    { modified: ['f'], renamed: [{ from: 'd/b', to: 'd/c' }], unchanged: ['d.txt', 'd/a'] },
  ],
  [
    'files of a folder that was not listed before',
    { files: { f: '3' }, folders: { d: 'x.dir' }, unlisted: ['d'] },
    after,
    true,
    { added: ['d.txt'], modified: ['d/', 'f'], unknown: ['d/a', 'd/c'] },
  ],
  [
    'and of one that is not listed any more nothing',
    before,
    { files: { f: '3', 'd.txt': '5' }, folders: { d: 'y.dir' }, unlisted: ['d'] },
    true,
    { modified: ['d/'], unchanged: ['d.txt', 'f'] },
  ],
  [
    'a folder with the address of another has moved',
    { folders: { d: 'x.dir' } },
    { folders: { e: 'x.dir' } },
    false,
    {
      renamed: [{ from: 'd/', to: 'e/' }],
    },
  ],
])('%s', (_, from, to, granular, expected) => {
  expect(layerDifference(side(from), side(to), granular)).toEqual({ ...NONE, ...expected });
});

test('a side knows the files of a folder for one that lost its listing, when the address is the same', () => {
  const lost = side({ files: { f: '3' }, folders: { d: 'y.dir', e: 'z.dir' }, unlisted: ['d', 'e'] });
  const told = withListingsOf(lost, side({ ...after, folders: { d: 'y.dir', e: 'other.dir' } }));
  expect(told).toEqual(
    side({ files: { f: '3', 'd/a': '1', 'd/c': '2' }, folders: { d: 'y.dir', e: 'z.dir' }, unlisted: ['e'] }),
  );
  expect(withListingsOf(lost, lost)).toBe(lost);
});
