import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { hypergeometricTails, logHypergeometricPmf } from '../../lib/stats/distributions/hypergeometric.ts';
import { chiSquaredGoodnessOfFit, chiSquaredTest } from '../../lib/stats/tables/chi-squared-test.ts';
import { cramersV } from '../../lib/stats/tables/cramers-v.ts';
import { fisherExact, fisherFreemanHalton } from '../../lib/stats/tables/fisher-exact.ts';
import { gGoodnessOfFit, gTest } from '../../lib/stats/tables/g-test.ts';
import { expectGolden, goldenCases } from '../golden/golden.ts';

const named = (method: string) => goldenCases(method).map((one) => [one.id, one] as const);

describe('association in a table (SciPy, R)', () => {
  test.each(named('chi2_contingency'))('%s', (_id, golden) => {
    const table = golden.input.table as number[][];
    const pearson = chiSquaredTest(table);
    const likelihood = gTest(table);
    if ('degenerate' in golden.expected) {
      const nothing = { statistic: 0, pValue: 1, logPValue: 0, degreesOfFreedom: 0 };
      expect([pearson, likelihood]).toMatchObject([nothing, nothing]);
      expect(cramersV(table)).toEqual({ plain: 0, corrected: 0 });
      expect(fisherFreemanHalton(table)?.pValue).toBe(1);
      return;
    }
    expectGolden(golden, 'chi2', pearson.statistic);
    expect(pearson.degreesOfFreedom).toBe(golden.expected.df);
    expectGolden(golden, 'p', pearson.pValue);
    expectGolden(golden, 'log_p', pearson.logPValue);
    expectGolden(golden, 'min_expected', pearson.minimumExpected);
    expectGolden(golden, 'g', likelihood.statistic);
    expectGolden(golden, 'p_g', likelihood.pValue);
    expectGolden(golden, 'cramers_v', cramersV(table).plain);
    expectGolden(golden, 'cramers_v_bias_corrected', cramersV(table).corrected);
    if ('chi2_yates' in golden.expected) {
      const yates = chiSquaredTest(table, { yates: true });
      expectGolden(golden, 'chi2_yates', yates.statistic);
      expectGolden(golden, 'p_yates', yates.pValue);
    }
    if ('p_fisher' in golden.expected) expectGolden(golden, 'p_fisher', fisherFreemanHalton(table)?.pValue);
  });

  test.each(named('chi2_gof'))('%s', (_id, golden) => {
    const observed = golden.input.observed as number[];
    const weights = golden.input.weights as number[];
    const pearson = chiSquaredGoodnessOfFit(observed, weights);
    expectGolden(golden, 'chi2', pearson.statistic);
    expect(pearson.degreesOfFreedom).toBe(golden.expected.df);
    expectGolden(golden, 'p', pearson.pValue);
    expectGolden(golden, 'log_p', pearson.logPValue);
    expectGolden(golden, 'g', gGoodnessOfFit(observed, weights).statistic);
  });
});

