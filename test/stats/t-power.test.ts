import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { designEffect } from '../../lib/stats/clusters/design-effect.ts';
import * as clusteredMean from '../../lib/stats/power/clustered-mean-power.ts';
import * as pairedT from '../../lib/stats/power/paired-t-power.ts';
import { tMinimumDetectableEffect, tPower } from '../../lib/stats/power/t-power.ts';
import * as twoSampleT from '../../lib/stats/power/two-sample-t-power.ts';
import { expectKeys } from '../golden/expect-keys.ts';
import { goldenCases } from '../golden/golden.ts';

const TWO_SIDED = { alpha: 0.05, sides: 2 } as const;
const unit = { standardDeviation: 1 };
const ALTERNATIVES = { larger: 1, 'two-sided': 2 } as const;

describe('power of t tests (statsmodels, R pwr)', () => {
  const means = goldenCases('power').filter((one) => /^(t_|mde_)/.test(String(one.options.kind)));
  test('there are cases', () => expect(means.length).toBe(7));

  test.each(means.map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const { d = 0, n = 0, power = 0, sd = 0 } = golden.input as Record<'d' | 'n' | 'power' | 'sd', number | undefined>;
    switch (golden.options.kind) {
      case 't_one_or_paired': {
        const sides = ALTERNATIVES[golden.options.alternative as keyof typeof ALTERNATIVES];
        const level = { alpha: 0.05, sides };
        return expectKeys(golden, { power: pairedT.power({ ...unit, effect: d, pairs: n, level }) });
      }
      case 't_ind_n': {
        const size = twoSampleT.sampleSize({ ...unit, effect: d, power, level: TWO_SIDED });
        expect(size?.candidate).toBe(size?.baseline);
        return expectKeys(golden, { n_per_group: size?.exact, n_per_group_ceil: size?.baseline });
      }
      default: {
        const design = { standardDeviation: sd, spread: 'known' as const, pairs: n, power };
        return expectKeys(golden, { mde: pairedT.minimumDetectableEffect(design) });
      }
    }
  });

  test.each(goldenCases('t_power').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const { d, n, ratio = 1 } = golden.input as { d: number; n: number; ratio?: number };
    const sides = ALTERNATIVES[golden.options.alternative as keyof typeof ALTERNATIVES];
    const level = { alpha: golden.options.alpha as number, sides };
    const paired = golden.options.kind === 'paired';
    const design = { ...unit, ratio, level };
    expectKeys(golden, {
      power: paired
        ? pairedT.power({ ...design, effect: d, pairs: n })
        : twoSampleT.power({ ...design, effect: d, values: n }),
      mde: paired
        ? pairedT.minimumDetectableEffect({ ...design, pairs: n, power: 0.8 })
        : twoSampleT.minimumDetectableEffect({ ...design, values: n, power: 0.8 }),
      n_for_80: (paired ? pairedT : twoSampleT).sampleSize({ ...design, effect: d, power: 0.8 })?.exact,
    });
  });
});

