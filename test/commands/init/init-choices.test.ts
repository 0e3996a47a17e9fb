import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnFacts, TableSample } from '../../../lib/commands/init/init-columns.ts';
import { chooseHoldout } from '../../../lib/commands/init/init-holdout.ts';
import { datasetName, modelName } from '../../../lib/commands/init/init-names.ts';
import { idChoices, targetChoice, timeChoice } from '../../../lib/commands/init/init-roles.ts';
import { chooseTask } from '../../../lib/commands/init/init-task.ts';
import { DAY_MS } from '../../../lib/duration.ts';
import { halfOf, holdoutWindow, trainingEnd } from '../../../lib/gate/holdout/holdout-window.ts';
import { Name } from '../../../lib/project/config.ts';

const column = (name: string, type: ColumnFacts['type'], distinct = 50, nulls = 0): ColumnFacts => ({
  name,
  type,
  distinct,
  nulls,
});
const sample = (
  columns: readonly ColumnFacts[],
  unique: (names: readonly string[]) => boolean = () => false,
): TableSample => ({ columns, rows: 100, unique });

describe('columns', () => {
  it.each([
    [['a_float', 'scheduled_at', 'arrived_at'], 'scheduled_at'],
    [['updated_at', 'day'], 'day'],
    [['when'], 'when'],
  ])('of %j the time is %s', (names, expected) => {
    const columns = names.map((name) => column(name, name === 'a_float' ? 'float' : 'timestamp'));
    expect(timeChoice(sample(columns))?.taken).toBe(expected);
  });

  it('one with gaps is no time while another is full', () => {
    expect(timeChoice(sample([column('created_at', 'timestamp', 50, 3), column('seen', 'date')]))?.taken).toBe('seen');
    expect(timeChoice(sample([column('constant_at', 'timestamp', 1), column('x', 'string')]))).toBeUndefined();
  });

  it.each([
    [[column('x', 'float'), column('target', 'integer', 2), column('is_new', 'boolean', 2)], 'target'],
    [[column('churned', 'string', 2), column('x', 'float')], 'churned'],
    [[column('x', 'float'), column('price', 'float')], 'price'],
    [[column('x', 'float'), column('z', 'float')], undefined],
    [[column('is_a', 'boolean', 2), column('is_b', 'boolean', 2), column('x', 'float')], undefined],
    [[column('label', 'string', 50)], undefined],
    [[column('target', 'integer', 1)], undefined],
  ])('the target of %j is %s', (columns, expected) => {
    expect(targetChoice(sample(columns), undefined)?.taken).toBe(expected);
  });

  it('the id is a column by itself, else the fewest that tell rows apart, never the target or a number with decimals', () => {
    const columns = [
      column('x', 'float', 100),
      column('order_no', 'integer', 100),
      column('id', 'string', 100),
      column('late', 'integer', 100),
    ];
    expect([...idChoices(sample(columns), 'late', undefined)]).toEqual([['id'], ['order_no']]);
    const parts = [
      column('at', 'timestamp', 90),
      column('carrier', 'string', 4),
      column('gate', 'string', 9),
      column('late', 'boolean', 2),
    ];
    const both = (names: readonly string[]) => names.includes('at') && names.includes('gate');
    expect([...idChoices(sample(parts, both), 'late', 'at')][0]?.toSorted()).toEqual(['at', 'gate']);
    expect([...idChoices(sample([column('a', 'string', 100, 1)]), 'late', undefined)]).toEqual([]);
  });
});

