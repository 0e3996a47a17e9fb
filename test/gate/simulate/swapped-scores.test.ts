import { describe, expect, test } from 'vitest';
import { swappedWarning } from '../../../lib/gate/simulate/swapped-scores.ts';
import { makeExamples } from '../examples.ts';

const MADE = makeExamples({ days: 30, rowsPerDay: 40, candidate: 0.5, baseline: 0.5 });
const turn = (scores: Float64Array) => scores.map((score) => 1 - score);

describe('scores of the other class', () => {
  test.each(['candidate', 'baseline'] as const)('of the %s are refused where they mirror the other side', (side) => {
    const other = side === 'candidate' ? 'baseline' : 'candidate';
    const turned = { ...MADE, [side]: turn(MADE[other]) };
    expect(() => swappedWarning('binary', turned)).toThrow(
      expect.objectContaining({
        code: 'E_SCORE_REVERSED',
        exitCode: 2,
        message: expect.stringMatching(
          new RegExp(`^the ${side}'s scores rank backwards on 1200 rows: ROC AUC 0\\.[0-3]`),
        ),
      }),
    );
  });

  test('are told where they only look like it', () => {
    const worse = makeExamples({ days: 30, rowsPerDay: 40, candidate: 0.5, baseline: 2 });
    const turned = { ...worse, candidate: turn(worse.candidate) };
    expect(swappedWarning('binary', turned)).toMatch(/the candidate's scores rank backwards \(ROC AUC 0\.[0-3]/);
  });

  test('are nothing for other tasks, and nothing is said of right ones', () => {
    expect(swappedWarning('binary', MADE)).toBeUndefined();
    expect(swappedWarning('regression', { ...MADE, candidate: turn(MADE.baseline) })).toBeUndefined();
  });
});
