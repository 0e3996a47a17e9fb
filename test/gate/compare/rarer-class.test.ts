import { describe, expect, test } from 'vitest';
import type { PairedExamples } from '../../../lib/gate/evidence/paired-examples.ts';
import { createRandom } from '../../../lib/stats/resampling/random.ts';
import { decided } from '../examples.ts';

/** 40 days of 10 rows, of which so many in all are positive, on days one by one. */
function withPositives(positives: number): PairedExamples {
  const random = createRandom([2, positives]);
  const rows = 400;
  const label = (row: number) => (row % 10 === 0 && row / 10 < positives ? 1 : 0);
  const score = (row: number, weight: number) => (weight * label(row) + random.uniform()) / (1 + weight);
  return {
    ids: Array.from({ length: rows }, (_none, row) => String(row).padStart(4, '0')),
    labels: Float64Array.from({ length: rows }, (_none, row) => label(row)),
    candidate: Float64Array.from({ length: rows }, (_none, row) => score(row, 1)),
    baseline: Float64Array.from({ length: rows }, (_none, row) => score(row, 0.9)),
    clusters: Int32Array.from({ length: rows }, (_none, row) => Math.floor(row / 10)),
    clusterCount: 40,
    slices: new Map(),
  };
}

const RULES = { primary: 'roc_auc', guardrails: ['log_loss'], floors: { recall: 0.1 } } as const;

describe('a holdout with few rows of a class', () => {
  test('is not judged below twenty, and says how many days would hold twenty', () => {
    const { verdict, comparisons } = decided(withPositives(16), { rules: RULES });
    expect(verdict).toBe('inconclusive');
    expect(comparisons.map(({ role, reason, neededClusters }) => [role, reason, neededClusters])).toEqual([
      ['primary', 'too-few-of-a-class', 50],
      ['guardrail', 'too-few-of-a-class', 50],
      ['floor', 'too-few-of-a-class', undefined],
    ]);
    expect(comparisons.every(({ interval }) => interval === undefined)).toBe(true);
  });

  test('is judged from twenty on', () => {
    const { comparisons } = decided(withPositives(20), { rules: RULES });
    expect(comparisons.every(({ interval }) => interval !== undefined)).toBe(true);
  });

  test('of a regression there is no class', () => {
    const { comparisons } = decided(withPositives(16), { task: 'regression', rules: { primary: 'rmse' } });
    expect(comparisons[0]?.interval).toBeDefined();
  });
});
