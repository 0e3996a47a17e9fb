import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../lib/gate/decision.ts';
import { decisionMarginWarnings, marginWarning } from '../../lib/gate/margin-warning.ts';

const evidence = {
  requirement: 'better',
  margin: 0.01,
  standardError: 0.0051,
  degreesOfFreedom: 27,
  clusters: 31,
} as const;
const rule = { metric: 'roc_auc', unit: 'day' } as const;

describe('a margin that can hardly be reached', () => {
  it('is told with the chance and with the days that would do', () => {
    expect(marginWarning(evidence, rule, 0.005)).toMatch(
      /^with 31 days, a model whose ROC AUC is truly 0.01 better passes 2\d times in 100; 10\d days would give 80$/,
    );
    expect(marginWarning({ ...evidence, requirement: 'not-worse' }, rule, 0.005)).toContain(
      'is truly the same (0.01 worse is allowed)',
    );
  });

  it('is told with the remedy where no number of days would do', () => {
    expect(marginWarning({ ...evidence, standardError: 0.5 }, rule, 0.005)).toMatch(
      /not even 3650 days would do: allow more \(margins\.roc_auc\)$/,
    );
  });

  it('is nothing to say where the chance is good or not known', () => {
    expect(marginWarning({ ...evidence, standardError: 0.002 }, rule, 0.005)).toBeUndefined();
    expect(marginWarning({ ...evidence, standardError: Number.NaN }, rule, 0.005)).toBeUndefined();
  });

  it('is told of a decision for unclear primaries and guardrails alone', () => {
    const comparison: Comparison = {
      metric: 'roc_auc',
      role: 'primary',
      higherIsBetter: true,
      requirement: 'better',
      margin: 0.01,
      rows: 3_100,
      clusters: 31,
      verdict: 'inconclusive',
      interval: { lower: -0.01, upper: 0.02, level: 0.95, method: 'x', standardError: 0.0051, degreesOfFreedom: 27 },
    };
    expect(decisionMarginWarnings([comparison], 'day', 0.005)).toHaveLength(1);
    expect(decisionMarginWarnings([{ ...comparison, verdict: 'pass' }], 'day', 0.005)).toEqual([]);
    expect(decisionMarginWarnings([{ ...comparison, role: 'slice' }], 'day', 0.005)).toEqual([]);
    expect(decisionMarginWarnings([{ ...comparison, metric: 'size' }], 'day', 0.005)).toEqual([]);
  });
});
