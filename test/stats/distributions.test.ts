import erfc from '@stdlib/math-base-special-erfc';
import gammaln from '@stdlib/math-base-special-gammaln';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { betaQuantile, betaTails, betaUpperQuantile } from '../../lib/stats/distributions/beta-distribution.ts';
import { binomialPmf, binomialQuantile, binomialTails } from '../../lib/stats/distributions/binomial.ts';
import {
  chiSquaredQuantile,
  chiSquaredTails,
  chiSquaredUpperQuantile,
} from '../../lib/stats/distributions/chi-squared.ts';
import { fQuantile, fTails } from '../../lib/stats/distributions/f-distribution.ts';
import { incompleteBeta } from '../../lib/stats/distributions/incomplete-beta.ts';
import { incompleteGamma } from '../../lib/stats/distributions/incomplete-gamma.ts';
import * as normal from '../../lib/stats/distributions/normal.ts';
import type { TailPair } from '../../lib/stats/distributions/tail-pair.ts';
import { expectGolden, type GoldenCase, goldenCases } from '../golden/golden.ts';

type Tails = (x: number, params: readonly number[]) => TailPair;
type Quantile = (p: number, params: readonly number[]) => number;

const at = (params: readonly number[], index: number): number => params[index] ?? Number.NaN;

const TAILS: Readonly<Record<string, Tails>> = {
  normal: (z) => ({
    lower: normal.normalCdf(z),
    upper: normal.normalUpper(z),
    logLower: normal.logNormalCdf(z),
    logUpper: normal.logNormalUpper(z),
  }),
  chi2: (x, params) => chiSquaredTails(x, at(params, 0)),
  gamma: (x, params) => incompleteGamma(at(params, 0), x / at(params, 1)),
  beta: (x, params) => betaTails(x, at(params, 0), at(params, 1)),
  f: (x, params) => fTails(x, at(params, 0), at(params, 1)),
  binomial: (k, params) => binomialTails(k, at(params, 0), at(params, 1)),
  poisson: (k, params) => {
    const { lower, upper, logLower, logUpper } = incompleteGamma(k + 1, at(params, 0));
    return { lower: upper, upper: lower, logLower: logUpper, logUpper: logLower };
  },
};

const QUANTILES: Readonly<Record<string, { ppf: Quantile; isf: Quantile }>> = {
  normal: { ppf: (p) => normal.normalQuantile(p), isf: (p) => normal.normalUpperQuantile(p) },
  chi2: {
    ppf: (p, params) => chiSquaredQuantile(p, at(params, 0)),
    isf: (p, params) => chiSquaredUpperQuantile(p, at(params, 0)),
  },
  beta: {
    ppf: (p, params) => betaQuantile(p, at(params, 0), at(params, 1)),
    isf: (p, params) => betaUpperQuantile(p, at(params, 0), at(params, 1)),
  },
  f: { ppf: (p, params) => fQuantile(p, at(params, 0), at(params, 1)), isf: () => Number.NaN },
  binomial: { ppf: (p, params) => binomialQuantile(p, at(params, 0), at(params, 1)), isf: () => Number.NaN },
};

/** t is student-t.ts's and the Kolmogorov law kolmogorov.ts's; each is tested with its file. */
const ELSEWHERE = ['t', 'kolmogorov'];
const cases = goldenCases('distribution').filter((one) => !ELSEWHERE.includes(String(one.input.dist)));
const named = (list: readonly GoldenCase[]) => list.map((one) => [one.id, one] as const);

describe('tails and their logarithms (mpmath, SciPy, R)', () => {
  const list = cases.filter((one) => /^(cdf|sf)$/.test(String(one.options.fn)));
  test('there are cases', () => expect(list.length).toBeGreaterThan(30));
  test.each(named(list))('%s', (_id, golden) => {
    const tails = TAILS[String(golden.input.dist)]?.(golden.input.x as number, golden.input.params as number[]);
    if ('cdf' in golden.expected) expectGolden(golden, 'cdf', tails?.lower);
    if ('sf' in golden.expected) expectGolden(golden, 'sf', tails?.upper);
    if ('log_cdf' in golden.expected) expectGolden(golden, 'log_cdf', tails?.logLower);
    if ('log_sf' in golden.expected) expectGolden(golden, 'log_sf', tails?.logUpper);
  });
});

describe('quantiles (mpmath, SciPy, R)', () => {
  const list = cases.filter((one) => /^(ppf|isf)$/.test(String(one.options.fn)));
  test('there are cases', () => expect(list.length).toBeGreaterThan(10));
  test.each(named(list))('%s', (_id, golden) => {
    const fn = golden.options.fn as 'ppf' | 'isf';
    const quantile = QUANTILES[String(golden.input.dist)]?.[fn];
    const p = (golden.input.p ?? golden.input.q ?? golden.input.x) as number;
    expectGolden(golden, 'x', quantile?.(p, golden.input.params as number[]));
  });
});

