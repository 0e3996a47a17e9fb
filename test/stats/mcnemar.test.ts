import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Interval } from '../../lib/stats/hypothesis-test.ts';
import { mcnemarAsymptotic } from '../../lib/stats/proportions/mcnemar-asymptotic.ts';
import { mcnemarExact } from '../../lib/stats/proportions/mcnemar-exact.ts';
import { newcombePairedInterval, type PairedTable } from '../../lib/stats/proportions/newcombe-interval.ts';
import { tangoInterval, tangoTest } from '../../lib/stats/proportions/tango-interval.ts';
import { expectGolden, type GoldenCase, goldenCases, materialize } from '../golden/golden.ts';

const named = (method: string) => goldenCases(method).map((one) => [one.id, one] as const);

function countsOf(golden: GoldenCase): { onlyBaseline: number; onlyCandidate: number } {
  if ('b' in golden.input) {
    return { onlyBaseline: golden.input.b as number, onlyCandidate: golden.input.c as number };
  }
  const [a, b] = [materialize(golden.input.correct_a), materialize(golden.input.correct_b)];
  const count = (was: number, is: number): number => a.filter((each, row) => each === was && b[row] === is).length;
  return { onlyBaseline: count(1, 0), onlyCandidate: count(0, 1) };
}

describe("McNemar's test (mpmath, statsmodels, R)", () => {
  test.each(named('mcnemar'))('%s', (_id, golden) => {
    const counts = countsOf(golden);
    expect(counts).toEqual({ onlyBaseline: golden.expected.b, onlyCandidate: golden.expected.c });
    expectGolden(golden, 'p_exact', mcnemarExact(counts, 'exact').pValue);
    expectGolden(golden, 'p_midp', mcnemarExact(counts, 'mid-p').pValue);
    const plain = mcnemarAsymptotic(counts);
    const corrected = mcnemarAsymptotic(counts, { corrected: true });
    if (golden.expected.chi2 === null) {
      expect([plain, corrected].map(({ statistic, pValue }) => [statistic, pValue])).toEqual(Array(2).fill([0, 1]));
      return;
    }
    expectGolden(golden, 'chi2', plain.statistic ** 2);
    expectGolden(golden, 'p_asymptotic', plain.pValue);
    expectGolden(golden, 'chi2_cc_r', corrected.statistic ** 2);
    expectGolden(golden, 'p_cc_r', corrected.pValue);
    // With equal counts Edwards' formula as statsmodels has it goes across 0; R's and ours does not.
    if (counts.onlyBaseline === counts.onlyCandidate) return;
    expectGolden(golden, 'chi2_cc_edwards', corrected.statistic ** 2);
    expectGolden(golden, 'p_cc_edwards', corrected.pValue);
  });

  it('has the p values that were published (Fagerland 2013; 2·13/2^12, not the .00586 of a stale page)', () => {
    expect(mcnemarExact({ onlyBaseline: 1, onlyCandidate: 7 }).pValue).toBeCloseTo(0.0390625, 14);
    expect(mcnemarExact({ onlyBaseline: 11, onlyCandidate: 1 }, 'exact').pValue).toBeCloseTo(26 / 4096, 14);
  });

  it('keeps the size of a p value that a double cannot hold', () => {
    const counts = { onlyBaseline: 4000, onlyCandidate: 100 };
    // Whole numbers of Python: log(2·Σ comb(4100, k ≤ 100)) − log(2^4100), and without half of the last term.
    expect(mcnemarExact(counts, 'exact').logPValue).toBeCloseTo(-2374.267342572613, 8);
    expect(mcnemarExact(counts, 'mid-p').logPValue).toBeCloseTo(-2374.9358096385395, 8);
  });
});

describe('paired differences (mpmath)', () => {
  // Wald and Bonett–Price are not offered: Tango's interval holds its level better at the same cost.
  test.each(named('paired_proportion_ci'))('%s', (_id, golden) => {
    const { a, b, c, d } = golden.input as Record<string, number>;
    const table = {
      bothRight: a as number,
      onlyBaseline: b as number,
      onlyCandidate: c as number,
      bothWrong: d as number,
    };
    const level = (golden.options.level as number | undefined) ?? 0.95;
    const tango = tangoInterval(paired(table), level);
    expectGolden(golden, 'tango_lo', tango.lower);
    expectGolden(golden, 'tango_hi', tango.upper);
    const newcombe = newcombePairedInterval(table, level);
    expectGolden(golden, 'newcombe10_lo', newcombe.lower);
    expectGolden(golden, 'newcombe10_hi', newcombe.upper);
    if ('ni_z' in golden.expected) {
      const score = tangoTest(paired(table), -(golden.options.margin as number), 'greater');
      expectGolden(golden, 'ni_z', score.statistic);
      expectGolden(golden, 'ni_p', score.pValue);
    }
  });
});

function paired({ bothRight, onlyBaseline, onlyCandidate, bothWrong }: PairedTable) {
  return { onlyBaseline, onlyCandidate, pairs: bothRight + onlyBaseline + onlyCandidate + bothWrong };
}

