import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planCheckout } from '../../../lib/pointers/checkout/checkout-plan.ts';

type File = { readonly relpath: string; readonly md5: string };
const tree: fc.Arbitrary<File[]> = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd/e', 'd/f'), fc.constantFrom('1', '2', '3'))
  .map((files) => Object.entries(files).map(([relpath, md5]) => ({ relpath, md5 })));

test('what is planned makes the present tree the wanted one, and nothing else', () => {
  fc.assert(
    fc.property(tree, tree, (wanted, present) => {
      const plan = planCheckout(wanted, present, () => true);
      const result = new Map(present.map((file) => [file.relpath, file.md5]));
      for (const path of plan.deleted) result.delete(path);
      for (const { relpath, md5 } of [...plan.added, ...plan.modified]) result.set(relpath, md5);
      expect(result).toEqual(new Map(wanted.map((file) => [file.relpath, file.md5])));
      expect(plan.added.length + plan.modified.length + plan.kept.length).toBe(wanted.length);
      expect(plan.lost).toEqual([]);
    }),
  );
});

test('every file that goes and is nowhere else counts as lost, and no other', () => {
  fc.assert(
    fc.property(tree, tree, fc.constantFrom('1', '2', '3'), (wanted, present, unkept) => {
      const { lost } = planCheckout(wanted, present, (md5) => md5 !== unkept);
      const after = new Map<string, string>(wanted.map((file) => [file.relpath, file.md5]));
      const gone = present.filter(({ relpath, md5 }) => md5 === unkept && after.get(relpath) !== md5);
      expect(lost).toEqual(gone.map((file) => file.relpath).sort());
    }),
  );
});
