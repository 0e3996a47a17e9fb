import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bayesianCorrelatedT } from '../../lib/stats/means/bayesian-correlated-t.ts';
import { correctedResampledT } from '../../lib/stats/means/corrected-resampled-t.ts';
import { type FiveRepetitions, fiveByTwoCv } from '../../lib/stats/means/five-by-two-cv.ts';
import { pairedT } from '../../lib/stats/means/paired-t.ts';
import { expectKeys } from '../golden/expect-keys.ts';
import { goldenCases } from '../golden/golden.ts';

const named = (name: string) => {
  const golden = goldenCases('cv_tests').find((one) => one.id === `cv_tests/${name}`);
  if (golden === undefined) throw new Error(`the fixture ${name} is missing`);
  return golden;
};

/** Omnibus tests of several models at once: Assay compares two sides, so they are not offered. */
const NOT_OFFERED = ['cv_tests/cochran-q', 'cv_tests/friedman', 'cv_tests/bowker'];

test('every fixture is compared below or named as not offered', () => {
  const compared = ['cv_tests/nadeau-bengio', 'cv_tests/5x2cv'];
  expect(
    goldenCases('cv_tests')
      .map((one) => one.id)
      .sort(),
  ).toEqual([...compared, ...NOT_OFFERED].sort());
});

describe('resampled splits (SciPy, baycomp)', () => {
  test('Nadeau–Bengio and the Bayesian correlated t', () => {
    const golden = named('nadeau-bengio');
    const differences = golden.input.d as number[];
    const ratio = golden.options.test_over_train as number;
    const naive = pairedT(differences);
    const corrected = correctedResampledT(differences, ratio);
    const posterior = bayesianCorrelatedT(differences, ratio, golden.options.rope as number);
    expectKeys(golden, {
      t_naive: naive.statistic,
      p_naive: naive.pValue,
      t_corrected: corrected.statistic,
      p_corrected: corrected.pValue,
      p_left: posterior.pLeft,
      p_rope: posterior.pRope,
      p_right: posterior.pRight,
    });
    // With flat priors the credible interval is the corrected test's.
    expect(posterior.lower).toBeCloseTo(corrected.lower, 14);
    expect(posterior.upper).toBeCloseTo(corrected.upper, 14);
  });

  test("baycomp's own unit test: x = 4 2 6, y = 5 7 3 in one run of three folds", () => {
    const posterior = bayesianCorrelatedT([1, 5, -3], 1 / 2, 0);
    expect(posterior.mean).toBeCloseTo(1, 14);
    expect(posterior.scale ** 2).toBeCloseTo(16 * (1 / 3 + 1 / 2), 12);
    expect(posterior.degreesOfFreedom).toBe(2);
  });

  const differences = fc
    .array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 })
    .filter((values) => new Set(values).size > 1);

  test('beliefs add up to one, turn with the sides, and agree with the test without a region', () => {
    fc.assert(
      fc.property(differences, fc.double({ min: 0, max: 20, noNaN: true }), (values, rope) => {
        const posterior = bayesianCorrelatedT(values, 0.25, rope);
        const turned = bayesianCorrelatedT(
          values.map((d) => -d),
          0.25,
          rope,
        );
        expect(posterior.pLeft + posterior.pRope + posterior.pRight).toBeCloseTo(1, 12);
        expect(turned.pLeft).toBeCloseTo(posterior.pRight, 12);
        const sharp = bayesianCorrelatedT(values, 0.25, 0);
        expect(sharp.pRope).toBeCloseTo(0, 12);
        expect(sharp.pLeft).toBeCloseTo(correctedResampledT(values, 0.25).pGreater, 10);
      }),
    );
  });

  test('the correction only widens; without overlap it is the plain test', () => {
    fc.assert(
      fc.property(differences, (values) => {
        const plain = pairedT(values);
        expect(correctedResampledT(values, 0).standardError).toBeCloseTo(plain.standardError, 11);
        expect(correctedResampledT(values, 0.1).pValue).toBeGreaterThanOrEqual(plain.pValue);
      }),
    );
  });

  test('too few and equal differences', () => {
    expect(correctedResampledT([0.1], 0.1)).toMatchObject({ degenerate: 'too-few', pValue: 1 });
    expect(bayesianCorrelatedT([], 0.1, 0.01)).toMatchObject({ degenerate: 'too-few', pRope: Number.NaN });
    expect(bayesianCorrelatedT([0.3], 0.1, 0.01)).toMatchObject({ lower: Number.NEGATIVE_INFINITY });
    const same = { degenerate: 'no-variation', pLeft: 0, pRope: 1, pRight: 0, lower: 0, upper: 0 };
    expect(bayesianCorrelatedT([0, 0, 0], 0.1, 0)).toMatchObject(same);
    expect(bayesianCorrelatedT([2, 2], 0.1, 1)).toMatchObject({ pLeft: 0, pRope: 0, pRight: 1 });
    expect(correctedResampledT([0, 0], 0.1)).toMatchObject({ degenerate: 'no-variation', pValue: 1 });
  });
});

describe('5×2 cross-validation (Dietterich, Alpaydın)', () => {
  test('the fixture', () => {
    const golden = named('5x2cv');
    const result = fiveByTwoCv(golden.input.d as unknown as FiveRepetitions);
    (golden.expected.s2 as number[]).forEach((value, i) => {
      expect(result.variances[i]).toBeCloseTo(value, 15);
    });
    expectKeys(golden, { t: result.t, p_t: result.pValueT, f: result.f, p_f: result.pValueF }, ['s2']);
  });

  const turn = ([a, b]: readonly [number, number]): [number, number] => [-b, -a];
  const pair = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }));
  const table = fc.tuple(pair, pair, pair, pair, pair);

  test('F does not depend on the order of repetitions and folds, nor on the sides', () => {
    fc.assert(
      fc.property(table, (differences) => {
        const result = fiveByTwoCv(differences);
        const turned = fiveByTwoCv(
          differences.map((_one, i) => turn(differences[4 - i] ?? [0, 0])) as unknown as FiveRepetitions,
        );
        if (result.degenerate === undefined) expect(turned.f).toBeCloseTo(result.f, 10);
        else expect(turned.f).toBe(result.f);
        expect(result.pValueF).toBeGreaterThanOrEqual(0);
        expect(result.pValueF).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('no variation: certain, or nothing at all', () => {
    const all = (value: number) => {
      const pair = [value, value] as const;
      return fiveByTwoCv([pair, pair, pair, pair, pair]);
    };
    expect(all(0)).toMatchObject({ t: 0, pValueT: 1, f: 0, pValueF: 1, degenerate: 'no-variation' });
    const sure = { t: Number.NEGATIVE_INFINITY, pValueT: 0, f: Number.POSITIVE_INFINITY, pValueF: 0 };
    expect(all(-0.5)).toMatchObject({ ...sure, degenerate: 'no-variation' });
  });

  test('folds that differ by rounding do not vary', () => {
    const pair: [number, number] = [0.1 + 0.2, 0.3];
    expect(fiveByTwoCv([pair, pair, pair, pair, pair])).toMatchObject({ degenerate: 'no-variation', pValueF: 0 });
  });
});
