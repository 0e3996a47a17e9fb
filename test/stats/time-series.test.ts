import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dieboldMariano } from '../../lib/stats/means/diebold-mariano.ts';
import {
  type LagKernel,
  longRunVariance,
  movingBlockVariance,
  neweyWestLag,
} from '../../lib/stats/means/long-run-variance.ts';
import { pairedT } from '../../lib/stats/means/paired-t.ts';
import { expectKeys } from '../golden/expect-keys.ts';
import { goldenCases, materialize } from '../golden/golden.ts';

describe('Diebold–Mariano (R forecast, NumPy)', () => {
  test.each(goldenCases('diebold_mariano').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const exponent = golden.options.power as number;
    const b = materialize(golden.input.errors_b);
    const losses = materialize(golden.input.errors_a).map(
      (error, i) => Math.abs(error) ** exponent - Math.abs(b[i] as number) ** exponent,
    );
    const horizon = golden.options.h as number;
    const result = dieboldMariano(losses, { horizon });
    const bartlett = dieboldMariano(losses, { horizon, kernel: 'bartlett' });
    expect(result.kernel).toBe('rectangular');
    expectKeys(golden, {
      mean_loss_diff: result.estimate,
      n: result.degreesOfFreedom + 1,
      dm: result.uncorrected,
      dm_hln: result.statistic,
      p_two_sided: result.pValue,
      p_b_better: result.pGreater,
      dm_hln_bartlett: bartlett.statistic,
      p_two_sided_bartlett: bartlett.pValue,
    });
  });

  const series = fc
    .array(fc.integer({ min: -40, max: 40 }), { minLength: 4, maxLength: 40 })
    .filter((values) => new Set(values).size > 1);

  test('turns with the sides, and the interval agrees with p', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 3 }), (losses, horizon) => {
        const result = dieboldMariano(losses, { horizon });
        const turned = dieboldMariano(
          losses.map((loss) => -loss),
          { horizon },
        );
        expect(turned.pLess).toBeCloseTo(result.pGreater, 10);
        expect(turned.upper).toBeCloseTo(-result.lower, 8);
        if (Math.abs(result.pValue - 0.05) > 1e-9) {
          expect(result.lower > 0 || result.upper < 0).toBe(result.pValue < 0.05);
        }
      }),
    );
  });

  test('one step ahead is the paired t test', () => {
    fc.assert(
      fc.property(series, (losses) => {
        const [dm, plain] = [dieboldMariano(losses), pairedT(losses)];
        expect(dm.statistic).toBeCloseTo(plain.statistic, 9);
        expect(dm.upper).toBeCloseTo(plain.upper, 8);
      }),
    );
  });

  test("falls back to Bartlett's weights where the rectangular variance is not positive, and says so", () => {
    const alternating = [1, -1, 1, -1, 1, -1, 1, -1.5];
    expect(longRunVariance(alternating, 1, 'rectangular')).toBeLessThan(0);
    const result = dieboldMariano(alternating, { horizon: 2 });
    expect(result.kernel).toBe('bartlett');
    expect(result.standardError).toBeGreaterThan(0);
  });

  test('too short a series and one without variation', () => {
    for (const losses of [[], [1]]) expect(dieboldMariano(losses)).toMatchObject({ degenerate: 'too-few', pValue: 1 });
    expect(dieboldMariano([1, 2, 4], { horizon: 3 })).toMatchObject({ degenerate: 'too-few' });
    expect(dieboldMariano([1, 2, 4], { horizon: 4 })).toMatchObject({ degenerate: 'too-few' });
    expect(dieboldMariano([1, 2, 4, 3], { horizon: 3 }).pValue).toBeGreaterThan(0);
    expect(dieboldMariano([2, 2, 2], { horizon: 2 })).toMatchObject({
      degenerate: 'no-variation',
      pValue: 0,
      lower: 2,
    });
    expect(dieboldMariano([0, 0, 0])).toMatchObject({ degenerate: 'no-variation', pValue: 1 });
    expect(dieboldMariano([0, Number.NaN, 1]).pValue).toBeNaN();
  });
});

describe('long-run variance (statsmodels, NumPy)', () => {
  test.each(goldenCases('long_run_variance').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const x = materialize(golden.input.x);
    const { kernel, lag, length } = golden.options as {
      kernel: LagKernel | 'moving-block';
      lag: number;
      length: number;
    };
    const variance = kernel === 'moving-block' ? movingBlockVariance(x, length) : longRunVariance(x, lag, kernel);
    expectKeys(golden, { variance });
  });

  const values = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 2, maxLength: 40 });

  test("Bartlett's is never negative, a shift changes nothing, a factor counts squared", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 8 }), (series, lag) => {
        const variance = longRunVariance(series, lag, 'bartlett');
        expect(variance).toBeGreaterThan(-1e-9);
        expect(
          longRunVariance(
            series.map((x) => 3 * x + 1e6),
            lag,
            'bartlett',
          ),
        ).toBeCloseTo(9 * variance, 5);
      }),
    );
  });

  test('blocks of one value are lag zero', () => {
    fc.assert(
      fc.property(values, (series) => {
        expect(movingBlockVariance(series, 1)).toBeCloseTo(longRunVariance(series, 0, 'bartlett'), 8);
      }),
    );
  });

  test('has answers at the ends', () => {
    expect(longRunVariance([], 2, 'bartlett')).toBeNaN();
    expect(longRunVariance([3], 2, 'bartlett')).toBe(0);
    expect(movingBlockVariance([1, 2], 3)).toBeNaN();
    expect(movingBlockVariance([1, 2], 0)).toBeNaN();
    expect(movingBlockVariance([1, 2], 2)).toBe(0);
    expect(neweyWestLag(100)).toBe(4);
    expect(neweyWestLag(1000)).toBe(6);
  });
});
