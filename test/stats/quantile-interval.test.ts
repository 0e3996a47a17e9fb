import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialTails } from '../../lib/stats/distributions/binomial.ts';
import { quantileInterval, quantileRanks, valuesForUpperBound } from '../../lib/stats/ranks/quantile-interval.ts';
import { type QuantileType, quantileOfType } from '../../lib/stats/ranks/quantile-of-type.ts';
import { sampleQuantile } from '../../lib/stats/ranks/sample-quantile.ts';
import { expectKeys } from '../golden/expect-keys.ts';
import { goldenCases, materialize } from '../golden/golden.ts';

describe('order-statistic intervals (SciPy)', () => {
  test.each(goldenCases('quantile_ci').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const { n, q } = golden.input as { n: number; q: number };
    const ranks = quantileRanks(n, q, golden.options.level as number);
    // A missing bound is null there and absent here.
    const open = ['lower_rank', 'upper_rank'].filter((key) => golden.expected[key] === null);
    expect('lowerRank' in ranks).toBe(!open.includes('lower_rank'));
    expect('upperRank' in ranks).toBe(!open.includes('upper_rank'));
    expectKeys(
      golden,
      {
        lower_rank: ranks.lowerRank,
        upper_rank: ranks.upperRank,
        coverage: ranks.coverage,
        min_n_one_sided_upper_95: valuesForUpperBound(q, 0.95),
      },
      open,
    );
  });

  const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

  test('covers at least the level, is mirrored at the median, and grows with the level', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), share, fc.constantFrom(0.8, 0.9, 0.95, 0.99), (n, q, level) => {
        const ranks = quantileRanks(n, q, level);
        expect(ranks.coverage).toBeGreaterThanOrEqual(level - 1e-12);
        const lower = ranks.lowerRank ?? 0;
        const upper = ranks.upperRank ?? n + 1;
        // Each tail keeps at most its half.
        expect(binomialTails(lower - 1, n, q).lower).toBeLessThanOrEqual((1 - level) / 2 + 1e-12);
        expect(binomialTails(upper - 1, n, q).upper).toBeLessThanOrEqual((1 - level) / 2 + 1e-12);
        const wider = quantileRanks(n, q, 0.999);
        expect(wider.lowerRank ?? 0).toBeLessThanOrEqual(lower);
        expect(wider.upperRank ?? n + 1).toBeGreaterThanOrEqual(upper);
      }),
    );
  });

  test('latencies: 1000 requests bound the 95th percentile by the 936th and 964th', () => {
    const sorted = Float64Array.from({ length: 1000 }, (_one, i) => i + 1);
    expect(quantileInterval(sorted, 0.95)).toMatchObject({ estimate: 950, lower: 936, upper: 964 });
  });

  test('shares that are not exact in binary mean what they say', () => {
    const sorted = Float64Array.from({ length: 100 }, (_one, i) => i + 1);
    expect(quantileInterval(sorted, 0.07).estimate).toBe(7);
    expect(quantileInterval(sorted, 0.29).estimate).toBe(29);
    expect(valuesForUpperBound(0.9, 0.19)).toBe(2);
  });

  test('few values leave a side open, none both', () => {
    expect(quantileInterval([], 0.5)).toEqual({
      estimate: Number.NaN,
      lower: Number.NEGATIVE_INFINITY,
      upper: Number.POSITIVE_INFINITY,
      coverage: 1,
    });
    expect(quantileInterval([7], 0.5)).toMatchObject({ estimate: 7, lower: Number.NEGATIVE_INFINITY });
    expect(quantileInterval([7, 8, 9], 0.99).upper).toBe(Number.POSITIVE_INFINITY);
    expect(quantileInterval([5, 5, 5, 5, 5, 5, 5, 5], 0.5)).toMatchObject({ lower: 5, upper: 5 });
  });

  test('the largest of so many values bounds the quantile, and of one fewer does not', () => {
    fc.assert(
      fc.property(share, fc.constantFrom(0.9, 0.95, 0.99), (q, level) => {
        const n = valuesForUpperBound(q, level);
        expect(q ** n).toBeLessThanOrEqual((1 - level) * (1 + 1e-12));
        expect(q ** (n - 1)).toBeGreaterThan((1 - level) * (1 - 1e-12));
      }),
    );
  });
});

describe('sample quantiles (R)', () => {
  const TYPES: QuantileType[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  test.each(goldenCases('quantiles').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    // Missing values are the caller's business; mad_scaled and iqr are measures of spread, which nothing here reports.
    const sorted = materialize(golden.input.x)
      .filter((value) => !Number.isNaN(value))
      .sort();
    (golden.options.probs as number[]).forEach((p, i) => {
      for (const type of TYPES) {
        const expected = (golden.expected[`type${type}`] as number[])[i] as number;
        const error = Math.abs(quantileOfType(sorted, p, type) - expected);
        expect(error, `type ${type} at ${p}`).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
      }
    });
  });

  test('type 7 is sampleQuantile, and every type is between the ends and rises', () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (sample, p) => {
        const sorted = Float64Array.from(sample).sort();
        expect(quantileOfType(sorted, p, 7)).toBeCloseTo(sampleQuantile(sorted, p), 10);
        for (const type of TYPES) {
          const value = quantileOfType(sorted, p, type);
          expect(value).toBeGreaterThanOrEqual(sorted[0] as number);
          expect(value).toBeLessThanOrEqual(sorted.at(-1) as number);
          expect(quantileOfType(sorted, Math.min(1, p + 0.1), type)).toBeGreaterThanOrEqual(value);
        }
      }),
    );
  });

  test('no values have no quantile', () => {
    expect(quantileOfType([], 0.5, 1)).toBeNaN();
    expect(quantileOfType([1, 2], Number.NaN, 4)).toBeNaN();
  });
});