describe("Fisher's exact test", () => {
  test.each(named('two_proportion').filter(([, golden]) => 'p_fisher' in golden.expected))(
    '%s (SciPy, R)',
    (_id, golden) => {
      const { x1, n1, x2, n2 } = golden.input as { x1: number; n1: number; x2: number; n2: number };
      expectGolden(
        golden,
        'p_fisher',
        fisherExact([
          [x2, n2 - x2],
          [x1, n1 - x1],
        ]).pValue,
      );
    },
  );

  // python -c "from scipy.stats import fisher_exact as f; t=[[8,2],[1,5]]; print([f(t,alternative=a)[1] for a in …])"
  it.each([
    ['two-sided', 0.03496503496503495],
    ['greater', 0.024475524475524466],
    ['less', 0.9991258741258742],
  ] as const)('%s (SciPy 1.17.1)', (alternative, expected) => {
    expect(
      fisherExact(
        [
          [8, 2],
          [1, 5],
        ],
        alternative,
      ).pValue,
    ).toBeCloseTo(expected, 12);
  });

  const cell = fc.nat(8);
  const row = (columns: number) => fc.array(cell, { minLength: columns, maxLength: columns });

  it('of any size is the same as of 2×2', () => {
    fc.assert(
      fc.property(cell, cell, cell, cell, (a, b, c, d) => {
        const general = fisherFreemanHalton([
          [a, b],
          [c, d],
        ]);
        expect(general?.pValue).toBeCloseTo(
          fisherExact([
            [a, b],
            [c, d],
          ]).pValue,
          10,
        );
      }),
    );
  });

  it('does not care for the order of rows and columns', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }).chain((columns) => fc.array(row(columns), { minLength: 2, maxLength: 3 })),
        (table) => {
          const turned = (table[0] ?? []).map((_, column) => table.map((cells) => cells[column] ?? 0)).reverse();
          const p = fisherFreemanHalton(table)?.pValue as number;
          expect(fisherFreemanHalton(turned)?.pValue).toBeCloseTo(p, 10);
          expect(p).toBeGreaterThan(0);
          expect(p).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('one-sided: both tails share the observed table', () => {
    fc.assert(
      fc.property(cell, cell, cell, cell, (a, b, c, d) => {
        const p = (alternative: 'greater' | 'less') =>
          fisherExact(
            [
              [a, b],
              [c, d],
            ],
            alternative,
          ).pValue;
        const urn = { total: a + b + c + d, marked: a + c, drawn: a + b };
        expect(p('greater') + p('less')).toBeCloseTo(1 + Math.exp(logHypergeometricPmf(a, urn)), 10);
      }),
    );
  });

  it('is not offered where it would take too long', () => {
    const wide = Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (_, j) => 40 + ((i * 7 + j * 5) % 11)));
    expect(fisherFreemanHalton(wide)).toBeUndefined();
  });
});

describe('the hypergeometric tails', () => {
  it('are the sums of the probabilities', () => {
    const urns = fc
      .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(60), fc.nat(60), fc.nat(60))
      .map(([total, x, y, k]) => ({
        urn: { total, marked: Math.min(total, x), drawn: Math.min(total, y) },
        k,
      }));
    fc.assert(
      fc.property(urns, ({ urn, k }) => {
        let sum = 0;
        for (let i = 0; i <= k; i++) sum += Math.exp(logHypergeometricPmf(i, urn));
        const { lower, upper } = hypergeometricTails(k, urn);
        expect(lower).toBeCloseTo(sum, 11);
        expect(lower + upper).toBeCloseTo(1, 12);
      }),
    );
  });

  // Whole numbers of Python: log(Σ comb(2000, k)·comb(8000, 4000 − k)) − log(comb(10000, 4000)).
  it('keep the size of a probability that a double cannot hold', () => {
    const urn = { total: 10_000, marked: 2_000, drawn: 4_000 };
    expect(hypergeometricTails(1_799, urn).logUpper).toBeCloseTo(-1377.8690451224866, 6);
    expect(hypergeometricTails(300, urn).logLower).toBeCloseTo(-365.4090613547105, 6);
  });
});

describe('bad tables', () => {
  it.each([
    ['ragged', [[1, 2], [3]]],
    [
      'negative',
      [
        [1, -2],
        [3, 4],
      ],
    ],
    [
      'fractional',
      [
        [1, 0.5],
        [3, 4],
      ],
    ],
    [
      'not a number',
      [
        [1, Number.NaN],
        [3, 4],
      ],
    ],
  ])('%s', (_what, table) => {
    expect(() => chiSquaredTest(table)).toThrow(RangeError);
    expect(() => gTest(table)).toThrow(RangeError);
  });

  it('no table at all, no counts, no trial tell nothing', () => {
    expect([
      chiSquaredTest([]),
      gTest([
        [0, 0],
        [0, 0],
      ]),
    ]).toMatchObject(Array(2).fill({ statistic: 0, pValue: 1, minimumExpected: 0 }));
    expect(chiSquaredGoodnessOfFit([0, 0], [1, 1])).toMatchObject({ statistic: 0, pValue: 1 });
    expect(gGoodnessOfFit([7], [1])).toMatchObject({ statistic: 0, pValue: 1 });
    expect(() => chiSquaredGoodnessOfFit([1, 2], [1, 0])).toThrow(/0 is not a positive weight/);
  });
});
