import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EXACT_NUMBER,
  exactNumberText,
  parseExactNumber,
  ratioToNumber,
} from '../../lib/stats/numbers/exact-number.ts';
import { createExactAccumulator, SQUARES_EXPONENT, SUM_EXPONENT } from '../../lib/stats/numbers/exact-sum.ts';

/** The same number by another way: doubled until it is an integer. */
function units(value: number): bigint {
  let mantissa = Math.abs(value);
  let exponent = 0;
  while (mantissa !== Math.floor(mantissa)) {
    // Doubling is exact.
    mantissa *= 2;
    exponent--;
  }
  const size = BigInt(mantissa) << BigInt(exponent - SUM_EXPONENT);
  return value < 0 ? -size : size;
}

const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer().map(Number),
  fc.constantFrom(5e-324, -2.5e-308, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 20, 2 ** 20 + 1, 0.1, -0.1),
);

describe('createExactAccumulator', () => {
  it('gives the exact sum and the exact sum of squares', () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 40 }), (values) => {
        const exact = createExactAccumulator();
        for (const value of values) exact.add(value);
        const { sum, squares } = exact.take();
        expect(sum).toBe(values.reduce((total, value) => total + units(value), 0n));
        expect(squares).toBe(values.reduce((total, value) => total + units(value) ** 2n, 0n));
        expect(exact.take()).toEqual({ sum: 0n, squares: 0n });
      }),
      { numRuns: 500 },
    );
  });

  it('stays exact over the flushes of small integers', () => {
    const exact = createExactAccumulator();
    for (let i = 0; i < 10_000; i++) exact.add(2 ** 20 - (i % 7));
    const { sum } = exact.take();
    let expected = 0n;
    for (let i = 0; i < 10_000; i++) expected += BigInt(2 ** 20 - (i % 7));
    expect(exactNumberText(sum, SUM_EXPONENT)).toBe(exactNumberText(expected, 0));
  });
});

describe('exact numbers', () => {
  it('have one text each, which reads back', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: -2148, max: 900 }), (value, exponent) => {
        const text = exactNumberText(value, exponent);
        expect(text).toMatch(EXACT_NUMBER);
        expect(parseExactNumber(text, SQUARES_EXPONENT)).toBe(value << BigInt(exponent - SQUARES_EXPONENT));
        expect(exactNumberText(value * 8n, exponent - 3)).toBe(text);
      }),
    );
  });

  it.each([
    [0n, 0, '0p0'],
    [1n, 0, '1p0'],
    [-26n, -4, '-dp-3'],
    [1n << 300n, 5, '1p305'],
  ])('writes %s·2^%s as %s', (value, exponent, text) => {
    expect(exactNumberText(value, exponent)).toBe(text);
  });

  it.each(['', '1', '2p0', '-0p0', '0p1', '1p-0', '01p2', 'Ap1', '1p01', '1p0 '])('does not take %j', (text) => {
    expect(text).not.toMatch(EXACT_NUMBER);
  });

  it('become the nearest double of a ratio', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 2 ** 31 }), (numerator, denominator) => {
        // Both are exact doubles, so the division rounds once, correctly.
        expect(ratioToNumber(BigInt(numerator), BigInt(denominator), 0) + 0).toBe(numerator / denominator + 0);
      }),
    );
    expect(ratioToNumber(3n, 1n, -1074)).toBe(1.5e-323);
    expect(ratioToNumber(1n, 3n, 1024)).toBe(2 ** 1022 / 0.75);
  });
});
