import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mannWhitney } from '../../lib/stats/ranks/mann-whitney.ts';
import { midranks } from '../../lib/stats/ranks/midranks.ts';
import { type SignedRankOptions, wilcoxonSignedRank } from '../../lib/stats/ranks/wilcoxon-signed-rank.ts';
import { expectKeys } from '../golden/expect-keys.ts';
import { goldenCases, materialize } from '../golden/golden.ts';

const ZEROS = { wilcox: 'drop', pratt: 'pratt', zsplit: 'split' } as const;

describe('Wilcoxon signed rank (SciPy, exactRankTests, enumeration)', () => {
  test.each(goldenCases('wilcoxon_signed_rank').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const {
      mode = 'exact',
      zero_method = 'wilcox',
      correction = false,
    } = golden.options as {
      mode?: 'exact' | 'asymptotic';
      zero_method?: keyof typeof ZEROS;
      correction?: boolean;
    };
    const options: SignedRankOptions = { method: mode, zeros: ZEROS[zero_method], continuity: correction };
    const result = wilcoxonSignedRank(materialize(golden.input.d), options);
    if ('degenerate' in golden.expected) {
      expect(result).toMatchObject({ positive: 0, negative: 0, rankBiserial: 0, pValue: 1, pLess: 1, pGreater: 1 });
      return expectKeys(golden, { n_used: result.pairs }, ['degenerate']);
    }
    expect(result.method).toBe(mode);
    const p = { p: result.pValue, p_less: result.pLess, p_greater: result.pGreater };
    return expectKeys(golden, {
      ...(mode === 'exact'
        ? { n_used: result.pairs, w_plus: result.positive, w_minus: result.negative, ...p }
        : { p: p.p }),
      statistic_min: Math.min(result.positive, result.negative),
      z_abs: Math.abs(result.z ?? Number.NaN),
    });
  });

  const differences = fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 12 });

  test('is the enumeration of all signs', () => {
    fc.assert(
      fc.property(differences, fc.constantFrom('drop' as const, 'pratt' as const), (values, zeros) => {
        const result = wilcoxonSignedRank(values, { zeros });
        const ranked = zeros === 'drop' ? values.filter((d) => d !== 0) : values;
        const { ranks } = midranks(ranked.map(Math.abs));
        const used = [...ranks].filter((_rank, i) => ranked[i] !== 0);
        let [below, above] = [0, 0];
        for (let signs = 0; signs < 2 ** used.length; signs++) {
          const sum = used.reduce((total, rank, i) => total + ((signs >> i) & 1 ? rank : 0), 0);
          if (sum <= result.positive) below++;
          if (sum >= result.positive) above++;
        }
        expect(result.pLess).toBeCloseTo(below / 2 ** used.length, 12);
        expect(result.pGreater).toBeCloseTo(above / 2 ** used.length, 12);
      }),
    );
  });

  test('signs flip with the sides, and neither order nor scale matters', () => {
    fc.assert(
      fc.property(differences, fc.constantFrom('exact' as const, 'asymptotic' as const), (values, method) => {
        const result = wilcoxonSignedRank(values, { method });
        const flipped = wilcoxonSignedRank(
          [...values].reverse().map((d) => -3 * d),
          { method },
        );
        expect(flipped.positive).toBe(result.negative);
        expect(flipped.pValue).toBeCloseTo(result.pValue, 12);
        expect(flipped.pLess).toBeCloseTo(result.pGreater, 12);
        expect(flipped.rankBiserial).toBeCloseTo(-result.rankBiserial, 12);
      }),
    );
  });

  test('chooses: exact for few pairs, the normal law for many, which then agree', () => {
    const values = Array.from({ length: 100 }, (_one, i) => ((i * 37) % 101) - 45);
    const exact = wilcoxonSignedRank(values);
    const asymptotic = wilcoxonSignedRank(values, { method: 'asymptotic' });
    expect(exact.method).toBe('exact');
    expect(wilcoxonSignedRank([...values, 3, 4]).method).toBe('asymptotic');
    expect(asymptotic.pValue).toBeCloseTo(exact.pValue, 3);
  });

  test('has answers for none, one and no number', () => {
    expect(wilcoxonSignedRank([])).toMatchObject({ pairs: 0, pValue: 1 });
    expect(wilcoxonSignedRank([], { method: 'asymptotic' })).toMatchObject({ method: 'asymptotic', pValue: 1 });
    expect(wilcoxonSignedRank([-0, 0])).toMatchObject({ pairs: 0, pValue: 1 });
    expect(wilcoxonSignedRank([-2], { method: 'asymptotic' }).pValue).toBe(1);
    for (const method of ['exact', 'asymptotic'] as const) {
      expect(wilcoxonSignedRank([1, Number.NaN], { method }).pValue).toBeNaN();
    }
  });
});

