import { describe, expect, test } from 'vitest';
import { digestOf } from '../../lib/digest.ts';
import type { PairedExamples } from '../../lib/gate/paired-examples.ts';
import { createRandom } from '../../lib/stats/random.ts';
import { decided } from './examples.ts';

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
