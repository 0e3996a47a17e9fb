import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clusteredMeanTest } from '../../lib/stats/clusters/clustered-mean-test.ts';
import { nonInferiority } from '../../lib/stats/means/non-inferiority.ts';
import { pairedT } from '../../lib/stats/means/paired-t.ts';
import { type StudentTest, studentTest } from '../../lib/stats/means/student-test.ts';
import { tost } from '../../lib/stats/means/tost.ts';
import { pooledT, welchT } from '../../lib/stats/means/two-sample-t.ts';
import { sampleMoments } from '../../lib/stats/numbers/sample-moments.ts';
import { expectKeys } from '../golden/expect-keys.ts';
import { goldenCases, materialize } from '../golden/golden.ts';

const differencesOf = (input: Readonly<Record<string, unknown>>): Float64Array => {
  const a = materialize(input.a);
  return materialize(input.b).map((value, i) => value - (a[i] as number));
};

describe('paired t (SciPy, R)', () => {
  test.each(goldenCases('paired_t').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const differences = differencesOf(golden.input);
    const { count, variance } = sampleMoments(differences);
    const result = pairedT(differences, { level: (golden.options.level as number | undefined) ?? 0.95 });
    const summary = { n: count, mean_diff: result.estimate, df: result.degreesOfFreedom };
    if ('degenerate' in golden.expected) {
      // The packages answer NaN or infinity; ours are told below. A missing sd_diff is null there and NaN here.
      expect(result.degenerate).toBe(count < 2 ? 'too-few' : 'no-variation');
      if (golden.expected.sd_diff === null) expect(variance).toBeNaN();
      const skipped = ['degenerate', 'reference', ...(count < 2 ? ['sd_diff'] : [])];
      return expectKeys(golden, { ...summary, sd_diff: Math.sqrt(variance) }, skipped);
    }
    expect(result.degenerate).toBeUndefined();
    return expectKeys(golden, {
      ...summary,
      sd_diff: Math.sqrt(variance),
      se: result.standardError,
      t: result.statistic,
      p: result.pValue,
      ci_lo: result.lower,
      ci_hi: result.upper,
      p_greater: result.pGreater,
      p_less: result.pLess,
    });
  });
});

describe('two samples (SciPy, statsmodels)', () => {
  test.each(goldenCases('two_sample_t').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const [a, b] = [materialize(golden.input.a), materialize(golden.input.b)];
    const [pooled, welch] = [pooledT(a, b), welchT(a, b)];
    expectKeys(golden, {
      student_t: pooled.statistic,
      student_df: pooled.degreesOfFreedom,
      student_p: pooled.pValue,
      student_ci_lo: pooled.lower,
      student_ci_hi: pooled.upper,
      welch_t: welch.statistic,
      welch_df: welch.degreesOfFreedom,
      welch_p: welch.pValue,
      welch_ci_lo: welch.lower,
      welch_ci_hi: welch.upper,
      cohens_d: pooled.standardizedDifference,
    });
  });
});

describe('equivalence (statsmodels)', () => {
  test.each(goldenCases('tost').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const [low, high] = [golden.options.low as number, golden.options.high as number];
    if (golden.options.paired === true) {
      const result = tost(pairedT(differencesOf(golden.input)), low, high);
      return expectKeys(golden, {
        p: result.pValue,
        t_lower: result.statisticLow,
        p_lower: result.pValueLow,
        t_upper: result.statisticHigh,
        p_upper: result.pValueHigh,
        ci90_lo: result.lower,
        ci90_hi: result.upper,
      });
    }
    const [a, b] = [materialize(golden.input.a), materialize(golden.input.b)];
    const pooled = tost(pooledT(a, b), low, high);
    const welch = tost(welchT(a, b), low, high);
    return expectKeys(golden, {
      pooled_p: pooled.pValue,
      pooled_t_lower: pooled.statisticLow,
      pooled_t_upper: pooled.statisticHigh,
      welch_p: welch.pValue,
      welch_t_lower: welch.statisticLow,
      welch_t_upper: welch.statisticHigh,
    });
  });
});