const count = fc.nat(25);
const counts = fc.record({ onlyBaseline: count, onlyCandidate: count });
const tables = fc.record({ bothRight: count, onlyBaseline: count, onlyCandidate: count, bothWrong: count });
const some = tables.filter((table) => paired(table).pairs > 0);
const swap = <T extends { onlyBaseline: number; onlyCandidate: number }>(table: T): T => ({
  ...table,
  onlyBaseline: table.onlyCandidate,
  onlyCandidate: table.onlyBaseline,
});

describe("McNemar's p values", () => {
  it('do not care which side is named first', () => {
    fc.assert(
      fc.property(counts, (one) => {
        for (const method of ['exact', 'mid-p'] as const) {
          expect(mcnemarExact(one, method).pValue).toBe(mcnemarExact(swap(one), method).pValue);
          expect(mcnemarExact(one, method, 'greater').pValue).toBe(mcnemarExact(swap(one), method, 'less').pValue);
        }
        expect(mcnemarAsymptotic(one).pValue).toBe(mcnemarAsymptotic(swap(one)).pValue);
      }),
    );
  });

  it('are in order: mid-p below exact, one-sided mid-p adding up to 1', () => {
    fc.assert(
      fc.property(counts, (one) => {
        expect(mcnemarExact(one, 'mid-p').pValue).toBeLessThanOrEqual(mcnemarExact(one, 'exact').pValue);
        const sum = mcnemarExact(one, 'mid-p', 'greater').pValue + mcnemarExact(one, 'mid-p', 'less').pValue;
        expect(sum).toBeCloseTo(1, 12);
      }),
    );
  });

  it.each([
    ['exact, two-sided', mcnemarExact({ onlyBaseline: 0, onlyCandidate: 0 }, 'exact'), 1],
    ['exact, one-sided', mcnemarExact({ onlyBaseline: 0, onlyCandidate: 0 }, 'exact', 'greater'), 1],
    ['mid-p, one-sided', mcnemarExact({ onlyBaseline: 0, onlyCandidate: 0 }, 'mid-p', 'greater'), 0.5],
    ['asymptotic, one-sided', mcnemarAsymptotic({ onlyBaseline: 0, onlyCandidate: 0 }, { alternative: 'less' }), 0.5],
  ])('without a discordant pair tell nothing: %s', (_what, result, expected) => {
    expect(result.pValue).toBe(expected);
    expect(result.statistic).toBe(0);
  });

  it('one-sided corrected approaches the exact tail', () => {
    const one = { onlyBaseline: 480, onlyCandidate: 520 };
    const exact = mcnemarExact(one, 'exact', 'greater').pValue;
    expect(mcnemarAsymptotic(one, { corrected: true, alternative: 'greater' }).pValue).toBeCloseTo(exact, 4);
    const less = mcnemarExact(one, 'exact', 'less').pValue;
    expect(mcnemarAsymptotic(one, { corrected: true, alternative: 'less' }).pValue).toBeCloseTo(less, 4);
  });

  it('refuse what is no count', () => {
    expect(() => mcnemarExact({ onlyBaseline: -1, onlyCandidate: 2 })).toThrow(RangeError);
    expect(() => tangoInterval({ onlyBaseline: 3, onlyCandidate: 3, pairs: 5 })).toThrow(/among 5/);
    expect(() => tangoTest({ onlyBaseline: 3, onlyCandidate: 3, pairs: 9 }, 1)).toThrow(RangeError);
  });
});

describe('intervals of paired differences', () => {
  const methods: readonly [string, (table: PairedTable, level: number) => Interval][] = [
    ['Tango', (table, level) => tangoInterval(paired(table), level)],
    ['Newcombe', newcombePairedInterval],
  ];

  it.each(methods)('%s: contains the estimate, mirrors, widens with the level', (_name, interval) => {
    fc.assert(
      fc.property(some, (table) => {
        const { lower, upper } = interval(table, 0.95);
        const estimate = (table.onlyCandidate - table.onlyBaseline) / paired(table).pairs;
        expect(lower).toBeLessThanOrEqual(estimate);
        expect(upper).toBeGreaterThanOrEqual(estimate);
        expect(-interval(swap(table), 0.95).upper).toBeCloseTo(lower, 10);
        const wider = interval(table, 0.99);
        expect(wider.lower).toBeLessThanOrEqual(lower + 1e-12);
        expect(wider.upper).toBeGreaterThanOrEqual(upper - 1e-12);
        expect(upper - lower).toBeGreaterThan(0);
      }),
    );
  });

  it('Tango: the limits are where the test turns, and at 0 it is McNemar', () => {
    fc.assert(
      fc.property(some, (table) => {
        const { lower, upper } = tangoInterval(paired(table), 0.9);
        if (lower > -1) expect(tangoTest(paired(table), lower, 'greater').pValue).toBeCloseTo(0.05, 7);
        if (upper < 1) expect(tangoTest(paired(table), upper, 'less').pValue).toBeCloseTo(0.05, 7);
        expect(tangoTest(paired(table), 0).statistic).toBeCloseTo(mcnemarAsymptotic(table).statistic, 9);
      }),
    );
  });

  it('know nothing without a pair', () => {
    const none = { bothRight: 0, onlyBaseline: 0, onlyCandidate: 0, bothWrong: 0 };
    for (const [, interval] of methods) expect(interval(none, 0.95)).toEqual({ lower: -1, upper: 1 });
    expect(tangoTest(paired(none), -0.1).pValue).toBe(1);
  });
});
