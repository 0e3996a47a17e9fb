import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replicateRanges } from '../../bench/stats/replicate-ranges.ts';
import { createRandom } from '../../lib/stats/resampling/random.ts';
import { runResampling } from '../../lib/stats/resampling/resampling-task.ts';
import { signFlipOf, signFlipTask, signFlipTest } from '../../lib/stats/resampling/sign-flip-test.ts';
import { type SwapProblem, swapTest } from '../../lib/stats/resampling/swap-test.ts';
import { twoSamplePermutationTest } from '../../lib/stats/resampling/two-sample-permutation.ts';
import { expectGolden, type GoldenCase, goldenCases, materialize } from '../golden/golden.ts';

const SEED = [4, 2] as const;

function f1Problem(golden: GoldenCase): SwapProblem {
  const labels = materialize(golden.input.labels);
  const columnsOf = (side: unknown): Float64Array[] => {
    const calls = materialize(side);
    return [labels.map((y, i) => 2 * y * (calls[i] as number)), labels.map((y, i) => y + (calls[i] as number))];
  };
  return {
    baseline: columnsOf(golden.input.a),
    candidate: columnsOf(golden.input.b),
    statistic: ([hits = 0, all = 0]) => hits / all,
  };
}

describe('complete enumeration (SciPy, formula)', () => {
  test.each(goldenCases('permutation').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    if (golden.options.kind === 'paired_swap_f1') {
      const found = swapTest(f1Problem(golden), { seed: SEED });
      expect(found.exact).toBe(true);
      expectGolden(golden, 'f1_a', found.baseline);
      expectGolden(golden, 'f1_b', found.candidate);
      expectGolden(golden, 'delta', found.difference);
      expectGolden(golden, 'n_permutations', found.permutations);
      expectGolden(golden, 'p_two_sided', found.twoSided);
      return;
    }
    const paired = golden.options.kind === 'sign_flip';
    const d = materialize(paired ? golden.input.d : []);
    const found = paired
      ? signFlipTest(d, { seed: SEED })
      : twoSamplePermutationTest(materialize(golden.input.a), materialize(golden.input.b), { seed: SEED });
    expect(found.exact).toBe(true);
    expectGolden(golden, 'statistic', 'sum' in found ? found.sum / d.length : found.difference);
    expectGolden(golden, 'n_permutations', found.permutations);
    expectGolden(golden, 'p_two_sided', found.twoSided);
    expectGolden(golden, 'p_greater', found.greater);
    expectGolden(golden, 'p_less', found.less);
    expectGolden(golden, 'p_two_sided_twice_min_tail', found.twiceSmallerTail);
  });
});

const differences = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 0, maxLength: 10 });

test('exact tests do not depend on the order of rows, and mirror with the sign', () => {
  fc.assert(
    fc.property(differences, (values) => {
      const d = Float64Array.from(values);
      const one = signFlipTest(d, { seed: SEED });
      expect(signFlipTest(d.slice().reverse(), { seed: [9, 9] })).toEqual(one);
      const mirrored = signFlipTest(
        d.map((value) => -value),
        { seed: SEED },
      );
      expect(mirrored.greater).toBe(one.less);
      expect(mirrored.twoSided).toBe(one.twoSided);
    }),
    { seed: 1 },
  );
});

test('random flips agree with the complete enumeration', () => {
  const d = Float64Array.of(3, 1, -1, 4, 2, 0.5, -2, 1, 1, 3, -0.5, 1);
  const exact = signFlipTest(d, { seed: SEED });
  const replicates = 20_000;
  const random = signFlipOf(d, runResampling(signFlipTask(d, SEED), 0, replicates), false);
  expect(random.exact).toBe(false);
  for (const tail of ['greater', 'less', 'twoSided'] as const) {
    const sd = Math.sqrt((exact[tail] * (1 - exact[tail])) / replicates);
    expect(Math.abs(random[tail] - exact[tail])).toBeLessThan(4.5 * sd + 1 / replicates);
  }
});

