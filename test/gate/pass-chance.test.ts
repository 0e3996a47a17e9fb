import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOfPassing, clustersForPower, type Evidence, plannedDifference } from '../../lib/gate/pass-chance.ts';
import { power } from '../../lib/stats/clustered-mean-power.ts';

const ALPHA = 0.025;
const better: Evidence = {
  requirement: 'better',
  margin: 0.01,
  standardError: 0.005,
  degreesOfFreedom: 30,
  clusters: 31,
};

describe('the chance of passing', () => {
  it('is the power of the planned test of a mean over clusters', () => {
    const design = { standardDeviation: 0.1, rowsPerCluster: 20, intraclass: 0.2 };
    const standardError = 0.1 * Math.sqrt((1 + 19 * 0.2) / (31 * 20));
    for (const effect of [0.005, 0.01, 0.03]) {
      expect(chanceOfPassing({ ...better, standardError }, effect, ALPHA)).toBeCloseTo(
        power({ ...design, effect, clusters: 31 }),
        12,
      );
      expect(chanceOfPassing({ ...better, standardError }, effect, ALPHA, 62)).toBeCloseTo(
        power({ ...design, effect, clusters: 62 }),
        // Degrees of freedom grow in proportion: 61 from 30 of 31.
        12,
      );
    }
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
