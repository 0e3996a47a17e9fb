import { describe, expect, test } from 'vitest';
import { differenceWords } from '../../../lib/report/words/difference-words.ts';
import { comparison } from '../fixtures/decisions.ts';

describe('differenceWords', () => {
  test('shows values that are tiny, and zeros as zeros', () => {
    const tiny = { metric: 'brier', role: 'guardrail', lower: 1e-9, upper: 4e-8, margin: 2e-9 } as const;
    expect(differenceWords(comparison({ ...tiny, candidate: 1e-7, baseline: 1.2e-7 }))).toMatchObject({
      candidate: '0.000000100',
      baseline: '0.000000120',
    });
    expect(differenceWords(comparison({ ...tiny, candidate: 0, baseline: 1.2e-7 }))).toMatchObject({
      candidate: '0.000000',
      baseline: '0.000000120',
    });
  });

  test('shows values that are huge with their thousands apart', () => {
    const huge = { metric: 'mse', role: 'guardrail', lower: -5e9, upper: 5.4e9, margin: 6e10 } as const;
    expect(differenceWords(comparison({ ...huge, candidate: 3e12, baseline: 3.1e12 }))).toMatchObject({
      candidate: '3,000,000,000,000',
      range: '5,000,000,000 worse to 5,400,000,000 better',
      allowed: '60,000,000,000 worse',
    });
  });
});
