import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ksTwoSample } from '../../lib/stats/distances/ks-two-sample.ts';
import { binomialPmf } from '../../lib/stats/distributions/binomial.ts';
import {
  kolmogorovUpperQuantile,
  logKolmogorovCdf,
  logKolmogorovUpper,
} from '../../lib/stats/distributions/kolmogorov.ts';
import { logKolmogorovSmirnovUpper } from '../../lib/stats/distributions/kolmogorov-smirnov-law.ts';
import { logSmirnovUpper } from '../../lib/stats/distributions/smirnov.ts';
import type { Alternative } from '../../lib/stats/hypothesis-test.ts';
import { expectGolden, goldenCases, materialize } from '../golden/golden.ts';

/** d, n, SciPy's kstwo.sf(d, n). */
const LAW: readonly [number, number, number][] = [
  [0.3, 2, 0.98],
  [0.9, 3, 0.0019999999999999987],
  [0.06, 10, 0.9999999999628411],
  [0.1, 10, 0.99963712],
  [0.25, 12, 0.3779064326502817],
  [0.08, 100, 0.5182193645480672],
  [0.15, 100, 0.019839242125643017],
  [0.19, 120, 0.00028777347061146783],
  [0.03, 141, 0.9992107601012719],
  [0.06, 500, 0.05243463489026223],
  [0.068, 500, 0.018705369756291015],
  [0.001, 20000, 1.0],
  [0.009, 20000, 0.07785289326070222],
  [0.0105, 20000, 0.024139348011328634],
  [0.00052, 500000, 0.9992493237422256],
  [0.0021, 500000, 0.024276288597831493],
  [0.02, 500000, 3.6481966551764204e-174],
  [0.6, 50, 9.634070456142374e-18],
];

const named = (method: string) => goldenCases(method).map((one) => [one.id, one] as const);

describe("Kolmogorov's laws (SciPy, mpmath)", () => {
  const cases = goldenCases('distribution').filter((one) => one.input.dist === 'kolmogorov');
  test.each(cases.map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const x = golden.input.x as number;
    if (golden.options.fn === 'isf') expectGolden(golden, 'x', kolmogorovUpperQuantile(golden.input.q as number));
    if (golden.options.fn === 'sf') {
      expectGolden(golden, 'sf', Math.exp(logKolmogorovUpper(x)));
      expectGolden(golden, 'log_sf', logKolmogorovUpper(x));
    }
    if (golden.options.fn === 'cdf') {
      expectGolden(golden, 'cdf', Math.exp(logKolmogorovCdf(x)));
      // The golden for 0.04 is a cdf that its own arithmetic lost: √(2π)/x·e^(−π²/8x²) is e^(−767), not 0.
      if (golden.expected.log_cdf !== '-Infinity') expectGolden(golden, 'log_cdf', logKolmogorovCdf(x));
    }
  });

  test.each(named('ks_distribution'))('%s', (_id, golden) => {
    const [n, d] = [golden.input.n as number, golden.input.d as number];
    expectGolden(golden, 'kstwo_sf', Math.exp(logKolmogorovSmirnovUpper(n, d)));
    expectGolden(golden, 'ksone_sf', Math.exp(logSmirnovUpper(n, d)));
    expectGolden(golden, 'kolmogorov_sf', Math.exp(logKolmogorovUpper(Math.sqrt(n) * d)));
  });
});

describe('the one-sided law', () => {
  it('is its defining sum, whatever terms are left out', () => {
    const size = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(size, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (n, d) => {
        let sum = 0;
        for (let j = 0; j <= Math.floor(n * (1 - d)); j++) sum += binomialPmf(j, n, d + j / n) / (d + j / n);
        expect(Math.exp(logSmirnovUpper(n, d))).toBeCloseTo(Math.min(1, d * sum), 10);
      }),
    );
  });

  // SciPy 1.17.1: kstwo.sf(d, n), where its own parts meet: Durbin, Pomeranz, Pelz–Good, twice the one-sided law.
  it.each(LAW)('P(D ≥ %d) of %i values is %d (SciPy)', (d, n, expected) => {
    const found = Math.exp(logKolmogorovSmirnovUpper(n, d));
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * expected);
  });
});

