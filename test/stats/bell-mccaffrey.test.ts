import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bellMcCaffreyDegrees, bellMcCaffreyError } from '../../lib/stats/clusters/bell-mccaffrey.ts';
import { clusteredMeanTest } from '../../lib/stats/clusters/clustered-mean-test.ts';
import golden from '../golden/stats/bell_mccaffrey.json' with { type: 'json' };

describe('CR2 of a mean (matrices of the definition, by NumPy)', () => {
  test.each(golden.cases)('$sizes', ({ sizes, values, standardError, degreesOfFreedom }) => {
    const clusters = sizes.flatMap((size, g) => Array.from({ length: size }, () => g));
    const found = clusteredMeanTest(values, clusters, sizes.length, { correction: 'CR2' });
    expect(found.standardError / standardError).toBeCloseTo(1, 10);
    expect(found.degreesOfFreedom / degreesOfFreedom).toBeCloseTo(1, 10);
  });
});

const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 60 });

describe('degrees of freedom by sizes', () => {
  test('are G − 1 for clusters of one size, and never more', () => {
    fc.assert(
      fc.property(sizes, (drawn) => {
        const degrees = bellMcCaffreyDegrees(Float64Array.from(drawn));
        expect(degrees).toBeLessThanOrEqual(drawn.length - 1);
        expect(degrees).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(bellMcCaffreyDegrees(new Float64Array(drawn.length).fill(drawn[0] ?? 1))).toBeCloseTo(
          drawn.length - 1,
          9,
        );
      }),
    );
  });

  test('depend on shares alone', () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (drawn, unit) => {
        const scaled = bellMcCaffreyDegrees(Float64Array.from(drawn, (size) => size * unit));
        expect(scaled).toBeCloseTo(bellMcCaffreyDegrees(Float64Array.from(drawn)), 6);
      }),
    );
  });

  test('of one cluster there is nothing', () => {
    expect(bellMcCaffreyDegrees(Float64Array.of(5))).toBe(0);
    expect(bellMcCaffreyError(Float64Array.of(0), Float64Array.of(5))).toBeNaN();
    expect(clusteredMeanTest([1, 2, 3], [0, 0, 0], 1, { correction: 'CR2' }).degenerate).toBe('too-few');
  });
});
