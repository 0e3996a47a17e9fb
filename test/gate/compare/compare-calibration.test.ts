import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../lib/digest.ts';
import type { PairedExamples } from '../../../lib/gate/evidence/paired-examples.ts';
import { createRandom } from '../../../lib/stats/resampling/random.ts';
import { decided } from '../examples.ts';

/** Probabilities that are off by so much on each side; what happens depends on the true one alone. */
function offBy(candidate: number, baseline: number, days = 60): PairedExamples {
  const random = createRandom([13, 4]);
  const rows = days * 100;
  const truth = Float64Array.from({ length: rows }, () => 0.25 + 0.5 * random.uniform());
  return {
    ids: Array.from({ length: rows }, (_none, row) => String(row).padStart(6, '0')),
    labels: truth.map((p) => (random.uniform() < p ? 1 : 0)),
    candidate: truth.map((p) => p + candidate),
    baseline: truth.map((p) => p + baseline),
    clusters: Int32Array.from({ length: rows }, (_none, row) => Math.floor(row / 100)),
    clusterCount: days,
    slices: new Map(),
  };
}

function calibration(examples: PairedExamples, rule: object, over: Parameters<typeof decided>[1] = {}) {
  const rules = { require: 'not-worse', calibration: rule } as const;
  return decided(examples, { rules, ...over }).comparisons.filter(({ role }) => role === 'calibration');
}

describe('calibration', () => {
  test.each([
    [0, 0.05, 'pass'],
    [0.2, 0.05, 'fail'],
    [0.05, 0.05, 'inconclusive'],
  ] as const)('off by %d against a limit of %d: %s', (candidate, limit, verdict) => {
    const [found] = calibration(offBy(candidate, 0), { max_ece: limit });
    expect(found).toMatchObject({ metric: 'calibration_error', requirement: 'above-floor', margin: limit, verdict });
    expect(Math.abs((found?.candidate ?? 0) - candidate)).toBeLessThan(0.02);
  });

  test.each([
    [0, 0, 'pass'],
    [0, 0.1, 'pass'],
    [0.15, 0, 'fail'],
  ] as const)('off by %d where the baseline is off by %d, 0.05 more allowed: %s', (candidate, baseline, verdict) => {
    const [found] = calibration(offBy(candidate, baseline), { margin: 0.05 });
    expect(found).toMatchObject({ metric: 'calibration_loss', requirement: 'not-worse', verdict });
    expect(found?.margin).toBeCloseTo(0.0025, 15);
    expect(Math.abs((found?.difference ?? 0) - (baseline ** 2 - candidate ** 2))).toBeLessThan(0.004);
  });

  test.each([
    [1, { slope: 0.25 }, 'pass'],
    [1, { slope: 0.02 }, 'inconclusive'],
    [0.5, { slope: 0.25 }, 'fail'],
    [1.6, { slope: 0.25 }, 'fail'],
  ] as const)('with a true slope of %d by %o: %s', (slope, rule, verdict) => {
    const right = offBy(0, 0);
    // Logits that are stretched need a slope that shrinks them again.
    const candidate = right.candidate.map((p) => 1 / (1 + ((1 - p) / p) ** (1 / slope)));
    const [found] = calibration({ ...right, candidate }, rule);
    expect(found).toMatchObject({ metric: 'calibration_slope', requirement: 'above-floor', verdict });
    expect(Math.abs((found?.candidate ?? 0) - Math.abs(slope - 1))).toBeLessThan(0.15);
    expect(found?.difference).toBeLessThanOrEqual(found?.interval?.upper ?? 0);
    expect(found?.difference).toBeGreaterThanOrEqual(found?.interval?.lower ?? 0);
  });

  test.each([
    [0, 'pass'],
    [0.2, 'fail'],
  ] as const)('off by %d by its intercept: %s', (off, verdict) => {
    const [found] = calibration(offBy(off, 0), { intercept: 0.3 });
    expect(found).toMatchObject({ metric: 'calibration_intercept', verdict, margin: 0.3 });
  });

  test('of scores that do not vary has no slope, and is not judged', () => {
    const flat = offBy(0, 0);
    const [found] = calibration({ ...flat, candidate: flat.candidate.map(() => 0.5) }, { slope: 0.2 });
    expect(found).toMatchObject({ verdict: 'inconclusive', reason: 'scores-separate-or-are-constant' });
  });

  test('of a first version is held against its limit alone', () => {
    const baseline = { kind: 'constant', label: 'constant model', predictions: digestOf(1) } as const;
    const found = calibration(offBy(0, 0), { max_ece: 0.05, margin: 0.02 }, { baseline });
    expect(found.map(({ metric }) => metric)).toEqual(['calibration_error']);
  });

  test('of fewer than 20 days is not judged', () => {
    const found = calibration(offBy(0, 0, 19), { max_ece: 0.5, margin: 0.5 });
    expect(found.map(({ reason }) => reason)).toEqual(['too-few-clusters', 'too-few-clusters']);
  });
});
