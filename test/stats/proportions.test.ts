import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Alternative, Interval } from '../../lib/stats/hypothesis-test.ts';
import { binomialTest } from '../../lib/stats/proportions/binomial-test.ts';
import { clopperPearsonInterval } from '../../lib/stats/proportions/clopper-pearson-interval.ts';
import { newcombeInterval } from '../../lib/stats/proportions/newcombe-interval.ts';
import type { Proportion } from '../../lib/stats/proportions/proportion.ts';
import {
  twoProportionScoreInterval,
  twoProportionScoreTest,
} from '../../lib/stats/proportions/two-proportion-score.ts';
import { twoProportionTest } from '../../lib/stats/proportions/two-proportion-test.ts';
import { wilsonInterval } from '../../lib/stats/proportions/wilson-interval.ts';
import { expectGolden, goldenCases } from '../golden/golden.ts';

const named = (method: string) => goldenCases(method).map((one) => [one.id, one] as const);

describe('one proportion (statsmodels, SciPy, R, mpmath)', () => {
  // Jeffreys, Agresti–Coull and Wald are not offered: Wilson's interval is the default, Clopper–Pearson the guarantee.
  test.each(named('proportion_ci'))('%s', (_id, golden) => {
    const proportion = { successes: golden.input.x as number, trials: golden.input.n as number };
    const level = golden.options.level as number;
    const wilson = wilsonInterval(proportion, level);
    expectGolden(golden, 'wilson_lo', wilson.lower);
    expectGolden(golden, 'wilson_hi', wilson.upper);
    const exact = clopperPearsonInterval(proportion, level);
    expectGolden(golden, 'clopper_pearson_lo', exact.lower);
    expectGolden(golden, 'clopper_pearson_hi', exact.upper);
  });

  test.each(named('binomial_test'))('%s', (_id, golden) => {
    const proportion = { successes: golden.input.x as number, trials: golden.input.n as number };
    const p = (alternative: Alternative): number =>
      binomialTest(proportion, golden.input.p0 as number, alternative).pValue;
    expectGolden(golden, 'p_two_sided', p('two-sided'));
    expectGolden(golden, 'p_greater', p('greater'));
    expectGolden(golden, 'p_less', p('less'));
  });
});

describe('two proportions (statsmodels, SciPy, R, mpmath)', () => {
  // Wald, Agresti–Caffo and the log ratio are not offered; p_fisher is tested with Fisher's test. The score intervals and
  // tests of a difference other than 0 come from statsmodels 0.15, whose cubic has the baseline's successes where the
  // paper has its trials (`count0 * diff` for `nobs0 * diff`): they miss the published values, so the paper's own
  // formula is the reference below.
  test.each(named('two_proportion'))('%s', (_id, golden) => {
    const { x1, n1, x2, n2 } = golden.input as Record<string, number>;
    const [baseline, candidate] = [
      { successes: x1 as number, trials: n1 as number },
      { successes: x2 as number, trials: n2 as number },
    ];
    const pooled = twoProportionTest(baseline, candidate);
    if ('degenerate' in golden.expected) expect([pooled.statistic, pooled.pValue]).toEqual([0, 1]);
    else {
      expectGolden(golden, 'z_pooled', pooled.statistic);
      expectGolden(golden, 'p_pooled', pooled.pValue);
      expectGolden(golden, 'log_p_pooled', pooled.logPValue);
    }
    const newcombe = newcombeInterval(baseline, candidate);
    expectGolden(golden, 'newcombe_lo', newcombe.lower);
    expectGolden(golden, 'newcombe_hi', newcombe.upper);
  });
});

