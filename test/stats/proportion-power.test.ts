import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ksCriticalFactor, ksNeededRows } from '../../lib/stats/power/ks-needed-rows.ts';
import { mcnemarPower } from '../../lib/stats/power/mcnemar-power.ts';
import {
  nonInferiorityPower,
  pairedPower,
  pairsForDifference,
  pairsForNonInferiority,
  smallestPairedDifference,
} from '../../lib/stats/power/paired-proportion-power.ts';
import {
  cohensH,
  nearestShareFound,
  trialsForShares,
  trialsForSharesArcsine,
  twoProportionPower,
} from '../../lib/stats/power/two-proportion-power.ts';
import { trialsToProve } from '../../lib/stats/proportions/binomial-proof.ts';
import { expectGolden, type GoldenCase, goldenCases } from '../golden/golden.ts';

const CHECKS: Readonly<Record<string, (golden: GoldenCase, input: Record<string, number>) => void>> = {
  two_prop_n(golden, { p1 = 0, p2 = 0, power = 0 }) {
    expectGolden(golden, 'n_per_group_pooled', trialsForShares({ baseline: p1, candidate: p2, power }));
    expectGolden(golden, 'n_per_group_arcsine', trialsForSharesArcsine({ baseline: p1, candidate: p2, power }));
    expectGolden(golden, 'effect_h', Math.abs(cohensH(p1, p2)));
  },
  paired_proportion_n(golden, { discordance = 0, delta = 0, power = 0 }) {
    const pairs = pairsForDifference({ discordance, difference: delta, power });
    expectGolden(golden, 'n', pairs);
    expectGolden(golden, 'n_ceil', Math.ceil(pairs ?? 0));
  },
  paired_proportion_ni_n(golden, { discordance = 0, margin = 0, power = 0 }) {
    expectGolden(golden, 'n', pairsForNonInferiority({ discordance, margin, power }));
  },
  mcnemar_midp_exact_power(golden, { n = 0, discordance = 0, delta = 0 }) {
    expectGolden(golden, 'power', mcnemarPower({ pairs: n, discordance, difference: delta }));
  },
  ks_min_n(golden, { d = 0, n_ref = 0 }) {
    const alpha = golden.options.alpha as number;
    expectGolden(golden, 'c_alpha', ksCriticalFactor(alpha));
    expectGolden(golden, 'n_cur', ksNeededRows({ distance: d, referenceRows: n_ref, alpha }));
  },
  binomial_early_stop(golden, { percentile = 0, confidence = 0, over = 0 }) {
    const total = trialsToProve(percentile, confidence, over);
    expectGolden(golden, 'total', total);
    expectGolden(golden, 'under_needed', total - over);
  },
};

describe('planning (R, statsmodels, formulas)', () => {
  // t_one_or_paired, t_ind_n and mde_paired_mean plan comparisons of means and are tested with those.
  const cases = goldenCases('power').filter((one) => String(one.options.kind) in CHECKS);
  test('there are cases', () => expect(cases.length).toBeGreaterThan(18));
  test.each(cases.map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    CHECKS[String(golden.options.kind)]?.(golden, golden.input as Record<string, number>);
  });

  it.each([
    [0.9, 100, 1_246],
    [0.99, 1, 662],
    [0.99, 100, 12_571],
  ])('proves the %d quantile with %i misses among %i (MLPerf)', (share, over, total) => {
    expect(trialsToProve(share, 0.99, over)).toBe(total);
  });
});

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const power = fc.double({ min: 0.5, max: 0.99, noNaN: true });

