import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coarserKey, finestKeys, GRID_BITS, gridBounds, gridKey } from '../../lib/stats/distances/log-linear-grid.ts';

const number = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer().map(Number),
  fc.constantFrom(0, -0, Infinity, -Infinity, 5e-324, Number.MAX_VALUE),
);
const bits = fc.integer({ min: 0, max: GRID_BITS });

describe('the log-linear grid', () => {
  it('has keys that rise with the value, on every coarseness', () => {
    fc.assert(
      fc.property(number, number, bits, (x, y, b) => {
        const [low, high] = x < y ? [x, y] : [y, x];
        expect(coarserKey(gridKey(low), b)).toBeLessThanOrEqual(coarserKey(gridKey(high), b));
      }),
      { numRuns: 500 },
    );
  });

  it('holds every value within the bounds of its bin, which are close', () => {
    fc.assert(
      fc.property(number, (x) => {
        const { low, high } = gridBounds(gridKey(x));
        expect(low).toBeLessThanOrEqual(x);
        expect(high).toBeGreaterThanOrEqual(x);
        if (Number.isFinite(x) && Math.abs(x) > 1e-300) {
          expect((high - low) / Math.abs(x)).toBeLessThanOrEqual(2 ** -GRID_BITS);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('coarsens in steps as at once, and knows the finest bins of a coarse one', () => {
    fc.assert(
      fc.property(number, bits, (x, b) => {
        const finest = gridKey(x);
        const coarse = coarserKey(finest, b);
        let stepped = finest;
        for (let step = GRID_BITS; step > b; step--) stepped = coarserKey(stepped, GRID_BITS - 1);
        expect(stepped).toBe(coarse);
        const { first, last } = finestKeys(coarse, b);
        expect(first).toBeLessThanOrEqual(finest);
        expect(last).toBeGreaterThanOrEqual(finest);
        expect(coarserKey(first, b)).toBe(coarse);
        expect(coarserKey(last, b)).toBe(coarse);
        if (x !== Infinity) expect(coarserKey(last + 1, b)).toBeGreaterThan(coarse);
      }),
      { numRuns: 500 },
    );
  });

  it('gives integers a bin of their own up to 2^21', () => {
    for (const integer of [1, 2, 3, 1000, 2 ** 20 + 1, 2 ** 21 - 1]) {
      expect(gridKey(integer + 1)).toBeGreaterThan(gridKey(integer));
      expect(gridBounds(gridKey(integer)).low).toBe(integer);
    }
  });
});
