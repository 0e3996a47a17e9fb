import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { clusteredMean } from '../../lib/stats/clusters/clustered-mean.ts';
import { ksDistance } from '../../lib/stats/distances/ks-distance.ts';
import { totalVariation } from '../../lib/stats/distances/total-variation.ts';
import { predictionLimit } from '../../lib/stats/means/prediction-limit.ts';
import { benjaminiHochberg } from '../../lib/stats/multiplicity/benjamini-hochberg.ts';
import { expectGolden, goldenCases, materialize } from '../golden/golden.ts';

/** Counts of both samples with one bin for each distinct value. */
function counted(a: Float64Array, b: Float64Array): [number[], number[]] {
  const present = (values: Float64Array): number[] => [...values].filter((value) => !Number.isNaN(value));
  const values = [...new Set([...present(a), ...present(b)].map((value) => value + 0))].sort((x, y) => x - y);
  const place = new Map(values.map((value, index) => [value, index]));
  return [a, b].map((sample) => {
    const counts = values.map(() => 0);
    for (const value of present(sample)) {
      const at = place.get(value + 0) as number;
      counts[at] = (counts[at] as number) + 1;
    }
    return counts;
  }) as [number[], number[]];
}

describe('ksDistance', () => {
  // p values and one-sided statistics are not offered: days, not rows, are tested.
  test.each(goldenCases('ks_2samp').map((one) => [one.id, one] as const))('%s (SciPy, R)', (_id, golden) => {
    const [a, b] = counted(materialize(golden.input.a), materialize(golden.input.b));
    expectGolden(golden, 'd_two_sided', ksDistance(a, b).distance);
  });

  it('is between 0 and 1, symmetric, and never larger on merged bins', () => {
    const counts = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(counts, fc.nat(), (pairs, at) => {
        const a = pairs.map(([x]) => x);
        const b = pairs.map(([, y]) => y);
        const { distance, bin } = ksDistance(a, b);
        if (bin === -1) {
          expect(distance).toBeNaN();
          return;
        }
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(1);
        expect(ksDistance(b, a).distance).toBe(distance);
        const cut = at % (pairs.length - 1);
        const merge = (counts: number[]): number[] => [
          ...counts.slice(0, cut),
          (counts[cut] as number) + (counts[cut + 1] as number),
          ...counts.slice(cut + 2),
        ];
        const merged = ksDistance(merge(a), merge(b)).distance;
        expect(merged).toBeLessThanOrEqual(distance);
        const share = (counts: number[]): number =>
          ((merge(counts)[cut] as number) ?? 0) / counts.reduce((sum, count) => sum + count);
        // What binning costs: at most the share of the bin that was made.
        expect(distance - merged).toBeLessThanOrEqual(Math.max(share(a), share(b)) + 1e-12);
      }),
    );
  });
});

describe('totalVariation', () => {
  test.each(goldenCases('binned_distances').map((one) => [one.id, one] as const))('%s (formula)', (_id, golden) => {
    // PSI, KL, Jensen-Shannon and Hellinger are not offered (design §5 decides on one distance).
    const [a, b] = [materialize(golden.input.ref), materialize(golden.input.cur)];
    expectGolden(golden, 'tvd', totalVariation(a, b).distance);
    const { category } = totalVariation(a, b);
    const share = (counts: Float64Array): number => (counts[category] as number) / counts.reduce((x, y) => x + y);
    expectGolden(golden, 'linf', Math.abs(share(a) - share(b)));
  });

  it('has nothing to say about an empty side', () => {
    expect(totalVariation([0, 0], [1, 2])).toEqual({ distance: Number.NaN, category: -1 });
  });
});

describe('benjaminiHochberg', () => {
  test.each(goldenCases('multiplicity').map((one) => [one.id, one] as const))('%s (statsmodels, R)', (_id, golden) => {
    const adjusted = benjaminiHochberg((golden.input.p as (number | null)[]).map((p) => p ?? Number.NaN));
    const expected = golden.expected.bh as (number | null)[];
    expect(adjusted).toHaveLength(expected.length);
    adjusted.forEach((p, index) => {
      const wanted = expected[index];
      if (wanted === null) expect(p).toBeNaN();
      else expect(Math.abs(p - (wanted as number))).toBeLessThanOrEqual(1e-10 * (wanted as number));
    });
  });
});

describe('clusteredMean', () => {
  test.each(goldenCases('clustered_se').map((one) => [one.id, one] as const))('%s (statsmodels, R)', (_id, golden) => {
    const values = materialize(golden.input.s);
    const clusters = materialize(golden.input.clusters);
    // One cluster more than there are: it has no rows and must not count.
    const count = Math.max(...clusters) + 2;
    const sums = new Float64Array(count);
    const rows = new Float64Array(count);
    values.forEach((value, row) => {
      const cluster = clusters[row] as number;
      sums[cluster] = (sums[cluster] as number) + value;
      rows[cluster] = (rows[cluster] as number) + 1;
    });
    const { mean, standardError, clusters: found } = clusteredMean(sums, rows);
    expectGolden(golden, 'mean', mean);
    expect(found).toBe(golden.expected.n_clusters);
    if (found < 2) expect(standardError).toBeNaN();
    else expectGolden(golden, 'se_cr_g', standardError);
  });
});

describe('predictionLimit', () => {
  it('is the t limit on the arcsine-root scale (NumPy, SciPy)', () => {
    const values = [0.02, 0.05, 0.03, 0.08, 0.04, 0.06, 0.03, 0.05, 0.07, 0.02, 0.04, 0.05];
    expect(predictionLimit(values, 0.05 / 15)).toBeCloseTo(0.13030821239517532, 12);
  });

  it.each([
    ['never asks for more than all', [0.2, 0.9, 0.5], 0.001, 1],
    ['knows nothing from one value', [0.3], 0.05, 1],
    ['adds nothing to values that do not vary', [0.3, 0.3, 0.3], 0.05, 0.3],
  ])('%s', (_what, values, alpha, expected) => {
    expect(predictionLimit(values, alpha)).toBeCloseTo(expected, 12);
  });
});
