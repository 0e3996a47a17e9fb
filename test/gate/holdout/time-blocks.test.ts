import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysInOrder, timeBlocks } from '../../../lib/gate/holdout/time-blocks.ts';

describe('days in a row as clusters', () => {
  test.each([
    ['two weeks and a bit', [0, 6, 7, 13, 14, 16], 7, [0, 0, 1, 1, 1, 1]],
    ['in any order of rows', [13, 0, 7], 7, [1, 0, 1]],
    ['less than one block', [3, 4], 7, [0, 0]],
    ['from the first day on, wherever that is', [103, 109, 110, 116], 7, [0, 0, 1, 1]],
    ['a block without rows is none', [0, 1, 14, 20], 7, [0, 0, 1, 1]],
    ['blocks of a day are days', [2, 0, 1], 1, [2, 0, 1]],
    ['none', [], 7, []],
  ])('%s', (_name, days, length, codes) => {
    const found = timeBlocks(days, length);
    expect([...found.clusters]).toEqual(codes);
    expect(found.clusterCount).toBe(new Set(codes).size);
  });

  test('codes are in order of time and leave none out, and days of one block are near', () => {
    const days = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 30 }), (rows, length) => {
        const { clusters, clusterCount } = timeBlocks(rows, length);
        expect(new Set(clusters).size).toBe(clusterCount);
        rows.forEach((day, row) => {
          rows.forEach((other, at) => {
            if (clusters[row] === clusters[at]) expect(Math.abs(day - other)).toBeLessThan(2 * length);
            if (day < other) expect(clusters[row] ?? 0).toBeLessThanOrEqual(clusters[at] ?? 0);
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  test('each day by itself has codes in order of time', () => {
    const { clusters, clusterCount } = daysInOrder([20, 5, 20, 9]);
    expect([...clusters]).toEqual([2, 0, 2, 1]);
    expect(clusterCount).toBe(3);
  });
});