test('workers’ parts put together give the bits of one run', () => {
  const random = createRandom([8, 8]);
  const d = Float64Array.from({ length: 120 }, () => random.uniform() - 0.45);
  const whole = signFlipTest(d, { seed: SEED, replicates: 999 });
  const inParts = signFlipTest(d, {
    seed: SEED,
    replicates: 999,
    run: (task, from, to) =>
      Float64Array.from(
        replicateRanges(to - from, 3).flatMap((one) => [...runResampling(task, from + one.from, from + one.to)]),
      ),
  });
  expect(inParts).toEqual(whole);
  expect(whole.exact).toBe(false);
  expect(whole.permutations).toBe(999);
});

test('random exchanges never give a p of 0', () => {
  const d = new Float64Array(60).fill(1);
  expect(signFlipTest(d, { seed: SEED, replicates: 99 }).greater).toBe(0.01);
  expect(signFlipTest(d, { seed: SEED, replicates: 99 }).less).toBe(1);
});

describe('nothing to tell apart', () => {
  test.each([
    ['no units', []],
    ['zeros', [0, 0, 0]],
    ['many zeros', new Array<number>(50).fill(0)],
  ])('%s: p is 1', (_name, values) => {
    expect(signFlipTest(Float64Array.from(values), { seed: SEED, replicates: 99 })).toMatchObject({
      sum: 0,
      greater: 1,
      less: 1,
      twoSided: 1,
    });
  });

  test('the same model twice: p is 1, from the one exchange there is', () => {
    const columns = [Float64Array.of(1, 2, 3), Float64Array.of(1, 1, 1)];
    const same = { baseline: columns, candidate: columns, statistic: ([a = 0, b = 0]: Iterable<number>) => a / b };
    expect(swapTest(same, { seed: SEED })).toMatchObject({ difference: 0, twoSided: 1, permutations: 1 });
  });

  test('a statistic without a value has no p', () => {
    const none = {
      baseline: [Float64Array.of(0, 0), Float64Array.of(0, 0)],
      candidate: [Float64Array.of(1, 0), Float64Array.of(1, 1)],
      statistic: ([hits = 0, calls = 0]: Iterable<number>) => hits / calls,
    };
    const found = swapTest(none, { seed: SEED });
    expect(found.candidate).toBe(0.5);
    expect(found.twoSided).toBeNaN();
  });

  test('an empty sample has no p', () => {
    expect(twoSamplePermutationTest(Float64Array.of(), Float64Array.of(1), { seed: SEED }).twoSided).toBeNaN();
  });
});

test('swapping whole clusters keeps the level where swapping rows does not', () => {
  const random = createRandom([3, 1]);
  let rows = 0;
  let clusters = 0;
  const trials = 200;
  for (let trial = 0; trial < trials; trial++) {
    // 25 clusters of 8 equal differences: 200 rows that are worth 25.
    const byCluster = Float64Array.from({ length: 25 }, () => random.uniform() - 0.5);
    const byRow = Float64Array.from({ length: 200 }, (_none, i) => byCluster[i >> 3] as number);
    if (signFlipTest(byRow, { seed: [trial, 1], replicates: 199 }).twoSided <= 0.05) rows++;
    if (signFlipTest(byCluster, { seed: [trial, 1], replicates: 199 }).twoSided <= 0.05) clusters++;
  }
  // Binomial(200, 0.05): 99.99 % within 0 … 23.
  expect(clusters).toBeLessThanOrEqual(23);
  expect(rows).toBeGreaterThan(60);
});

test('random splits of two samples agree with the complete enumeration', () => {
  const a = Float64Array.of(1, 4, 2, 8, 5, 7);
  const b = Float64Array.of(3, 9, 6, 10, 8, 12, 7);
  const exact = twoSamplePermutationTest(a, b, { seed: SEED });
  const random = twoSamplePermutationTest(a, b, { seed: SEED, replicates: 9_999, exactUpTo: 0 });
  expect(random.exact).toBe(false);
  for (const tail of ['greater', 'less', 'twoSided'] as const) {
    expect(Math.abs(random[tail] - exact[tail])).toBeLessThan(
      4.5 * Math.sqrt((exact[tail] * (1 - exact[tail])) / 9_999) + 1e-4,
    );
  }
});
