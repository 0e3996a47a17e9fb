import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquaredQuantile } from '../../lib/stats/distributions/chi-squared.ts';
import { estimatedPower } from '../../lib/stats/power/estimated-power.ts';
import { neededClusters } from '../../lib/stats/power/needed-clusters.ts';
import { tPower } from '../../lib/stats/power/t-power.ts';
import golden from '../golden/gate/estimated-power.json' with { type: 'json' };

describe("power where the spread was estimated (SciPy's noncentral t over its quantiles)", () => {
  test.each(golden.powers)(
    '$distance by $standardError with $estimatedWith',
    ({ power, alpha, distance, ...precision }) => {
      expect(estimatedPower(distance, precision, alpha) / power).toBeCloseTo(1, 7);
    },
  );

  test.each(golden.needed)(
    'clusters for $standardError on $clusters, margin $margin at $alpha',
    ({ needed, ...one }) => {
      expect(neededClusters({ ...one, atLeast: 2 })).toBe(needed);
    },
  );
});

test('is the power of the t test where the spread is known', () => {
  for (const distance of [0.002, 0.01, 0.02]) {
    const precision = { standardError: 0.005, estimatedWith: Number.POSITIVE_INFINITY, degreesOfFreedom: 20 };
    expect(estimatedPower(distance, precision, 0.025)).toBeCloseTo(tPower(distance, precision), 12);
  }
});

test('who waits for so many clusters as an estimate asks for finds a difference of the margin four times in five', () => {
  const [margin, alpha, deviation, pilots, clusters] = [0.01, 0.025, 0.028, 60, 21];
  let power = 0;
  for (let pilot = 0; pilot < pilots; pilot++) {
    // Every pilot is as likely as the next: the quantiles of what 21 normal clusters give.
    const squares = chiSquaredQuantile((pilot + 0.5) / pilots, clusters - 1);
    const standardError = deviation * Math.sqrt(squares / (clusters - 1) / clusters);
    const seen = { standardError, degreesOfFreedom: clusters - 1, clusters };
    const needed = neededClusters({ ...seen, margin, alpha, atLeast: 2 }) ?? 0;
    power += tPower(margin, { standardError: deviation / Math.sqrt(needed), degreesOfFreedom: needed - 1 }) / pilots;
  }
  // Taking the estimate for the truth would give 77 %.
  expect(power).toBeGreaterThan(0.795);
  expect(power).toBeLessThan(0.812);
});

const question = fc.record({
  standardError: fc.double({ min: 1e-4, max: 0.05, noNaN: true }),
  clusters: fc.integer({ min: 20, max: 400 }),
  margin: fc.double({ min: 1e-3, max: 0.1, noNaN: true }),
  alpha: fc.constantFrom(0.05, 0.025, 0.005),
  atLeast: fc.constantFrom(2, 20),
});

describe('always', () => {
  test('fewer clusters suffice for a wider margin, none fewer than asked for', () => {
    fc.assert(
      fc.property(question, (drawn) => {
        const asked = { ...drawn, degreesOfFreedom: drawn.clusters - 1 };
        const needed = neededClusters(asked) ?? Number.POSITIVE_INFINITY;
        const easier = neededClusters({ ...asked, margin: asked.margin * 1.5 }) ?? Number.POSITIVE_INFINITY;
        expect(easier).toBeLessThanOrEqual(needed);
        expect(needed).toBeGreaterThanOrEqual(asked.atLeast);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('a stricter level needs more', () => {
    const at = (alpha: number) =>
      neededClusters({ standardError: 0.005, degreesOfFreedom: 30, clusters: 31, margin: 0.01, alpha, atLeast: 20 }) ??
      Number.NaN;
    expect(at(0.005)).toBeGreaterThan(at(0.025));
    expect(at(0.025)).toBeGreaterThan(at(0.1));
  });
});
