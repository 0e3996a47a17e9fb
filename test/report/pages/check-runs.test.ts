import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../../lib/report/evaluation.ts';
import { evaluationCheck, promotableCheck } from '../../../lib/report/pages/check-runs.ts';
import { betterDecision, unclearDecision, worseDecision } from '../fixtures/decisions.ts';
import { evaluation } from '../fixtures/evaluations.ts';
import { brokenValidation, soundValidation } from '../fixtures/validations.ts';

describe('the two checks', () => {
  test.each<[string, Partial<Evaluation>, string, string]>([
    ['pass', {}, 'success', 'success'],
    ['fail', { decisions: [worseDecision()] }, 'failure', 'failure'],
    ["can't tell", { decisions: [unclearDecision()] }, 'neutral', 'failure'],
    ['one of two fails', { decisions: [betterDecision(), worseDecision()] }, 'failure', 'failure'],
    ['a good model on bad data', { validations: [soundValidation(), brokenValidation()] }, 'failure', 'failure'],
    ['a warning only', { validations: [{ ...soundValidation(), verdict: 'warn' }] }, 'success', 'success'],
    ['no model', { decisions: [] }, 'success', 'failure'],
    ['nothing at all', { decisions: [], validations: [] }, 'neutral', 'failure'],
  ])('%s', (_name, over, first, second) => {
    expect(evaluationCheck(evaluation(over)).conclusion).toBe(first);
    expect(promotableCheck(evaluation(over)).conclusion).toBe(second);
  });

  test('titles carry the verdict on one line', () => {
    expect(evaluationCheck(evaluation({ decisions: [betterDecision(), worseDecision()] })).title).toBe(
      'late: Do not promote: log loss worsens by 0.031 (plausible 0.018 to 0.044); 0.010 is allowed',
    );
    expect(evaluationCheck(evaluation({ validations: [brokenValidation()] })).title).toBe(
      'weather: 1 of 3 checks failed, 1 cannot be told, on 26,115 rows.',
    );
  });

  test('checks that did not pass are annotated at their line', () => {
    const { annotations } = evaluationCheck(evaluation({ validations: [brokenValidation()] }));
    expect(annotations.map(({ path, startLine, level, title }) => [path, startLine, level, title])).toEqual([
      ['checks/flights.yaml', 14, 'failure', 'range of weather.temp'],
      ['checks/flights.yaml', 21, 'warning', 'fresh of weather.time_hour'],
    ]);
    expect(annotations[0]?.message).toBe('expected -40 to 120, found 212 rows outside, from -999 to 451');
  });
});