describe('Mann–Whitney (SciPy, R, exactRankTests)', () => {
  test.each(goldenCases('mannwhitney').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const [a, b] = [materialize(golden.input.a), materialize(golden.input.b)];
    const corrected = mannWhitney(a, b, { method: 'asymptotic' });
    const plain = mannWhitney(a, b, { method: 'asymptotic', continuity: false });
    const exact = 'p_exact_conditional_two_sided' in golden.expected ? mannWhitney(a, b, { method: 'exact' }) : plain;
    const summary = {
      u_a: plain.baselineWins,
      u_b: plain.candidateWins,
      cliffs_delta_b_minus_a: plain.cliffsDelta,
      auc_b_over_a: plain.probability,
    };
    if ('degenerate' in golden.expected) {
      for (const one of [corrected, plain, mannWhitney(a, b)]) {
        expect(one).toMatchObject({ pValue: 1, pLess: 1, pGreater: 1, cliffsDelta: 0 });
      }
      return expectKeys(golden, summary, ['degenerate', 'has_ties']);
    }
    // has_ties is a fact about the input.
    return expectKeys(
      golden,
      {
        ...summary,
        p_asymp_cc_two_sided: corrected.pValue,
        p_asymp_cc_less: corrected.pLess,
        p_asymp_cc_greater: corrected.pGreater,
        p_asymp_nocc_two_sided: plain.pValue,
        p_asymp_nocc_less: plain.pLess,
        p_asymp_nocc_greater: plain.pGreater,
        p_exact_conditional_two_sided: exact.pValue,
        p_exact_conditional_greater: exact.pGreater,
        p_exact_two_sided: exact.pValue,
      },
      ['has_ties'],
    );
  });

  const sample = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 6 });

  test('is the enumeration of all ways to tell the sides apart', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const result = mannWhitney(a, b, { method: 'exact' });
        const pooled = [...a, ...b];
        const { ranks } = midranks(pooled);
        const least = (b.length * (b.length + 1)) / 2;
        const mean = (a.length * b.length) / 2;
        let [ways, less, greater, outside] = [0, 0, 0, 0];
        for (let choice = 0; choice < 2 ** pooled.length; choice++) {
          const chosen = [...ranks].filter((_rank, i) => (choice >> i) & 1);
          if (chosen.length !== b.length) continue;
          const wins = chosen.reduce((sum, rank) => sum + rank, 0) - least;
          ways++;
          if (wins <= result.candidateWins) less++;
          if (wins >= result.candidateWins) greater++;
          if (Math.abs(wins - mean) >= Math.abs(result.candidateWins - mean)) outside++;
        }
        // Equal values throughout leave one way of being told apart: every share is 1, as it should be.
        expect(result.pLess).toBeCloseTo(less / ways, 12);
        expect(result.pGreater).toBeCloseTo(greater / ways, 12);
        expect(result.pValue).toBeCloseTo(outside / ways, 12);
      }),
      { numRuns: 40 },
    );
  });

  test('swapping the sides mirrors everything', () => {
    fc.assert(
      fc.property(sample, sample, fc.constantFrom('exact' as const, 'asymptotic' as const), (a, b, method) => {
        const [there, back] = [mannWhitney(a, b, { method }), mannWhitney(b, [...a].reverse(), { method })];
        expect(back.candidateWins).toBe(there.baselineWins);
        expect(back.cliffsDelta).toBeCloseTo(-there.cliffsDelta, 12);
        expect(back.pValue).toBeCloseTo(there.pValue, 12);
        expect(back.pLess).toBeCloseTo(there.pGreater, 12);
      }),
    );
  });

  test('has answers for an empty side and no number', () => {
    expect(mannWhitney([], [1, 2])).toMatchObject({ probability: 0.5, cliffsDelta: 0, pValue: 1 });
    expect(mannWhitney([], [])).toMatchObject({ probability: 0.5, pValue: 1 });
    expect(mannWhitney([1], [Number.NaN]).pValue).toBeNaN();
    expect(mannWhitney([1, Number.NEGATIVE_INFINITY], [Number.POSITIVE_INFINITY]).probability).toBe(1);
  });
});

describe('midranks', () => {
  test('tied values share the mean of their ranks, and −0 ties with 0', () => {
    const { ranks, tieTerm } = midranks([3, -0, 0, 3, 3, -7]);
    expect([...ranks]).toEqual([5, 2.5, 2.5, 5, 5, 1]);
    expect(tieTerm).toBe(24 + 6);
    expect(midranks([])).toEqual({ ranks: new Float64Array(0), tieTerm: 0 });
  });

  test('count the values below and half of the others that are equal', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 25 }), (values) => {
        const { ranks } = midranks(values);
        const expected = values.map((value) => {
          const below = values.filter((other) => other < value).length;
          return below + (values.filter((other) => other === value).length + 1) / 2;
        });
        expect([...ranks]).toEqual(expected);
      }),
    );
  });
});
