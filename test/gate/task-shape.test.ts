import { describe, expect, test } from 'vitest';
import {
  classesOfColumns,
  findScoreColumns,
  levelsOfColumns,
  namedScoreColumns,
  scoreColumnNames,
  type TaskShape,
} from '../../lib/gate/task-shape.ts';

const MULTI: TaskShape = { task: 'multiclass', classes: ['low', 'mid', 'high'] };
const QUANTILE: TaskShape = { task: 'quantile', levels: [0.1, 0.5] };

test.each<[TaskShape, string[]]>([
  [{ task: 'binary' }, ['score']],
  [{ task: 'ranking' }, ['score']],
  [MULTI, ['p_low', 'p_mid', 'p_high']],
  [QUANTILE, ['q_0.1', 'q_0.5']],
])('%o is written as %j', (shape, names) => {
  expect(scoreColumnNames(shape)).toEqual(names);
  expect(findScoreColumns('x', shape, ['id', ...names.toReversed()])).toEqual(names);
});

describe('columns are found', () => {
  test.each<[TaskShape, string[], string[]]>([
    [MULTI, ['high', 'id', 'low', 'mid'], ['low', 'mid', 'high']],
    [MULTI, ['p_high', 'high', 'p_low', 'p_mid'], ['p_low', 'p_mid', 'p_high']],
    [QUANTILE, ['id', '0.10', 'q0.50'], ['0.10', 'q0.50']],
    [QUANTILE, ['q_.5', '.1', '1'], ['.1', 'q_.5']],
  ])('%#', (shape, known, found) => expect(findScoreColumns('x', shape, known)).toEqual(found));

  test.each<[TaskShape, string[], string, RegExp]>([
    [MULTI, ['id', 'score'], 'E_SCORE_COLUMNS', /the x has no column "p_low", "p_mid", "p_high": it has id, score/],
    [MULTI, ['p_low', 'p_mid', 'p_top'], 'E_SCORE_CLASSES', /the x.*other classes: top, and none of high/],
    [QUANTILE, ['q_0.1', 'q_0.51'], 'E_SCORE_COLUMNS', /no column "q_0\.5"/],
    [{ task: 'binary' }, ['scores'], 'E_SCORE_COLUMNS', /"score"/],
  ])('or refused: %#', (shape, known, code, message) => {
    expect(() => findScoreColumns('x', shape, known)).toThrow(
      expect.objectContaining({ code, exitCode: 2, message: expect.stringMatching(message) }),
    );
  });
});

describe('columns that are named one by one', () => {
  test.each([
    [['a', 'b', 'c']],
    [['p_low', 'p_mid', 'p_high']],
    // One is not a class's name: who names columns by another scheme is believed.
    [['p_mid', 'p_low', 'c']],
  ])('are taken in their order: %j', (names) => expect(namedScoreColumns('x', MULTI, names)).toEqual(names));

  test.each([[['p_mid', 'p_low', 'p_high']], [['high', 'mid', 'low']]])('unless %j are classes in another', (names) => {
    expect(() => namedScoreColumns('x', MULTI, names)).toThrow(
      expect.objectContaining({ code: 'E_SCORE_CLASS_ORDER' }),
    );
  });

  test('and have to be as many', () => {
    expect(() => namedScoreColumns('x', MULTI, ['a', 'b'])).toThrow(
      expect.objectContaining({ code: 'E_SCORE_COLUMNS' }),
    );
  });
});

test('classes and levels are read from columns', () => {
  expect(classesOfColumns(['id', 'p_b', 'p_', 'p_a', 'ap_c'])).toEqual(['b', 'a']);
  expect(levelsOfColumns(['q_0.9', 'q_0.1', 'q_x', 'q_1', 'q_'])).toEqual([0.1, 0.9]);
});
