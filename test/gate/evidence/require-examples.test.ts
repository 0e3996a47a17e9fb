import { describe, expect, test } from 'vitest';
import { AssayError, type ErrorCode } from '../../../lib/errors.ts';
import { sideExamples } from '../../../lib/gate/evidence/paired-examples.ts';
import { type LabelledRows, requireRows, requireScores } from '../../../lib/gate/evidence/require-examples.ts';
import { GateRules, type MetricName } from '../../../lib/gate/rules.ts';
import type { MetricTask } from '../../../lib/metrics/metric.ts';

function refusal(work: () => unknown): AssayError {
  try {
    work();
  } catch (error) {
    if (error instanceof AssayError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const IDS = ['a', 'b', 'c'];
const COLUMNS = { target: 'y', weight: 'w', query: 'q' };
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('rows that no metric can take', () => {
  const codes = Int32Array.of(0, 0, 1);
  const cases: [string, MetricTask, Omit<LabelledRows, 'ids'>, ErrorCode, RegExp][] = [
    [
      'a third class',
      'binary',
      { labels: Float64Array.of(0, 2, 1) },
      'E_LABEL_NOT_BINARY',
      /1 label.*"y".*2 of id "b"/,
    ],
    ['a half', 'binary', { labels: Float64Array.of(0.5, nan, 1) }, 'E_LABEL_NOT_BINARY', /"y"/],
    [
      'a class that nobody declared',
      'multiclass',
      { labels: Float64Array.of(0, -1, -1), classes: ['x', 'z'], labelText: (row) => `text ${row}` },
      'E_LABEL_CLASS',
      /2 label.*"y".*"text 1" of id "b"; then "c"/,
    ],
    ['an infinite target', 'regression', { labels: Float64Array.of(0, inf, 1) }, 'E_LABEL_NOT_FINITE', /Infinity.*"b"/],
    [
      'a negative relevance',
      'ranking',
      { labels: Float64Array.of(0, 1, -2), queries: codes },
      'E_LABEL_RELEVANCE',
      /-2 of id "c"/,
    ],
    [
      'a negative weight',
      'regression',
      { labels: Float64Array.of(0, 1, 2), weights: Float64Array.of(1, 1, -1) },
      'E_WEIGHT',
      /1 weight.*"w".*-1 of id "c"/,
    ],
    [
      'weights of 0',
      'regression',
      { labels: Float64Array.of(0, 1, 2), weights: Float64Array.of(0, 1, 0) },
      'E_WEIGHT',
      /2 weight.*"w".*0 of id "a"; then "c"/,
    ],
    [
      'no weight',
      'binary',
      { labels: Float64Array.of(0, 1, 0), weights: Float64Array.of(1, nan, 1) },
      'E_WEIGHT',
      /NaN of id "b"/,
    ],
    [
      'weights that differ in a query',
      'ranking',
      { labels: Float64Array.of(0, 1, 0), queries: codes, weights: Float64Array.of(1, 2, 1) },
      'E_QUERY_WEIGHTS',
      /"w".*"b"/,
    ],
  ];
  test.each(cases)('%s', (_what, task, rows, code, text) => {
    const error = refusal(() => requireRows(task, COLUMNS, { ids: IDS, ...rows }));
    expect(error).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(text) });
  });

  test.each<[MetricTask, Omit<LabelledRows, 'ids'>]>([
    ['binary', { labels: Float64Array.of(0, 1, 0), weights: Float64Array.of(0.1, 1, 7) }],
    ['multiclass', { labels: Float64Array.of(0, 1, 2), classes: ['x', 'y', 'z'] }],
    ['quantile', { labels: Float64Array.of(-1, 1, 2), levels: Float64Array.of(0.1, 0.9) }],
    ['ranking', { labels: Float64Array.of(0, 3, 0.5), queries: codes }],
    ['forecast', { labels: Float64Array.of(0, 3, 0.5), series: codes, scales: Float64Array.of(1, 0) }],
  ])('those of a %s task are taken', (task, rows) => requireRows(task, COLUMNS, { ids: IDS, ...rows }));
});

describe('scores that no metric can take', () => {
  const scores = (
    task: MetricTask,
    primary: MetricName,
    columns: string[],
    values: number[],
    parts: Omit<LabelledRows, 'ids' | 'labels'> = {},
  ) => {
    const labels = Float64Array.of(0, 1, 0);
    const examples = sideExamples({ labels, ...parts }, Float64Array.from(values), 0.5);
    return () => requireScores('candidate', columns, IDS, task, examples, GateRules.parse({ primary }));
  };
  const classes = { classes: ['x', 'y'] };
  const levels = { levels: Float64Array.of(0.1, 0.9) };
  const cases: [string, () => void, ErrorCode, RegExp][] = [
    [
      'a probability beyond 1',
      scores('binary', 'log_loss', ['score'], [0, 1.5, 2]),
      'E_SCORE_NOT_PROBABILITY',
      /2 score.*candidate.*column "score".*1\.5 of id "b"; then "c".*log_loss/,
    ],
    [
      'a negative probability of a class',
      scores('multiclass', 'multiclass_accuracy', ['p_x', 'p_y'], [0.5, 0.5, 1.2, -0.2, 1, 0], classes),
      'E_SCORE_NOT_PROBABILITY',
      /column "p_x".*1\.2 of id "b"/,
    ],
    [
      'probabilities that do not add up',
      scores('multiclass', 'multiclass_log_loss', ['p_x', 'p_y'], [0.5, 0.5, 0.5, 0.25, 1, 0], classes),
      'E_SCORE_SUM',
      /p_x, p_y.*1 row.*0\.75 of id "b"/,
    ],
    [
      'quantiles that cross',
      scores('quantile', 'pinball_loss', ['q_0.1', 'q_0.9'], [1, 2, 3, 2, 5, 4], levels),
      'E_SCORE_QUANTILES_CROSS',
      /q_0\.1, q_0\.9.*2 row.*"b"; then "c"/,
    ],
    [
      'an infinite prediction',
      scores('regression', 'rmse', ['score'], [0, inf, 0]),
      'E_SCORE_NOT_FINITE',
      /Infinity.*"b"/,
    ],
  ];
  test.each(cases)('%s', (_what, work, code, text) => {
    expect(refusal(work)).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(text) });
  });

  test('a ranking score needs no probability, unless another metric does', () => {
    scores('binary', 'roc_auc', ['score'], [-3, 7, 2])();
    expect(refusal(scores('binary', 'brier', ['score'], [-3, 7, 2])).message).toContain('brier');
  });
});