describe('two samples (SciPy, R)', () => {
  test.each(named('ks_2samp'))('%s', (_id, golden) => {
    const [a, b] = [materialize(golden.input.a), materialize(golden.input.b)];
    const asymptotic = (alternative: Alternative) => ksTwoSample(a, b, { alternative, method: 'asymptotic' });
    expect(asymptotic('two-sided').sizes).toEqual([golden.expected.n, golden.expected.m]);
    for (const [alternative, key] of [
      ['two-sided', 'two_sided'],
      ['less', 'less'],
      ['greater', 'greater'],
    ] as const) {
      const { statistic, pValue } = asymptotic(alternative);
      expectGolden(golden, `d_${key}`, statistic);
      // SciPy rounds n·m/(n+m) = ½ to 0 and has no answer.
      if (golden.expected[`p_asymp_scipy_${key}`] === 'NaN') expect(Number.isFinite(pValue)).toBe(true);
      else expectGolden(golden, `p_asymp_scipy_${key}`, pValue);
    }
    if (!('p_exact_conditional_on_ties' in golden.expected)) return;
    const exact = (alternative: Alternative) => ksTwoSample(a, b, { alternative, method: 'exact' }).pValue;
    expectGolden(golden, 'p_exact_conditional_on_ties', exact('two-sided'));
    expectGolden(golden, 'p_exact_conditional_greater', exact('greater'));
    expectGolden(golden, 'p_exact_conditional_less', exact('less'));
    // p_exact_no_ties is not offered: with ties it is no p value of the data at hand; without them it is the same.
    if (golden.expected.has_ties === false) expectGolden(golden, 'p_exact_no_ties_two_sided', exact('two-sided'));
  });
});

const value = fc.integer({ min: 0, max: 6 });
const sample = fc.array(value, { minLength: 1, maxLength: 7 });

describe('the exact p value', () => {
  /** Every way to choose which of the pooled values are the first sample. */
  function share(a: readonly number[], b: readonly number[]): number {
    const pooled = [...a, ...b];
    const seen = ksTwoSample(a, b).statistic;
    let [all, large] = [0, 0];
    for (let mask = 0; mask < 2 ** pooled.length; mask++) {
      const first = pooled.filter((_, i) => ((mask >> i) & 1) === 1);
      if (first.length !== a.length) continue;
      const second = pooled.filter((_, i) => ((mask >> i) & 1) === 0);
      all++;
      if (ksTwoSample(first, second).statistic >= seen - 1e-12) large++;
    }
    return large / all;
  }

  it('is the share of all splits with a distance as large', () => {
    const few = fc.array(value, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(few, few, (a, b) => {
        expect(ksTwoSample(a, b).pValue).toBeCloseTo(share(a, b), 12);
      }),
      { numRuns: 40 },
    );
  });

  it('does not care for order, side or a rising transformation', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const one = ksTwoSample(a, b);
        expect(ksTwoSample(b, a).pValue).toBeCloseTo(one.pValue, 12);
        expect(ksTwoSample(b, a, { alternative: 'greater' }).statistic).toBe(
          ksTwoSample(a, b, { alternative: 'less' }).statistic,
        );
        const bent = (values: number[]): number[] => values.map((x) => Math.exp(x) - 3).reverse();
        expect(ksTwoSample(bent(a), bent(b)).pValue).toBe(one.pValue);
      }),
    );
  });
});

describe('the ends', () => {
  it.each([
    ['an empty side', [], [1, 2], 0, 1],
    ['nothing but NaN', [Number.NaN], [1, 2], 0, 1],
    ['one and the same constant', [3, 3, 3], [3], 0, 1],
    ['two single values', [1], [2], 1, 1],
  ])('%s', (_what, a, b, statistic, pValue) => {
    for (const method of ['exact', 'asymptotic'] as const) {
      const result = ksTwoSample(a, b, { method });
      expect(result.statistic).toBe(statistic);
      expect(Number.isFinite(result.pValue)).toBe(true);
      if (method === 'exact') expect(result.pValue).toBe(pValue);
    }
  });

  it('names the value at which the distance is reached', () => {
    expect(ksTwoSample([1, 2, 3], [10, 11]).at).toBe(3);
    expect(ksTwoSample([5], [5]).at).toBeUndefined();
  });

  it('keeps the size of a p value that a double cannot hold', () => {
    const a = Float64Array.from({ length: 5_000 }, (_, i) => i);
    const b = a.map((x) => x + 10_000);
    const { pValue, logPValue } = ksTwoSample(a, b, { alternative: 'greater' });
    expect(pValue).toBe(0);
    expect(logPValue).toBeLessThan(-4_900);
    expect(Number.isFinite(logPValue)).toBe(true);
  });

  it('calls a shift of 0.03 σ significant among 100,000 rows: the p value is no measure of size', () => {
    const draw = (seed: number, add: number) => materialize({ dist: 'ih12', seed, n: 100_000, add });
    const { pValue, statistic } = ksTwoSample(draw(7, 0), draw(8, 0.03));
    expect(pValue).toBeLessThan(0.01);
    expect(statistic).toBeLessThan(0.02);
  });
});
