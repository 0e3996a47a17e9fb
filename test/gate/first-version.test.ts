import { describe, expect, test } from 'vitest';
import { digestOf } from '../../lib/digest.ts';
import type { PairedExamples } from '../../lib/gate/evidence/paired-examples.ts';
import { METRICS } from '../../lib/metrics/metrics.ts';
import { decided, type Made, makeExamples, type questionOf } from './examples.ts';

const made = (over: Partial<Made> = {}): PairedExamples =>
  makeExamples({ days: 45, rowsPerDay: 60, candidate: 1, baseline: 1, ...over });
const BETTER = made({ candidate: 0.3 });

const constantSide = { kind: 'constant', label: 'constant model', predictions: digestOf('constant') } as const;

/** Against a model that gives everybody the same score. */
function firstVersion(examples: PairedExamples, rules: Parameters<typeof questionOf>[1] = {}) {
  const constant = examples.labels.reduce((sum, label) => sum + label, 0) / examples.labels.length;
  const baseline = new Float64Array(examples.labels.length).fill(constant);
  return decided({ ...examples, baseline }, { baseline: constantSide, ...rules });
}

describe('a first version', () => {
  test('is held against the constant model and its floors', () => {
    const decision = firstVersion(BETTER, { rules: { floors: { roc_auc: 0.6, log_loss: 0.69 } } });
    expect(decision.verdict).toBe('pass');
    expect(decision.comparisons.map(({ role, metric, requirement }) => [role, metric, requirement])).toEqual([
      ['constant', 'roc_auc', 'better'],
      ['floor', 'roc_auc', 'above-floor'],
      ['floor', 'log_loss', 'above-floor'],
    ]);
    expect(decision.comparisons[0]?.baseline).toBe(0.5);
  });

  test('that knows nothing fails', () => {
    const noise = firstVersion(made({ candidate: 1e6 }));
    expect(noise.verdict).not.toBe('pass');
    const silent = BETTER.labels.map(() => 0.5);
    expect(firstVersion({ ...BETTER, candidate: silent })).toMatchObject({
      verdict: 'fail',
      next: { kind: 'fix-input' },
    });
  });

  test.each([
    // A score has to be surely above its floor, a loss surely below: its own limit counts, not its value.
    ['roc_auc', 'below', 'pass'],
    ['roc_auc', 'at', 'inconclusive'],
    ['roc_auc', 'above', 'fail'],
    ['log_loss', 'above', 'pass'],
    ['log_loss', 'at', 'inconclusive'],
    ['log_loss', 'below', 'fail'],
  ] as const)('%s with its floor well %s the value: %s', (metric, where, verdict) => {
    const value = METRICS[metric].estimate({
      labels: BETTER.labels,
      scores: BETTER.candidate,
      threshold: 0.5,
    })?.value;
    const floor = (value ?? 0) + { below: -0.08, at: 0.001, above: 0.08 }[where];
    const decision = firstVersion(BETTER, { rules: { floors: { [metric]: floor } } });
    expect(decision.verdict).toBe(verdict);
    const one = decision.comparisons[1];
    expect(one).toMatchObject({ role: 'floor', margin: floor, candidate: value, verdict });
    expect(Math.sign(one?.difference ?? 0)).toBe(Math.sign((value ?? 0) - floor) * (metric === 'roc_auc' ? 1 : -1));
  });

  test('floors hold for a later version as well', () => {
    const decision = decided(BETTER, { rules: { floors: { roc_auc: 0.99 } } });
    expect(decision).toMatchObject({ verdict: 'fail', because: { comparison: 1 } });
  });
});