describe('score intervals of two proportions (Miettinen and Nurminen 1985, appendix I, with SciPy)', () => {
  test.each(named('two_proportion_score'))('%s', (_id, golden) => {
    const { x1, n1, x2, n2 } = golden.input as Record<string, number>;
    const [baseline, candidate] = [
      { successes: x1 as number, trials: n1 as number },
      { successes: x2 as number, trials: n2 as number },
    ];
    for (const [variance, key, ni] of [
      ['miettinen-nurminen', 'miettinen_nurminen', 'mn'],
      ['mee', 'mee', 'fm'],
    ] as const) {
      const { lower, upper } = twoProportionScoreInterval(baseline, candidate, { variance });
      expectGolden(golden, `${key}_lo`, lower);
      expectGolden(golden, `${key}_hi`, upper);
      if (`ni_z_${ni}` in golden.expected) {
        const nullDifference = -(golden.options.margin as number);
        const score = twoProportionScoreTest(baseline, candidate, { nullDifference, alternative: 'greater', variance });
        expectGolden(golden, `ni_z_${ni}`, score.statistic);
        expectGolden(golden, `ni_p_${ni}`, score.pValue);
      }
    }
  });

  // Newcombe 1998, Statistics in Medicine 17:873, table II (a, b), as printed.
  it.each([
    ['mee', 56, 70, 48, 80, 0.0533, 0.3377],
    ['miettinen-nurminen', 56, 70, 48, 80, 0.0528, 0.3382],
    ['mee', 9, 10, 3, 10, 0.1821, 0.837],
    ['miettinen-nurminen', 9, 10, 3, 10, 0.17, 0.8406],
  ] as const)('%s of %i/%i and %i/%i is as published', (variance, x1, n1, x2, n2, lower, upper) => {
    const [one, other] = [
      { successes: x1, trials: n1 },
      { successes: x2, trials: n2 },
    ];
    const interval = twoProportionScoreInterval(other, one, { variance });
    expect([interval.lower, interval.upper].map((limit) => limit.toFixed(4))).toEqual(
      [lower, upper].map((limit) => limit.toFixed(4)),
    );
  });
});

const proportion = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.nat(40))
  .map(([trials, successes]) => ({ trials, successes: Math.min(trials, successes) }));
const some = proportion.filter(({ trials }) => trials > 0);
const mirror = ({ successes, trials }: Proportion): Proportion => ({ successes: trials - successes, trials });
const share = ({ successes, trials }: Proportion): number => successes / trials;

describe('intervals of one proportion', () => {
  it.each([
    ['Wilson', wilsonInterval],
    ['Clopper–Pearson', clopperPearsonInterval],
  ])('%s: contains the estimate, mirrors, widens with the level', (_name, interval) => {
    fc.assert(
      fc.property(some, (one) => {
        const { lower, upper } = interval(one, 0.95);
        expect(lower).toBeLessThanOrEqual(share(one));
        expect(upper).toBeGreaterThanOrEqual(share(one));
        const other = interval(mirror(one), 0.95);
        expect(1 - other.upper).toBeCloseTo(lower, 12);
        const wider = interval(one, 0.99);
        expect(wider.lower).toBeLessThanOrEqual(lower);
        expect(wider.upper).toBeGreaterThanOrEqual(upper);
      }),
    );
  });

  it('Clopper–Pearson: its limits are where the one-sided exact tests turn', () => {
    fc.assert(
      fc.property(some, (one) => {
        const { lower, upper } = clopperPearsonInterval(one, 0.9);
        if (one.successes > 0) expect(binomialTest(one, lower, 'greater').pValue).toBeCloseTo(0.05, 10);
        if (one.successes < one.trials) expect(binomialTest(one, upper, 'less').pValue).toBeCloseTo(0.05, 10);
      }),
    );
  });

  it('know nothing without a trial, and refuse what is no count or no level', () => {
    const none = { successes: 0, trials: 0 };
    expect([wilsonInterval(none), clopperPearsonInterval(none)]).toEqual(Array(2).fill({ lower: 0, upper: 1 }));
    expect(binomialTest(none, 0.3).pValue).toBe(1);
    expect(() => wilsonInterval({ successes: 3, trials: 2 })).toThrow(/3 of 2/);
    expect(() => clopperPearsonInterval({ successes: 1, trials: 2 }, 95)).toThrow(/95/);
  });
});

