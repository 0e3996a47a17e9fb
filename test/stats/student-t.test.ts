import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noncentralT } from '../../lib/stats/distributions/noncentral-t.ts';
import {
  studentCdf,
  studentQuantile,
  studentTails,
  studentTwoSided,
  studentUpper,
  studentUpperQuantile,
} from '../../lib/stats/distributions/student-t.ts';
import { expectKeys } from '../golden/expect-keys.ts';
import { goldenCases } from '../golden/golden.ts';

describe("Student's t (SciPy, mpmath)", () => {
  const cases = goldenCases('distribution').filter((one) => one.input.dist === 't');
  test('there are cases', () => expect(cases.length).toBeGreaterThan(8));
  test.each(cases.map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const df = (golden.input.params as number[])[0] as number;
    const x = golden.input.x as number;
    const q = golden.input.q as number;
    switch (golden.options.fn) {
      case 'cdf':
        return expectKeys(golden, { cdf: studentCdf(x, df), log_cdf: studentTails(x, df).logLower });
      case 'sf':
        return expectKeys(golden, { sf: studentUpper(x, df), log_sf: studentTails(x, df).logUpper });
      case 'ppf':
        return expectKeys(golden, { x: studentQuantile(q, df) });
      default:
        return expectKeys(golden, { x: studentUpperQuantile(q, df) });
    }
  });

  test.each(goldenCases('student_tail').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const tails = studentTails(golden.input.t as number, golden.input.df as number);
    expectKeys(golden, { upper: tails.upper, log_upper: tails.logUpper });
  });

  const df = fc.double({ min: 0.6, max: 1e5, noNaN: true });

  test('the upper quantile undoes the tail, from one half to 1e-300', () => {
    fc.assert(
      fc.property(df, fc.double({ min: -300, max: -0.31, noNaN: true }), (degrees, exponent) => {
        const p = 10 ** exponent;
        const t = studentUpperQuantile(p, degrees);
        if (t === Number.POSITIVE_INFINITY) return;
        expect(Math.abs(studentTails(t, degrees).logUpper - Math.log(p))).toBeLessThan(1e-9);
        expect(studentQuantile(p, degrees)).toBe(0 - t);
      }),
    );
  });

  test('tails are mirrored, add up to one and fall', () => {
    fc.assert(
      fc.property(df, fc.double({ min: 0, max: 1e6, noNaN: true }), (degrees, t) => {
        const tails = studentTails(t, degrees);
        expect(studentTails(-t, degrees)).toEqual({
          lower: tails.upper,
          upper: tails.lower,
          logLower: tails.logUpper,
          logUpper: tails.logLower,
        });
        expect(tails.lower + tails.upper).toBeCloseTo(1, 14);
        expect(studentUpper(t * 1.01 + 0.01, degrees)).toBeLessThanOrEqual(tails.upper);
      }),
    );
  });

  test('has answers at the ends, and none outside', () => {
    expect(studentTails(Number.POSITIVE_INFINITY, 3)).toMatchObject({ lower: 1, upper: 0 });
    expect(studentTails(Number.NEGATIVE_INFINITY, 3)).toMatchObject({ lower: 0, upper: 1 });
    expect(studentTwoSided(0, 3)).toBe(1);
    expect(studentUpperQuantile(1e-300, 0.5)).toBe(Number.POSITIVE_INFINITY);
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(studentCdf(1, bad)).toBeNaN();
      for (const p of [0.3, 1e-80]) {
        expect(studentQuantile(p, bad)).toBeNaN();
        expect(studentUpperQuantile(p, bad)).toBeNaN();
      }
    }
    expect(studentCdf(Number.NaN, 3)).toBeNaN();
    expect(studentQuantile(1.5, 3)).toBeNaN();
  });
});

describe('noncentral t (mpmath)', () => {
  test.each(goldenCases('noncentral_t').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const { t, df, delta } = golden.input as { t: number; df: number; delta: number };
    expectKeys(golden, { ...noncentralT(t, df, delta) });
  });

  const arguments_ = [
    fc.double({ min: -30, max: 30, noNaN: true }),
    fc.double({ min: 0.5, max: 1e4, noNaN: true }),
    fc.double({ min: -20, max: 20, noNaN: true }),
  ] as const;

  test('is mirrored with its noncentrality, and its tails add up to one', () => {
    fc.assert(
      fc.property(...arguments_, (t, df, delta) => {
        const { lower, upper } = noncentralT(t, df, delta);
        const mirrored = noncentralT(-t, df, -delta);
        expect(mirrored.upper).toBeCloseTo(lower, 13);
        expect(lower + upper).toBeCloseTo(1, 12);
      }),
    );
  });

  test('without noncentrality is the central one', () => {
    fc.assert(
      fc.property(arguments_[0], arguments_[1], (t, df) => {
        expect(noncentralT(t, df, 0).upper).toBeCloseTo(studentUpper(t, df), 12);
      }),
    );
  });

  test('is the normal distribution for infinite degrees of freedom', () => {
    expect(noncentralT(1.959963984540054, Number.POSITIVE_INFINITY, 0).upper).toBeCloseTo(0.025, 14);
    expect(noncentralT(1, 0, 1).upper).toBeNaN();
    expect(noncentralT(1, 5, Number.POSITIVE_INFINITY).upper).toBeNaN();
  });
});
