import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chanceOfPassing,
  clustersForPower,
  type Evidence,
  marginForPower,
  plannedDifference,
  precisionsOf,
} from '../../../lib/gate/simulate/pass-chance.ts';
import { chiSquaredQuantile } from '../../../lib/stats/distributions/chi-squared.ts';
import { power } from '../../../lib/stats/power/clustered-mean-power.ts';
import { tPower } from '../../../lib/stats/power/t-power.ts';

const ALPHA = 0.025;
const better: Evidence = {
  requirement: 'better',
  margin: 0.01,
  standardError: 0.005,
  degreesOfFreedom: 30,
  clusters: 31,
};

describe('the chance of passing', () => {
  it('is the power of the planned test of a mean over clusters, where its spread is known', () => {
    const design = { standardDeviation: 0.1, rowsPerCluster: 20, intraclass: 0.2 };
    const standardError = 0.1 * Math.sqrt((1 + 19 * 0.2) / (31 * 20));
    // Drawn holdouts whose standard errors vary as those of normal clusters do: the quantiles of √(χ²/30).
    const draws = Array.from({ length: 400 }, (_none, i) => ({
      standardError: standardError * Math.sqrt(chiSquaredQuantile((i + 0.5) / 400, 30) / 30),
      degreesOfFreedom: 30,
    }));
    for (const effect of [0.005, 0.01, 0.03]) {
      for (const drawn of [draws, precisionsOf(draws)]) {
        const evidence = { ...better, standardError, draws: drawn };
        expect(chanceOfPassing(evidence, effect, ALPHA)).toBeCloseTo(power({ ...design, effect, clusters: 31 }), 3);
        // Twice the clusters: half the variance, and 61 degrees of freedom from 30 of 31.
        expect(chanceOfPassing(evidence, effect, ALPHA, 62)).toBeCloseTo(power({ ...design, effect, clusters: 62 }), 3);
      }
    }
  });

  it('of one estimate is less than as if it were the truth, and more the better it is known', () => {
    const chances = [5, 10, 30, 1_000].map((degreesOfFreedom) =>
      chanceOfPassing({ ...better, standardError: 0.003, degreesOfFreedom }, 0.01, ALPHA),
    );
    expect(chances).toEqual([...chances].sort((a, b) => a - b));
    const known = tPower(0.01, { standardError: 0.003, degreesOfFreedom: 30 });
    expect(chances[2]).toBeLessThan(known);
    expect(chances[2]).toBeGreaterThan(known - 0.03);
  });

  it('is the level at the limit: 0 for better, −margin for not worse', () => {
    for (const alpha of [0.025, 0.005]) {
      expect(chanceOfPassing(better, 0, alpha)).toBeCloseTo(alpha, 10);
      expect(chanceOfPassing({ ...better, requirement: 'not-worse' }, -0.01, alpha)).toBeCloseTo(alpha, 10);
    }
  });

  it('grows with the truth and with the clusters, and moves by the margin', () => {
    const truth = fc.double({ min: -0.03, max: 0.03, noNaN: true });
    fc.assert(
      fc.property(truth, truth, fc.integer({ min: 20, max: 400 }), (one, other, clusters) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        const at = (difference: number) => chanceOfPassing(better, difference, ALPHA, clusters);
        expect(at(high)).toBeGreaterThanOrEqual(at(low) - 1e-12);
        if (high > 0) {
          expect(chanceOfPassing(better, high, ALPHA, clusters + 50)).toBeGreaterThanOrEqual(at(high) - 1e-9);
        }
        const notWorse = chanceOfPassing({ ...better, requirement: 'not-worse' }, one, ALPHA, clusters);
        expect(notWorse).toBeCloseTo(at(one + better.margin), 12);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['too few clusters', { ...better, clusters: 19 }, 1, 0],
    ['no standard error is known', { ...better, standardError: Number.NaN }, 1, 0],
    ['nothing varies and the truth is better', { ...better, standardError: 0 }, 0.001, 1],
    ['nothing varies and the truth is worse', { ...better, standardError: 0 }, -0.001, 0],
  ])('has an answer where %s', (_name, evidence, difference, chance) => {
    expect(chanceOfPassing(evidence, difference, ALPHA)).toBe(chance);
  });
});

describe('the clusters for 80 %', () => {
  it('are the fewest that do', () => {
    for (const requirement of ['better', 'not-worse'] as const) {
      const evidence = { ...better, requirement };
      const needed = clustersForPower(evidence, ALPHA) ?? 0;
      const truth = plannedDifference(evidence);
      expect(chanceOfPassing(evidence, truth, ALPHA, needed)).toBeGreaterThanOrEqual(0.8);
      expect(chanceOfPassing(evidence, truth, ALPHA, needed - 1)).toBeLessThan(0.8);
    }
  });

  it('are at least 20, and none where ten years of days would not do', () => {
    expect(clustersForPower({ ...better, standardError: 1e-6 }, ALPHA)).toBe(20);
    expect(clustersForPower({ ...better, standardError: 1 }, ALPHA)).toBeUndefined();
  });
});

describe('the margin for 80 %', () => {
  const draws = Array.from({ length: 60 }, (_none, i) => ({
    standardError: 0.003 + 0.0001 * i,
    degreesOfFreedom: 10 + i / 3,
  }));

  it.each([
    ['one estimate', better],
    ['drawn holdouts', { ...better, draws }],
  ])('is the one at which that is the chance, of %s', (_name, evidence) => {
    const margin = marginForPower(evidence, ALPHA) ?? 0;
    expect(chanceOfPassing(evidence, margin, ALPHA)).toBeCloseTo(0.8, 6);
    expect(chanceOfPassing({ ...evidence, requirement: 'not-worse', margin }, 0, ALPHA)).toBeCloseTo(0.8, 6);
  });

  it('is none below 20 clusters, and any where nothing varies', () => {
    expect(marginForPower({ ...better, clusters: 19 }, ALPHA)).toBeUndefined();
    expect(marginForPower({ ...better, standardError: 0 }, ALPHA)).toBe(0);
  });
});

describe('precisions that stand for many', () => {
  it('keep the mean variance, and are all of them where they are few', () => {
    const drawn = Array.from({ length: 333 }, (_none, i) => ({ standardError: 1 + (i % 17) / 7, degreesOfFreedom: 9 }));
    const mean = (of: readonly { readonly standardError: number }[]) =>
      of.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / of.length;
    expect(precisionsOf(drawn)).toHaveLength(50);
    expect(mean(precisionsOf(drawn)) / mean(drawn)).toBeCloseTo(1, 2);
    expect(precisionsOf(drawn.slice(0, 40))).toEqual(drawn.slice(0, 40));
  });
});
