import { describe, expect, test } from 'vitest';
import type { DriftReport } from '../../../lib/drift/drift-report.ts';
import { DRIFT_REASONS } from '../../../lib/drift/reasons.ts';
import { driftSentence } from '../../../lib/report/words/drift-sentence.ts';
import { driftReasonWords } from '../../../lib/report/words/drift-words.ts';
import { brokenDrift, driftReport, driftResult, lossDrift } from '../fixtures/drifts.ts';

describe('driftSentence', () => {
  test.each<[string, DriftReport, string]>([
    [
      'nothing',
      driftReport(),
      'No drift that matters: 2 columns of 6,541 rows, 18 to 24 November 2013. Next: nothing to do.',
    ],
    [
      'missing values',
      brokenDrift(),
      'Data is broken: tail_num is missing in 14.5 % of rows (was 0.8 %). Next: look at where tail_num comes from.',
    ],
    [
      'the model itself',
      lossDrift(),
      'The model got worse: log loss is 0.039 worse than when it was registered (plausible 0.021 to 0.057); 0.010 is ' +
        'allowed. Next: retrain on newer data; a pull request proposes it.',
    ],
    [
      'features that moved',
      driftReport({
        verdict: 'warn',
        results: ['a', 'b', 'c', 'd', 'e'].map((column, index) =>
          driftResult({
            column,
            verdict: 'warn',
            reason: 'drifted',
            value: 0.2 + index / 10,
            lower: 0.15 + index / 10,
          }),
        ),
      }),
      'Data has moved: e has shifted by 0.60, d has shifted by 0.50, c has shifted by 0.40 and 2 more. Next: watch ' +
        'whether the model still does its work; nothing has to be done for the data alone.',
    ],
    [
      'a column that is gone',
      driftReport({ verdict: 'fail', results: [driftResult({ verdict: 'fail', reason: 'column-absent', value: 1 })] }),
      'Data is broken: distance is not there any more. Next: look at where distance comes from.',
    ],
    [
      'too few days',
      driftReport({
        verdict: 'inconclusive',
        current: { from: '2013-11-18', to: '2013-11-19', days: 2, rows: 1_800 },
        results: [driftResult({ verdict: 'inconclusive', reason: 'too-few-days', neededDays: 7 })],
      }),
      "Can't tell yet: 1 column of 1,800 rows, 18 to 19 November 2013; needs 7 days, has 2. Next: wait for more data.",
    ],
  ])('%s', (_name, report, expected) => {
    expect(driftSentence(report)).toBe(expected);
  });
});

test('every reason has words of its own', () => {
  const words = DRIFT_REASONS.map((reason) => driftReasonWords(driftResult({ reason, verdict: 'warn' })));
  for (const one of words) expect(one).not.toMatch(/\w-\w/);
  expect(driftReasonWords(driftResult({ reason: 'no-such-code' }))).toBe('no such code');
});
