import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difference, type SideContents, sidesDifference } from '../../../lib/pointers/listings/content-difference.ts';

const contents = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd/e', 'd/f'), fc.constantFrom('1', '2', '3'), {
  noNullPrototype: true,
});
const mapOf = (files: Readonly<Record<string, string>>) => new Map(Object.entries(files));

/** What the difference says the one side becomes. */
function applied(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Map<string, string> {
  const { added, modified, deleted, renamed } = difference(before, after);
  const result = new Map(before);
  for (const path of [...deleted, ...renamed.map(({ from }) => from)]) result.delete(path);
  for (const path of [...added, ...modified]) result.set(path, after.get(path) ?? '');
  for (const { from, to } of renamed) result.set(to, before.get(from) ?? '');
  return result;
}

describe('difference', () => {
  test('makes the one side of the other, each path once', () => {
    fc.assert(
      fc.property(contents, contents, (before, after) => {
        expect(Object.fromEntries(applied(mapOf(before), mapOf(after)))).toEqual(after);
        const { added, modified, deleted, renamed } = difference(mapOf(before), mapOf(after));
        const paths = [...added, ...modified, ...deleted, ...renamed.flatMap(({ from, to }) => [from, to])];
        expect(new Set(paths).size).toBe(paths.length);
        expect(added.some((path) => deleted.some((gone) => before[gone] === after[path]))).toBe(false);
      }),
    );
  });
});

describe('sidesDifference', () => {
  const side = (files: object, folders: object, more: Partial<SideContents> = {}): SideContents => ({
    files: new Map(Object.entries(files)),
    folders: new Map(Object.entries(folders)),
    ...{ partly: new Set<string>(), unlisted: new Set<string>() },
    ...more,
  });
  const none = { added: [], modified: [], deleted: [], renamed: [] };

  test('tells folders beside their files', () => {
    const found = sidesDifference(side({ 'd/a': '1' }, { d: 'x' }), side({ 'd/a': '2' }, { d: 'y' }));
    expect(found).toEqual({ files: { ...none, modified: ['d/a'] }, folders: { ...none, modified: ['d/'] } });
  });

  test('takes a folder whose files nobody knows for one thing on both sides', () => {
    const before = side({ 'd2/a': '1' }, { d: 'x', d2: 'z' }, { unlisted: new Set(['d']) });
    const same = sidesDifference(before, side({ 'd/a': '1', 'd/s/b': '2', 'd2/a': '1' }, { d: 'x', d2: 'z' }));
    expect(same).toEqual({ files: none, folders: none });
    const other = sidesDifference(before, side({ 'd/a': '3', 'd2/a': '1' }, { d: 'y', d2: 'z' }));
    expect(other.files).toEqual({ ...none, modified: ['d/'] });
    expect(sidesDifference(before, side({ 'd2/a': '1' }, { d2: 'z' })).files).toEqual({ ...none, deleted: ['d/'] });
  });

  test('says nothing of a folder as a whole when a part of it is compared', () => {
    const partly = new Set(['d']);
    const found = sidesDifference(side({ 'd/a': '1' }, { d: 'x' }, { partly }), side({}, { d: 'y' }, { partly }));
    expect(found).toEqual({ files: { ...none, deleted: ['d/a'] }, folders: none });
  });
});