describe('degenerate answers', () => {
  const unknown = {
    pValue: 1,
    pLess: 1,
    pGreater: 1,
    lower: Number.NEGATIVE_INFINITY,
    upper: Number.POSITIVE_INFINITY,
  };
  const point = (at: number) => ({ degenerate: 'no-variation', standardError: 0, lower: at, upper: at });

  test.each<[string, StudentTest]>([
    ['no pair', pairedT([])],
    ['one pair', pairedT([1])],
    ['one value on a side', welchT([1], [1, 2])],
    ['one value on the other side', pooledT([1, 2], [1])],
    ['an empty side', welchT([], [1, 2])],
    ['one cluster', clusteredMeanTest([1, 2], [0, 0], 1)],
    ['no rows', clusteredMeanTest([], [], 0)],
  ])('%s: nothing is known', (_name, result) => {
    expect(result).toMatchObject({ degenerate: 'too-few', ...unknown });
    expect(result.statistic).toBeNaN();
    expect(tost(result, -1, 1)).toMatchObject({ pValue: 1, degenerate: 'too-few' });
    expect(nonInferiority(result, 1)).toMatchObject({ pValue: 1, lower: Number.NEGATIVE_INFINITY });
  });

  test.each<[string, StudentTest]>([
    ['pairs', pairedT([1, 1])],
    ['pairs that differ by rounding', pairedT([0.1 + 0.2 - 0.3 + 1, 1, 1])],
    ['samples', welchT([1, 1], [2, 2])],
    ['clusters', clusteredMeanTest([1, 1], [0, 1], 2)],
    ['clusters of the same mean', clusteredMeanTest([0.9, 1.1, 1.1, 0.9, 0.7, 1.3], [0, 0, 1, 1, 2, 2], 3)],
  ])('%s without spread: the point', (_name, result) => {
    const at = result.estimate;
    expect(at).toBeCloseTo(1, 14);
    expect(result).toMatchObject({
      ...point(at),
      statistic: Number.POSITIVE_INFINITY,
      pValue: 0,
      pGreater: 0,
      pLess: 1,
    });
    expect(tost(result, -2, 2)).toMatchObject({ pValue: 0, lower: at, upper: at, degenerate: 'no-variation' });
    expect(tost(result, -2, 0.5).pValue).toBe(1);
  });

  test('all zeros are on the null', () => {
    expect(pairedT([0, 0, 0])).toMatchObject({ ...point(0), statistic: 0, pValue: 1, pLess: 1, pGreater: 1 });
    expect(nonInferiority(pairedT([0, 0, 0]), 0.01)).toMatchObject({ pValue: 0, lower: 0 });
    expect(nonInferiority(pairedT([0, 0, 0]), 0)).toMatchObject({ pValue: 1 });
  });

  test('a value that is no number makes no result', () => {
    const result = pairedT([1, Number.NaN, 2]);
    for (const value of [result.pValue, result.lower, result.upper, result.statistic]) expect(value).toBeNaN();
    expect(pairedT([1, Number.POSITIVE_INFINITY, 2]).pValue).toBeNaN();
  });
});

describe('laws', () => {
  const value = fc.integer({ min: -1_000, max: 1_000 }).map((whole) => whole / 16);
  const sample = fc.array(value, { minLength: 3, maxLength: 30 }).filter((values) => new Set(values).size > 1);

  test('swapping the sides flips the sign and the interval', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        for (const method of [welchT, pooledT]) {
          const [there, back] = [method(a, b), method(b, a)];
          expect(back.statistic).toBeCloseTo(-there.statistic, 10);
          expect(back.pLess).toBeCloseTo(there.pGreater, 12);
          expect(back.lower).toBeCloseTo(-there.upper, 8);
        }
      }),
    );
  });

  test('a shift moves estimate and limits, and nothing else; the order of rows does not matter', () => {
    fc.assert(
      fc.property(sample, value, (values, shift) => {
        const plain = pairedT(values);
        const moved = pairedT(
          [...values].reverse().map((one) => one + shift),
          { nullValue: shift },
        );
        expect(moved.estimate).toBeCloseTo(plain.estimate + shift, 9);
        expect(moved.upper - moved.lower).toBeCloseTo(plain.upper - plain.lower, 8);
        expect(moved.pValue).toBeCloseTo(plain.pValue, 9);
      }),
    );
  });

  test('the null is outside of the interval exactly when p is below α', () => {
    fc.assert(
      fc.property(sample, value, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (values, nullValue, level) => {
        const { lower, upper, pValue } = pairedT(values, { level, nullValue });
        if (Math.abs(pValue - (1 - level)) < 1e-9) return;
        expect(nullValue < lower || nullValue > upper).toBe(pValue < 1 - level);
      }),
    );
  });

  test('equivalence and non-inferiority agree with the interval they show', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0.01, max: 60, noNaN: true }), (values, margin) => {
        const known = pairedT(values);
        const both = tost(known, -margin, margin);
        if (Math.abs(both.pValue - 0.05) > 1e-9) {
          expect(both.pValue < 0.05).toBe(-margin < both.lower && both.upper < margin);
        }
        const one = nonInferiority(known, margin);
        if (Math.abs(one.pValue - 0.025) > 1e-9) expect(one.pValue < 0.025).toBe(one.lower > -margin);
        expect(one.lower).toBeCloseTo(known.lower, 9);
      }),
    );
  });

  test('clusters of one row are plain rows', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const plain = pairedT(values);
        const clustered = clusteredMeanTest(values, [...values.keys()], values.length);
        expect(clustered.standardError).toBeCloseTo(plain.standardError, 9);
        expect(clustered.pValue).toBeCloseTo(plain.pValue, 9);
      }),
    );
  });

  test('a statistic far out keeps a p value above zero', () => {
    const { pValue } = studentTest({ estimate: 60, standardError: 1, degreesOfFreedom: 300 });
    expect(pValue).toBeGreaterThan(1e-170);
    expect(pValue).toBeLessThan(1e-160);
  });
});
