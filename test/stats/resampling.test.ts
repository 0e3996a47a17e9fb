import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replicateRanges } from '../../bench/stats/replicate-ranges.ts';
import { createRandom, philox4x32 } from '../../lib/stats/resampling/random.ts';
import { createIndexSource } from '../../lib/stats/resampling/random-indices.ts';
import { createRandomKernel } from '../../lib/stats/resampling/random-kernel.ts';
import { type ResamplingTask, runResampling } from '../../lib/stats/resampling/resampling-task.ts';

/** Words of a stream from a block on, by Philox as it is written in JavaScript. */
function fillWords(seed: readonly [number, number], stream: number, firstBlock: number, out: Uint32Array): void {
  for (let at = 0; at < out.length; at += 4) {
    const block = firstBlock + at / 4;
    const high = (value: number): number => Math.floor(value / 2 ** 32);
    philox4x32(Uint32Array.of(block, high(block), stream, high(stream)), seed, out.subarray(at, at + 4));
  }
}

test('the kernel makes the words of Philox as it is written in JavaScript, which the known answers hold', () => {
  const kernel = createRandomKernel();
  const word = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(
      fc.tuple(word, word),
      fc.integer({ min: 0, max: 2 ** 52 }),
      fc.integer({ min: 0, max: 2 ** 52 }),
      fc.integer({ min: 1, max: 20 }),
      (seed, stream, block, blocks) => {
        const expected = new Uint32Array(4 * blocks);
        fillWords(seed, stream, block, expected);
        kernel.fill(seed, stream, block, blocks);
        expect(kernel.words.slice(0, 4 * blocks)).toEqual(expected);
      },
    ),
    { seed: 8, examples: [[[0xffffffff, 0xffffffff], 2 ** 32 - 1, 2 ** 32 - 1, 2]] },
  );
});

/** Lemire's method as the paper has it, a half word at a time. */
function byHalfWords(seed: readonly [number, number], replicate: number, n: number, count: number): number[] {
  const random = createRandom(seed, replicate);
  const found: number[] = [];
  while (found.length < count) {
    const word = random.uint32();
    for (const half of [word & 0xffff, word >>> 16]) {
      const product = half * n;
      if (product % 65_536 >= 65_536 % n && found.length < count) found.push(Math.floor(product / 65_536));
    }
  }
  return found;
}

test('indices are those of the method written out, over many fillings of the kernel', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 65_536 }), fc.nat(), (n, replicate) => {
      const out = new Uint32Array(10_001);
      createIndexSource([1, 2], n).fill(replicate, out);
      expect([...out]).toEqual(byHalfWords([1, 2], replicate, n, out.length));
    }),
    {
      seed: 9,
      numRuns: 10,
      examples: [
        [65_536, 1],
        [40_000, 2],
        [1, 3],
      ],
    },
  );
});

test('the kernel goes on where a stream drawn one by one is', () => {
  const random = createRandom([3, 4], 5);
  const kernel = createRandomKernel();
  kernel.fill([3, 4], 5, 0, 6);
  expect([...kernel.words.slice(0, 24)]).toEqual(Array.from({ length: 24 }, () => random.uint32()));
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