describe('the task', () => {
  const values = (...texts: string[]) => texts.map((value, index) => ({ value, rows: 10 + index }));
  const of = (type: ColumnFacts['type'], texts: readonly string[] | undefined, byCommand = false) =>
    chooseTask({ type }, texts === undefined ? undefined : values(...texts), { byCommand });

  it.each([
    ['boolean', ['false', 'true'], { task: 'binary' }],
    ['integer', ['0', '1'], { task: 'binary' }],
    ['string', ['False', 'TRUE'], { task: 'binary' }],
    ['float', ['0', '1'], { task: 'binary' }],
    ['integer', ['1', '2'], { task: 'binary', positive: { value: '1', kind: 'number' } }],
    ['string', ['No', 'Yes'], { task: 'binary', positive: { value: 'Yes', kind: 'text' } }],
    ['string', ['left', 'right'], { task: 'binary', positive: { value: 'left', kind: 'text' } }],
    ['integer', ['1', '2', '3'], { task: 'regression' }],
    ['float', undefined, { task: 'regression' }],
    ['string', ['10', '9', '8'], { task: 'multiclass', classes: ['8', '9', '10'] }],
    ['string', undefined, undefined],
    ['string', ['only'], undefined],
  ] as const)('of %s %j', (type, texts, expected) => {
    expect(of(type, texts)).toEqual(expected);
  });

  it('keeps two words as they are for commands, which know them', () => {
    expect(of('string', ['No', 'Yes'], true)).toEqual({ task: 'multiclass', classes: ['No', 'Yes'] });
    expect(of('integer', ['0', '1'], true)).toEqual({ task: 'binary' });
  });

  it('is the one that is asked for, where the values allow it', () => {
    const asked = (task: 'binary' | 'multiclass' | 'regression', type: ColumnFacts['type'], texts: string[]) =>
      chooseTask({ type }, values(...texts), { byCommand: false, asked: task });
    expect(asked('multiclass', 'integer', ['1', '2', '3'])).toEqual({ task: 'multiclass', classes: ['1', '2', '3'] });
    expect(asked('binary', 'integer', ['1', '2', '3'])).toBeUndefined();
    expect(asked('regression', 'string', ['a', 'b'])).toBeUndefined();
  });
});

describe('the holdout', () => {
  const facts = (days: number, { apart = 1, unlabelled = 0 } = {}) => {
    const oldest = Date.UTC(2024, 0, 1);
    const newest = oldest + (days - 1) * apart * DAY_MS;
    return { oldest, newest, days, newestLabelled: newest - unlabelled * DAY_MS };
  };

  it.each([
    [365, { last: 84, halves: true, labelDelay: 0, driftWindow: 7 }],
    [120, { last: 56, halves: true, labelDelay: 0, driftWindow: 7 }],
    [80, { last: 40, halves: true, labelDelay: 0, driftWindow: 7 }],
    [79, { last: 39, halves: false, labelDelay: 0, driftWindow: 7 }],
    [24, { last: 12, halves: false, labelDelay: 0 }],
    [1, { last: 1, halves: false, labelDelay: 0 }],
  ])('of %d days', (days, expected) => {
    expect(chooseHoldout(facts(days))).toEqual(expected);
  });

  it('gives every half 20 days with rows wherever it has halves, however far apart and late the labels are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 30 }),
        (days, apart, unlabelled) => {
          const time = facts(days, { apart, unlabelled });
          const { last, halves, labelDelay } = chooseHoldout(time);
          const end = trainingEnd(time.newest, last * DAY_MS);
          const window = holdoutWindow(time.newest, [end], labelDelay * DAY_MS, time.oldest);
          const first = halfOf(window, halves ? 'development' : 'whole');
          const within = Math.floor((first.to - first.from) / DAY_MS / apart);
          expect(last).toBeGreaterThanOrEqual(1);
          if (halves) {
            expect(within).toBeGreaterThanOrEqual(20);
            expect(end).toBeGreaterThan(time.oldest);
          }
        },
      ),
    );
  });
});

describe('names', () => {
  it.each([
    ['data/flights 2013.csv.gz', 'flights-2013'],
    ['data/*.parquet', 'data'],
    ['data/part-*.csv', 'part'],
    ['late.csv.dvc', 'late'],
    ['数据.csv', 'data'],
    ['__proto__.csv', 'proto'],
  ])('of %s is %s', (path, name) => {
    expect(datasetName(path)).toBe(name);
  });

  it('are names, whatever they are made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(Name.safeParse(datasetName(text)).success).toBe(true);
        expect(Name.safeParse(modelName(undefined, text)).success).toBe(true);
      }),
    );
  });
});