describe('number, power and difference agree', () => {
  it('paired', () => {
    fc.assert(
      fc.property(share, share, power, (discordance, part, wanted) => {
        const difference = discordance * part;
        const pairs = pairsForDifference({ discordance, difference, power: wanted }) ?? 0;
        expect(pairedPower({ discordance, difference, pairs })).toBeCloseTo(wanted, 9);
        expect(smallestPairedDifference({ discordance, pairs, power: wanted })).toBeCloseTo(difference, 9);
      }),
    );
  });

  it('not worse by a margin', () => {
    fc.assert(
      fc.property(share, share, power, (discordance, margin, wanted) => {
        const pairs = pairsForNonInferiority({ discordance, margin, power: wanted }) ?? 0;
        expect(nonInferiorityPower({ discordance, margin, pairs })).toBeCloseTo(wanted, 9);
      }),
    );
  });

  it('independent', () => {
    fc.assert(
      fc.property(share, fc.double({ min: 0.05, max: 0.95, noNaN: true }), power, (baseline, part, wanted) => {
        const candidate = baseline + (1 - baseline) * part;
        const trials = trialsForShares({ baseline, candidate, power: wanted }) ?? 0;
        expect(twoProportionPower({ baseline, candidate, trials })).toBeCloseTo(wanted, 9);
        const nearest = nearestShareFound({ baseline, trials, power: wanted, direction: 'above' });
        expect(nearest).toBeLessThanOrEqual(candidate + 1e-9);
      }),
    );
  });
});

describe('the exact power of McNemar', () => {
  it('is close to the planned one, and the size never above the level', () => {
    const pairs = Math.ceil(pairsForDifference({ discordance: 0.1, difference: 0.03 }) ?? 0);
    expect(mcnemarPower({ pairs, discordance: 0.1, difference: 0.03 })).toBeCloseTo(0.8, 1);
    for (const n of [20, 100, 1_000]) {
      for (const method of ['exact', 'mid-p'] as const) {
        expect(mcnemarPower({ pairs: n, discordance: 0.2, difference: 0, method })).toBeLessThanOrEqual(0.05);
      }
    }
  });

  it('is the sum over all tables', () => {
    const [pairs, discordance, difference] = [6, 0.6, 0.4];
    const [b, c] = [(discordance - difference) / 2, (discordance + difference) / 2];
    const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
    let sum = 0;
    for (let i = 0; i <= pairs; i++) {
      for (let j = 0; i + j <= pairs; j++) {
        const rest = pairs - i - j;
        const ways = factorial(pairs) / (factorial(i) * factorial(j) * factorial(rest));
        // Two-sided mid-p of 0 against n is 2^−n: significant at 0.1 from 4 discordant pairs on.
        const rejected = Math.min(i, j) === 0 && i + j >= 4;
        if (rejected) sum += ways * b ** i * c ** j * (1 - discordance) ** rest;
      }
    }
    // 1 against 5 has mid-p 2·(1 + 3)/64 = 0.125.
    expect(mcnemarPower({ pairs, discordance, difference, alpha: 0.1 })).toBeCloseTo(sum, 12);
  });
});

describe('plans that lead nowhere', () => {
  it('have no number', () => {
    expect(pairsForDifference({ discordance: 0.1, difference: 0 })).toBeUndefined();
    expect(pairsForNonInferiority({ discordance: 0.1, margin: 0.01, difference: -0.01 })).toBeUndefined();
    expect(trialsForShares({ baseline: 0.5, candidate: 0.5 })).toBeUndefined();
    expect(trialsForSharesArcsine({ baseline: 0.5, candidate: 0.5 })).toBeUndefined();
    expect(smallestPairedDifference({ discordance: 0.1, pairs: 3 })).toBeUndefined();
    expect(nearestShareFound({ baseline: 0.5, trials: 3, direction: 'below' })).toBeUndefined();
    expect(ksNeededRows({ distance: 0.01, referenceRows: 1_000 })).toBeUndefined();
  });

  it('or cannot be are refused', () => {
    expect(() => pairsForDifference({ discordance: 0.1, difference: 0.2 })).toThrow(/0.2 cannot be/);
    expect(() => mcnemarPower({ pairs: 5, discordance: 0.1, difference: 0.2 })).toThrow(/0.2 cannot be/);
    expect(() => trialsForShares({ baseline: 1.2, candidate: 0.5 })).toThrow(/1.2/);
    expect(() => trialsToProve(1, 0.99, 0)).toThrow(RangeError);
  });

  it('nothing gathered has the power of chance', () => {
    expect(nonInferiorityPower({ discordance: 0.1, margin: 0.01, pairs: 0 })).toBe(0.05);
    expect(twoProportionPower({ baseline: 0.2, candidate: 0.4, trials: 0 })).toBeLessThan(0.05);
    expect(mcnemarPower({ pairs: 0, discordance: 0.1, difference: 0 })).toBe(0);
  });
});