describe('laws', () => {
  const effect = fc.double({ min: 0.02, max: 2, noNaN: true });
  const power = fc.double({ min: 0.3, max: 0.99, noNaN: true });
  const level = fc.constantFrom({ alpha: 0.025, sides: 1 } as const, TWO_SIDED);

  test('the size found is the smallest that reaches the power, and finds the effect asked for', () => {
    fc.assert(
      fc.property(effect, power, level, (d, wanted, at) => {
        const size = pairedT.sampleSize({ ...unit, effect: d, power: wanted, level: at });
        if (size === undefined) throw new Error('a size was expected');
        const reached = (pairs: number) => pairedT.power({ ...unit, effect: d, pairs, level: at });
        expect(reached(size.pairs)).toBeGreaterThanOrEqual(wanted - 1e-9);
        if (size.pairs > 2) expect(reached(size.pairs - 1)).toBeLessThan(wanted);
        const found = pairedT.minimumDetectableEffect({ ...unit, pairs: size.pairs, power: wanted, level: at });
        expect(found).toBeLessThanOrEqual(d * (1 + 1e-9));
      }),
      { numRuns: 25 },
    );
  });

  test('power rises with the effect from α, and does not know its sign', () => {
    fc.assert(
      fc.property(effect, fc.integer({ min: 2, max: 200 }), level, (d, pairs, at) => {
        const at0 = pairedT.power({ ...unit, effect: 0, pairs, level: at });
        const atD = pairedT.power({ ...unit, effect: d, pairs, level: at });
        expect(at0).toBeCloseTo(at.alpha, 10);
        expect(atD).toBeGreaterThan(at0);
        expect(pairedT.power({ ...unit, effect: -d, pairs, level: at })).toBe(atD);
        expect(pairedT.power({ standardDeviation: 10, effect: 10 * d, pairs, level: at })).toBeCloseTo(atD, 10);
      }),
      { numRuns: 40 },
    );
  });

  test('clusters of independent rows lose only degrees of freedom; wholly alike rows count once', () => {
    const design = { ...unit, effect: 0.1, rowsPerCluster: 50, clusters: 40 };
    const independent = clusteredMean.power({ ...design, intraclass: 0 });
    const alike = clusteredMean.power({ ...design, intraclass: 1 });
    expect(independent).toBeLessThan(pairedT.power({ ...unit, effect: 0.1, pairs: 2000 }));
    expect(alike).toBeCloseTo(pairedT.power({ ...unit, effect: 0.1, pairs: 40 }), 12);
  });

  test('days: the size is in clusters, with the rows in them', () => {
    const design = { standardDeviation: 0.4, rowsPerCluster: 300, intraclass: 0.02, sizeVariation: 0.3 };
    const size = clusteredMean.sampleSize({ ...design, effect: 0.02, power: 0.8 });
    if (size === undefined) throw new Error('a size was expected');
    expect(size.rows).toBe(size.clusters * 300);
    expect(clusteredMean.power({ ...design, effect: 0.02, clusters: size.clusters })).toBeGreaterThanOrEqual(0.8);
    expect(clusteredMean.power({ ...design, effect: 0.02, clusters: size.clusters - 1 })).toBeLessThan(0.8);
    const found = clusteredMean.minimumDetectableEffect({ ...design, clusters: size.clusters, power: 0.8 });
    expect(found).toBeLessThanOrEqual(0.02);
  });

  test("Kish's design effect, and Eldridge's for unequal sizes", () => {
    expect(designEffect(1, 0.5)).toBe(1);
    expect(designEffect(21, 0.05)).toBeCloseTo(2, 14);
    expect(designEffect(20, 0.05, 0.6)).toBeCloseTo(1 + (1.36 * 20 - 1) * 0.05, 14);
  });
});

describe('degenerate plans', () => {
  test('too few for a test have no power and find nothing', () => {
    for (const pairs of [0, 1]) {
      expect(pairedT.power({ ...unit, effect: 5, pairs })).toBe(0);
      expect(pairedT.minimumDetectableEffect({ ...unit, pairs, power: 0.8 })).toBe(Number.POSITIVE_INFINITY);
    }
    expect(twoSampleT.power({ ...unit, effect: 5, values: 1 })).toBe(0);
    expect(clusteredMean.power({ ...unit, effect: 5, clusters: 1, rowsPerCluster: 9, intraclass: 0 })).toBe(0);
  });

  test('no effect is never found, nor one that needs more than there can be', () => {
    expect(pairedT.sampleSize({ ...unit, effect: 0, power: 0.8 })).toBeUndefined();
    expect(pairedT.sampleSize({ ...unit, effect: 1e-6, power: 0.8 })).toBeUndefined();
    expect(pairedT.sampleSize({ ...unit, effect: 1, power: 1 })).toBeUndefined();
  });

  test('without spread everything but nothing is found at once', () => {
    const still = { standardDeviation: 0 };
    expect(pairedT.power({ ...still, effect: 0.1, pairs: 2 })).toBe(1);
    expect(pairedT.power({ ...still, effect: 0, pairs: 2 })).toBe(0);
    expect(pairedT.minimumDetectableEffect({ ...still, pairs: 2, power: 0.8 })).toBe(0);
    expect(pairedT.sampleSize({ ...still, effect: 0.1, power: 0.8 })).toEqual({ pairs: 2, exact: 2 });
  });

  test('power outside of (α, 1) is no plan', () => {
    for (const power of [0, 0.025, 1, Number.NaN]) {
      expect(tMinimumDetectableEffect({ standardError: 1, degreesOfFreedom: 9 }, power)).toBeNaN();
    }
    expect(tPower(Number.NaN, { standardError: 1, degreesOfFreedom: 9 })).toBe(0);
    expect(tPower(1e9, { standardError: 1, degreesOfFreedom: 9 })).toBe(1);
  });
});
