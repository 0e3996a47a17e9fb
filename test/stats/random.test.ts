import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, philox4x32, seedOf } from '../../lib/stats/resampling/random.ts';

/** Known answers of Random123 (Salmon et al. 2011), file kat_vectors: philox4x32, 10 rounds. */
const KNOWN = [
  {
    name: 'zeros',
    counter: [0, 0, 0, 0],
    key: [0, 0],
    words: '6627e8d5 e169c58d bc57ac4c 9b00dbd8',
  },
  {
    name: 'ones',
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: '408f276d 41c83b0e a20bc7c6 6d5451fd',
  },
  {
    name: 'digits of pi',
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: 'd16cfe09 94fdcceb 5001e420 24126ea1',
  },
] as const;

function hex(words: Iterable<number>): string {
  return [...words].map((word) => word.toString(16).padStart(8, '0')).join(' ');
}

describe('Philox4x32-10', () => {
  test.each(KNOWN)('known answer: $name', ({ counter, key, words }) => {
    const out = new Uint32Array(4);
    philox4x32(Uint32Array.from(counter), key, out);
    expect(hex(out)).toBe(words);
  });

  test('a stream is the blocks of a counter: (n, 0, stream)', () => {
    const random = createRandom([0, 0]);
    expect(hex([random.uint32(), random.uint32(), random.uint32(), random.uint32()])).toBe(KNOWN[0].words);
    const second = new Uint32Array(4);
    philox4x32(Uint32Array.of(1, 0, 0, 0), [0, 0], second);
    expect(random.uint32()).toBe(second[0]);
    const stream = new Uint32Array(4);
    philox4x32(Uint32Array.of(0, 0, 5, 2), [8, 9], stream);
    expect(createRandom([8, 9], 5 + 2 * 2 ** 32).uint32()).toBe(stream[0]);
  });
});

/** Pearson's statistic of counts that should all be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function countsOf(cells: number, draws: number, cell: () => number): number[] {
  const counts = new Array<number>(cells).fill(0);
  for (let i = 0; i < draws; i++) {
    const at = cell();
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

describe('uniformity', () => {
  const random = createRandom([2013, 1]);

  // 99.99 % quantiles of chi-square: 10 cells 33.7, 3 cells 18.4, 2 cells 15.1.
  test('uniform() fills [0, 1) evenly', () => {
    expect(chiSquare(countsOf(10, 50_000, () => Math.floor(random.uniform() * 10)))).toBeLessThan(33.7);
  });

  test('sign() is a fair coin, and does not depend on the sign before', () => {
    expect(chiSquare(countsOf(2, 50_000, () => (random.sign() + 1) / 2))).toBeLessThan(15.1);
    expect(chiSquare(countsOf(2, 50_000, () => (random.sign() * random.sign() + 1) / 2))).toBeLessThan(15.1);
  });

  test('below() has no modulo bias, where a remainder would have doubled a third of the numbers', () => {
    const n = 3 * 2 ** 30;
    expect(chiSquare(countsOf(3, 30_000, () => Math.floor(random.below(n) / 2 ** 30)))).toBeLessThan(18.4);
  });

  test('below() stays below', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.integer(), (n, seed) => {
        const draw = createRandom([seed >>> 0, 7]).below(n);
        expect(Number.isInteger(draw) && draw >= 0 && draw < n).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

test('a digest seeds with its first 64 bits', () => {
  expect(seedOf(`sha256:0123456789abcdef${'0'.repeat(48)}`)).toEqual([0x01234567, 0x89abcdef]);
});