describe('special functions (mpmath)', () => {
  const functions: Readonly<Record<string, (args: readonly number[]) => number>> = {
    lgamma: (args) => gammaln(at(args, 0)),
    erf: (args) => 1 - erfc(at(args, 0)),
    erfc: (args) => erfc(at(args, 0)),
    betainc: (args) => incompleteBeta(at(args, 0), at(args, 1), at(args, 2)).lower,
    gammainc_lower: (args) => incompleteGamma(at(args, 0), at(args, 1)).lower,
    gammainc_upper: (args) => incompleteGamma(at(args, 0), at(args, 1)).upper,
    expm1: (args) => Math.expm1(at(args, 0)),
    log1p: (args) => Math.log1p(at(args, 0)),
  };
  // No method here uses digamma, ln B(a, b) or erf next to 0.
  const skipped = /special\/(digamma|lbeta|erf-1e-20)/;
  const list = goldenCases('special').filter((one) => !skipped.test(one.id));
  test.each(named(list))('%s', (_id, golden) => {
    expectGolden(golden, 'value', functions[String(golden.options.fn)]?.(golden.input.args as number[]));
  });
});

describe('both tails', () => {
  const shape = fc.double({ min: 0.5, max: 500, noNaN: true });
  const share = fc.double({ min: 1e-12, max: 1, noNaN: true, maxExcluded: true });

  it('add up to 1, and a quantile has its share below it', () => {
    fc.assert(
      fc.property(shape, shape, share, (a, b, p) => {
        for (const tails of [
          betaTails(betaQuantile(p, a, b), a, b),
          chiSquaredTails(chiSquaredQuantile(p, a), a),
          fTails(fQuantile(p, a, b), a, b),
        ]) {
          expect(tails.lower + tails.upper).toBeCloseTo(1, 14);
          expect(Math.abs(tails.lower - p)).toBeLessThanOrEqual(1e-11 * p + 1e-13);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('mirror: I_x(a, b) = 1 − I_(1−x)(b, a)', () => {
    fc.assert(
      fc.property(shape, shape, share, (a, b, x) => {
        const one = incompleteBeta(a, b, x, 1 - x);
        const other = incompleteBeta(b, a, 1 - x, x);
        expect(Math.abs(one.logLower - other.logUpper)).toBeLessThanOrEqual(
          1e-11 * Math.max(1, Math.abs(one.logLower)),
        );
      }),
    );
  });

  it('of the binomial are the sums of its probabilities', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), share, (n, k, p) => {
        let sum = 0;
        for (let i = 0; i <= Math.min(k, n); i++) sum += binomialPmf(i, n, p);
        expect(Math.abs(binomialTails(k, n, p).lower - sum)).toBeLessThanOrEqual(1e-12);
      }),
    );
  });
});

describe('outside of a distribution', () => {
  it.each([
    ['χ² below 0', chiSquaredTails(-1, 3), 0],
    ['χ² at ∞', chiSquaredTails(Number.POSITIVE_INFINITY, 3), 1],
    ['F at ∞', fTails(Number.POSITIVE_INFINITY, 3, 4), 1],
    ['beta above 1', betaTails(1.5, 2, 2), 1],
    ['binomial below 0', binomialTails(-1, 3, 0.5), 0],
    ['binomial at n', binomialTails(3, 3, 0.5), 1],
    ['binomial of no trial', binomialTails(0, 0, 0.5), 1],
  ])('%s', (_what, tails, lower) => {
    expect(tails.lower).toBe(lower);
    expect(tails.upper).toBe(1 - lower);
  });

  it('keeps a tail next to the smallest number: F(1, 1) is a squared Cauchy', () => {
    expect(fTails(1e-320, 1, 1).logLower).toBeCloseTo(Math.log(2 / Math.PI) + 0.5 * Math.log(1e-320), 9);
    expect(fTails(1e300, 1, 1).logUpper).toBeCloseTo(Math.log(2 / Math.PI) - 0.5 * Math.log(1e300), 9);
  });

  it('has no tails without degrees of freedom or at NaN', () => {
    expect(chiSquaredTails(1, 0).lower).toBeNaN();
    expect(fTails(Number.NaN, 3, 4).upper).toBeNaN();
    expect(betaQuantile(1.5, 1, 1)).toBeNaN();
    expect([normal.normalQuantile(0), normal.normalUpperQuantile(0)]).toEqual([-Infinity, Infinity]);
  });
});
