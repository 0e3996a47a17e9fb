import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inParts } from '../../lib/stores/in-parts.ts';

test('parts have every item in order, none is empty, and each is as long as the limit allows', () => {
  const limit = 10;
  const sum = (sizes: readonly number[]) => sizes.reduce((all, size) => all + size, 0);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 14 })), (sizes) => {
      const parts = [...inParts(sizes, (size) => size, limit)];
      expect(parts.flat()).toEqual(sizes);
      for (const [place, part] of parts.entries()) {
        expect(part.length).toBeGreaterThan(0);
        if (part.length > 1) expect(sum(part)).toBeLessThanOrEqual(limit);
        const [next] = parts[place + 1] ?? [];
        if (next !== undefined) expect(sum(part) + next).toBeGreaterThan(limit);
      }
    }),
  );
});