describe('the exact binomial test', () => {
  it('is the sum of the outcomes that are no more likely', () => {
    const p = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(some, p, (one, nullShare) => {
        const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
        const pmf = (k: number): number => choose(one.trials, k) * nullShare ** k * (1 - nullShare) ** (one.trials - k);
        const all = Array.from({ length: one.trials + 1 }, (_, k) => pmf(k));
        const seen = all[one.successes] as number;
        const sum = all.filter((each) => each <= seen * (1 + 1e-7)).reduce((total, each) => total + each);
        expect(binomialTest(one, nullShare).pValue).toBeCloseTo(Math.min(1, sum), 9);
      }),
    );
  });

  it.each([
    ['at most 0 where 1 is certain', 0, 2, 1, 'two-sided', 0],
    ['all where all is certain', 2, 2, 1, 'two-sided', 1],
    ['one of a tiny chance', 1, 1, 1e-300, 'two-sided', 1e-300],
    ['none of no chance', 0, 3, 0, 'greater', 1],
  ] as const)('%s', (_what, successes, trials, nullShare, alternative, expected) => {
    const { pValue } = binomialTest({ successes, trials }, nullShare, alternative);
    expect(Math.abs(pValue - expected)).toBeLessThanOrEqual(1e-12 * expected);
  });

  it('keeps the size of a p value that a double cannot hold', () => {
    const { pValue, logPValue } = binomialTest({ successes: 60_000, trials: 100_000 }, 0.5);
    expect(pValue).toBe(0);
    // Whole numbers of Python: log(2·Σ comb(100000, k ≥ 60000)) − log(2^100000).
    expect(logPValue).toBeCloseTo(-2017.7216411965783, 8);
  });
});

describe('differences of two proportions', () => {
  const methods: readonly [string, (a: Proportion, b: Proportion, level: number) => Interval][] = [
    ['Newcombe', newcombeInterval],
    ['Miettinen–Nurminen', (a, b, level) => twoProportionScoreInterval(a, b, { level })],
    ['Mee', (a, b, level) => twoProportionScoreInterval(a, b, { level, variance: 'mee' })],
  ];

  it.each(methods)('%s: contains the estimate, mirrors, widens with the level, stays in −1 … 1', (_name, interval) => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        const { lower, upper } = interval(a, b, 0.9);
        const estimate = share(b) - share(a);
        expect(lower).toBeLessThanOrEqual(estimate + 1e-12);
        expect(upper).toBeGreaterThanOrEqual(estimate - 1e-12);
        expect(lower).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(upper).toBeLessThanOrEqual(1 + 1e-12);
        expect(-interval(b, a, 0.9).upper).toBeCloseTo(lower, 9);
        const wider = interval(a, b, 0.99);
        expect(wider.lower).toBeLessThanOrEqual(lower + 1e-12);
        expect(wider.upper).toBeGreaterThanOrEqual(upper - 1e-12);
      }),
    );
  });

  it('score: the limits are where the test turns', () => {
    fc.assert(
      fc.property(some, some, fc.constantFrom('miettinen-nurminen' as const, 'mee' as const), (a, b, variance) => {
        const { lower, upper } = twoProportionScoreInterval(a, b, { level: 0.95, variance });
        const p = (nullDifference: number, alternative: Alternative): number =>
          twoProportionScoreTest(a, b, { nullDifference, alternative, variance }).pValue;
        if (lower > -1) expect(p(lower, 'greater')).toBeCloseTo(0.025, 6);
        if (upper < 1) expect(p(upper, 'less')).toBeCloseTo(0.025, 6);
      }),
    );
  });

  it('the pooled test is the score test of no difference', () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        const score = twoProportionScoreTest(a, b, { variance: 'mee' });
        expect(twoProportionTest(a, b).statistic).toBeCloseTo(score.statistic, 9);
      }),
    );
  });

  it('know nothing where a side has no trial', () => {
    const [none, one] = [
      { successes: 0, trials: 0 },
      { successes: 1, trials: 2 },
    ];
    for (const [, interval] of methods) expect(interval(none, one, 0.95)).toEqual({ lower: -1, upper: 1 });
    expect(twoProportionTest(none, one)).toMatchObject({ statistic: 0, pValue: 1 });
    expect(twoProportionScoreTest(one, none, { alternative: 'greater' }).pValue).toBe(0.5);
  });
});
