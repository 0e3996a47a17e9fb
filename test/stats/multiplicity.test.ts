import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { benjaminiHochberg } from '../../lib/stats/multiplicity/benjamini-hochberg.ts';
import { bonferroni } from '../../lib/stats/multiplicity/bonferroni.ts';
import { hochberg } from '../../lib/stats/multiplicity/hochberg.ts';
import { holm, holmAdjusted } from '../../lib/stats/multiplicity/holm.ts';
import { goldenCases } from '../golden/golden.ts';

const METHODS = { bonferroni, holm: holmAdjusted, hochberg, bh: benjaminiHochberg } as const;

/** Neither the gate nor drift uses these (design §5 names Holm and Benjamini–Hochberg). */
const NOT_OFFERED = ['hommel', 'by', 'sidak', 'holm_sidak'];

describe('adjusted p values (statsmodels, R)', () => {
  test.each(goldenCases('multiplicity').map((one) => [one.id, one] as const))('%s', (_id, golden) => {
    const p = (golden.input.p as (number | null)[]).map((value) => value ?? Number.NaN);
    const keys = Object.keys(golden.expected).filter((key) => key !== 'rejected');
    expect(keys.sort()).toEqual([...Object.keys(METHODS), ...NOT_OFFERED].sort());
    const counts = golden.expected.rejected as Record<string, number>;
    for (const [key, method] of Object.entries(METHODS)) {
      const adjusted = method(p);
      (golden.expected[key] as (number | null)[]).forEach((value, i) => {
        // A missing p stays missing.
        if (value === null) expect(adjusted[i]).toBeNaN();
        const error = value === null ? 0 : Math.abs((adjusted[i] as number) - value);
        expect(error, `${key} ${i}`).toBeLessThanOrEqual(Math.max(1e-10 * (value ?? 0), 1e-300));
      });
      expect(adjusted.filter((value) => value <= 0.05).length, key).toBe(counts[key]);
    }
  });

  const family = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

  test('Bonferroni ≥ Holm ≥ Hochberg ≥ Benjamini–Hochberg ≥ p, in any order of the tests', () => {
    fc.assert(
      fc.property(family, (p) => {
        const [b, h, k, r] = [bonferroni(p), holmAdjusted(p), hochberg(p), benjaminiHochberg(p)];
        const slack = 1 - 1e-12;
        p.forEach((value, i) => {
          const chain = [b[i], h[i], k[i], r[i], value] as number[];
          chain.slice(1).forEach((next, at) => {
            expect(chain[at]).toBeGreaterThanOrEqual(next * slack);
          });
          expect(chain[0]).toBeLessThanOrEqual(1);
        });
        for (const method of Object.values(METHODS)) {
          expect(method([...p].reverse()).reverse()).toEqual(method(p));
        }
      }),
    );
  });

  test("Holm's adjusted p values reject what the procedure rejects", () => {
    fc.assert(
      fc.property(family, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (p, alpha) => {
        const adjusted = holmAdjusted(p);
        if (adjusted.some((value) => Math.abs(value - alpha) < 1e-12)) return;
        expect(adjusted.map((value) => value <= alpha)).toEqual(holm(p, alpha).rejected);
      }),
    );
  });

  test('no tests, and none that count', () => {
    for (const method of Object.values(METHODS)) {
      expect(method([])).toEqual([]);
      expect(method([Number.NaN])).toEqual([Number.NaN]);
    }
  });
});
