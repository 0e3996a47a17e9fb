import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, fillWords } from '../../lib/stats/random.ts';
import { createIndexSource } from '../../lib/stats/random-indices.ts';
import { replicateRanges } from '../../lib/stats/replicate-ranges.ts';
import { type ResamplingTask, runResampling } from '../../lib/stats/resampling-task.ts';

test('words in bulk are the words one by one, from any block on', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 2 ** 40 }), (a, b, stream) => {
      const random = createRandom([a, b], stream);
      const expected = Array.from({ length: 24 }, () => random.uint32());
      const words = new Uint32Array(16);
      fillWords([a, b], stream, 2, words);
      expect([...words]).toEqual(expected.slice(8));
    }),
    { seed: 1 },
  );
});

test('a block number beyond 32 bits goes on in the next word of the counter', () => {
  const across = new Uint32Array(8);
  fillWords([3, 4], 5, 2 ** 32 - 1, across);
  const after = new Uint32Array(4);
  fillWords([3, 4], 5, 2 ** 32, after);
  expect(across.subarray(4)).toEqual(after);
  const start = new Uint32Array(4);
  fillWords([3, 4], 5, 0, start);
  expect(after).not.toEqual(start);
});

describe('random indices', () => {
  const sizes = fc.oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.constantFrom(65_535, 65_536, 65_537, 3 * 2 ** 14, 2 ** 32 - 1),
  );

  test('stay in their range, and do not depend on what was drawn before', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.integer({ min: 1, max: 3000 }), (n, word, length) => {
        const source = createIndexSource([word, 9], n);
        const first = new Uint32Array(length);
        source.fill(6, first);
        expect(first.every((index) => index < n)).toBe(true);
        source.fill(7, new Uint32Array(10));
        const again = new Uint32Array(length);
        source.fill(6, again);
        expect(again).toEqual(first);
      }),
      { seed: 2 },
    );
  });

  // Pearson's statistic; 99.99 % quantiles of chi-square with 9 and 2 degrees of freedom are 33.7 and 18.4.
  test.each([
    { n: 10, cells: 10, limit: 33.7 },
    { n: 3 * 2 ** 14, cells: 3, limit: 18.4 },
    { n: 3 * 2 ** 30, cells: 3, limit: 18.4 },
  ])('are uniform below $n', ({ n, cells, limit }) => {
    const out = new Uint32Array(60_000);
    createIndexSource([11, 12], n).fill(0, out);
    const counts = new Float64Array(cells);
    for (const index of out) {
      const cell = Math.floor((index * cells) / n);
      counts[cell] = (counts[cell] as number) + 1;
    }
    const expected = out.length / cells;
    expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(limit);
  });

  test('strata of a replicate share no numbers', () => {
    const [a, b] = [new Uint32Array(64), new Uint32Array(64)];
    const source = createIndexSource([1, 2], 2 ** 20);
    source.fill(3, a, 0, 0);
    source.fill(3, b, 0, 1);
    expect(a.some((index, i) => index !== b[i])).toBe(true);
  });
});

describe('replicates are a function of the seed and their number', () => {
  const columns = [0, 1].map((shift) => Float64Array.from({ length: 101 }, (_none, i) => Math.sin(i + shift)));
  const tasks: readonly ResamplingTask[] = [
    { kind: 'resample', seed: [5, 6], columns },
    { kind: 'resample', seed: [5, 6], columns, strata: [40, 61] },
    { kind: 'choose', seed: [5, 6], columns },
  ];
  test.each(tasks.map((task) => [`${task.kind}${task.strata === undefined ? '' : ' in strata'}`, task] as const))(
    '%s: any split gives the bits of one run',
    (_name, task) => {
      const whole = runResampling(task, 0, 97);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 120 }), (parts) => {
          const split = replicateRanges(97, parts).flatMap(({ from, to }) => [...runResampling(task, from, to)]);
          expect(Float64Array.from(split)).toEqual(whole);
        }),
        { seed: 3, numRuns: 20 },
      );
    },
  );

  test('another seed gives other bits', () => {
    const task: ResamplingTask = { kind: 'choose', seed: [5, 7], columns };
    expect(runResampling(task, 0, 5)).not.toEqual(runResampling({ ...task, seed: [5, 6] }, 0, 5));
  });

  test('chosen sums are sums of about half of the units, each chosen half of the time', () => {
    const units = 37;
    const indicator = Array.from({ length: units }, (_none, unit) => {
      const column = new Float64Array(units);
      column[unit] = 1;
      return column;
    });
    const totals = runResampling({ kind: 'choose', seed: [1, 1], columns: indicator }, 0, 4000);
    const chosen = new Float64Array(units);
    totals.forEach((total, i) => {
      chosen[i % units] = (chosen[i % units] as number) + total;
    });
    // Binomial(4000, ½), 37 of them: all within 2000 ± 4.5 standard deviations.
    for (const count of chosen) expect(Math.abs(count - 2000)).toBeLessThan(143);
    const together = new Set(totals.slice(0, 10 * units).map((total, i) => (total === 1 ? i % units : -1)));
    expect(together.size).toBeGreaterThan(10);
  });
});

test('ranges cover every replicate once, in order', () => {
  fc.assert(
    fc.property(fc.nat({ max: 5000 }), fc.integer({ min: -1, max: 64 }), (total, parts) => {
      const ranges = replicateRanges(total, parts);
      expect(ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_none, i) => from + i))).toEqual(
        Array.from({ length: total }, (_none, i) => i),
      );
      const sizes = ranges.map(({ from, to }) => to - from);
      if (total > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
    { seed: 4 },
  );
});
