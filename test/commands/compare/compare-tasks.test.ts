import { beforeAll, describe, expect, it } from 'vitest';
import { Decision } from '../../../lib/gate/decision.ts';
import { assay } from '../../cli/command-line.ts';
import { newFolder, write } from '../../git/repository.ts';
import { csv, rowsOf, sigmoid } from '../days.ts';

const ROWS = rowsOf({ days: 40, perDay: 12 });
const CLASSES = ['low', 'mid', 'high'] as const;
const LEVELS = [0.1, 0.5, 0.9] as const;
const Z90 = 1.2815515655446004;

/** What the two features say, and what happened: two thirds of the truth are `x`, which the baseline does not know. */
const truth = ({ x, z }: { x: number; z: number }) => 1.5 * x + 0.6 * z;
const classOf = (value: number) => CLASSES[value < -0.7 ? 0 : value < 0.7 ? 1 : 2];
const softmax = (values: readonly number[]) => {
  const exps = values.map(Math.exp);
  const sum = exps.reduce((total, one) => total + one, 0);
  return exps.map((one) => one / sum);
};
const probabilities = (value: number) => softmax([-1.5 * value - 0.5, 0.5, 1.5 * value - 0.5]);
const quantiles = (value: number, spread: number) => [value - Z90 * spread, value, value + Z90 * spread];
const named = (names: readonly string[], values: readonly number[]) =>
  Object.fromEntries(names.map((name, j) => [name, values[j]]));

const MULTI = {
  good: ROWS.map((row) => ({
    id: row.id,
    at: row.at,
    region: row.region,
    y: classOf(truth(row)),
    ...named(
      CLASSES.map((name) => `p_${name}`),
      probabilities(truth(row)),
    ),
  })),
  // The same classes in another order of columns, under their plain names.
  weak: ROWS.map((row) => {
    const [low, mid, high] = probabilities(0.6 * row.z);
    return { id: row.id, high, low, mid };
  }),
};
const QUANTILE = {
  good: ROWS.map((row) => ({
    id: row.id,
    at: row.at,
    y: truth(row) + row.late - 0.5,
    ...named(
      LEVELS.map((level) => `q_${level}`),
      quantiles(truth(row), 0.5),
    ),
  })),
  weak: ROWS.map((row) => ({
    id: row.id,
    ...named(['q0.10', '0.5', 'q_.9'], quantiles(0.6 * row.z, 1.5)),
  })),
};
/** Four documents a query, three queries a day. */
const RANKING = {
  good: ROWS.map((row, index) => ({
    id: row.id,
    at: row.at.slice(0, 10),
    q: `q${Math.floor(index / 4)}`,
    y: row.late,
    score: truth(row),
  })),
  weak: ROWS.map(({ id, z }) => ({ id, score: z })),
};
const NUMBERS = {
  good: ROWS.map((row) => ({
    id: row.id,
    at: row.at,
    w: 1 + (row.late ? 1 : 0),
    y: truth(row) + row.late,
    score: truth(row),
  })),
  weak: ROWS.map(({ id, z }) => ({ id, score: z })),
};
const BINARY = {
  good: ROWS.map((row) => ({ id: row.id, at: row.at, w: row.late + 0.5, late: row.late, score: sigmoid(truth(row)) })),
  weak: ROWS.map(({ id, z }) => ({ id, score: sigmoid(0.6 * z) })),
};

let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  for (const [name, { good, weak }] of Object.entries({ MULTI, QUANTILE, RANKING, NUMBERS, BINARY })) {
    await write(folder, { [`${name}-good.csv`]: csv(good), [`${name}-weak.csv`]: csv(weak) });
  }
});

async function compared(name: string, ...options: string[]): Promise<Decision> {
  const args = ['compare', `${name}-weak.csv`, `${name}-good.csv`, '--id', 'id', '--cluster', 'at', '--json'];
  const { out, err, code } = await assay(folder, [...args, ...options]);
  expect(err).toBe('');
  expect(code).toBe(0);
  return Decision.parse(JSON.parse(out));
}

describe('assay compare decides', () => {
  it('a multiclass task from its columns, whatever their order and names', async () => {
    const decision = await compared('MULTI', '--label', 'y', '--classes', 'low,mid,high');
    expect(decision).toMatchObject({ task: 'multiclass', verdict: 'pass' });
    const [primary, accuracy] = decision.comparisons;
    expect([primary?.metric, accuracy?.metric]).toEqual(['multiclass_log_loss', 'multiclass_accuracy']);
    const loss = (at: (row: (typeof ROWS)[number]) => number[]) =>
      ROWS.reduce((sum, row) => sum - Math.log(at(row)[CLASSES.indexOf(classOf(truth(row)) ?? 'low')] ?? 0), 0) /
      ROWS.length;
    expect(primary?.candidate).toBeCloseTo(
      loss((row) => probabilities(truth(row))),
      12,
    );
    expect(primary?.baseline).toBeCloseTo(
      loss((row) => probabilities(0.6 * row.z)),
      12,
    );
    // Where classes are counted from 0 in another order, nothing else changes.
    const turned = await compared('MULTI', '--label', 'y', '--classes', 'high,low,mid');
    expect(turned.comparisons.map(({ verdict }) => verdict)).toEqual(
      decision.comparisons.map(({ verdict }) => verdict),
    );
    expect(turned.comparisons[0]?.candidate).toBeCloseTo(primary?.candidate ?? 0, 12);
  });

  it('a multiclass task whose files name the classes, slice by slice', async () => {
    const [{ out }, sliced] = [
      await assay(folder, [
        'compare',
        'MULTI-good.csv',
        'MULTI-good.csv',
        '--id',
        'id',
        '--label',
        'y',
        '--cluster',
        'at',
        '--json',
      ]),
      await compared('MULTI', '--label', 'y', '--classes', 'low,mid,high', '--slice', 'region'),
    ];
    expect(JSON.parse(out)).toMatchObject({ task: 'multiclass', comparisons: [{ reason: 'identical' }, {}] });
    expect(sliced.comparisons.map(({ slice }) => slice?.value)).toEqual([undefined, undefined, 'north', 'south']);
  });

  it('quantiles from their columns, however a level is written', async () => {
    const decision = await compared('QUANTILE', '--label', 'y', '--levels', '0.9,0.1,0.5');
    expect(decision).toMatchObject({ task: 'quantile', verdict: 'pass' });
    const pinball = ROWS.reduce((sum, row) => {
      const actual = truth(row) + row.late - 0.5;
      return (
        sum +
        quantiles(truth(row), 0.5).reduce((total, value, j) => {
          const level = LEVELS[j] ?? 0;
          return total + Math.max(level * (actual - value), (level - 1) * (actual - value));
        }, 0) /
          3
      );
    }, 0);
    expect(decision.comparisons[0]).toMatchObject({
      metric: 'pinball_loss',
      candidate: expect.closeTo(pinball / ROWS.length, 12),
    });
  });

  it('a ranking by query, clustered by day or by query', async () => {
    const byDay = await compared('RANKING', '--label', 'y', '--query', 'q');
    expect(byDay).toMatchObject({ task: 'ranking', verdict: 'pass', holdout: { clusters: 40, clusterUnit: 'day' } });
    expect(byDay.comparisons.map(({ metric }) => metric)).toEqual(['ndcg_10', 'mrr']);
    const { out } = await assay(folder, [
      ...['compare', 'RANKING-weak.csv', 'RANKING-good.csv', '--id', 'id', '--label', 'y', '--query', 'q', '--json'],
    ]);
    const byQuery = Decision.parse(JSON.parse(out));
    expect(byQuery.holdout).toMatchObject({ clusters: ROWS.length / 4, clusterUnit: 'group', clusterColumn: 'q' });
    expect(byQuery.warnings).toEqual([]);
    expect(byQuery.comparisons[0]?.candidate).toBe(byDay.comparisons[0]?.candidate);
  });

  it('numbers, and forecasts of them', async () => {
    const numbers = await compared('NUMBERS', '--label', 'y');
    expect(numbers).toMatchObject({ task: 'regression', comparisons: [{ metric: 'rmse' }, { metric: 'mae' }] });
    const forecast = await compared('NUMBERS', '--label', 'y', '--task', 'forecast', '--metric', 'wape,rmse');
    expect(forecast).toMatchObject({ task: 'forecast', comparisons: [{ metric: 'wape' }, { metric: 'rmse' }] });
    expect(forecast.comparisons[1]?.candidate).toBe(numbers.comparisons[0]?.candidate);
  });

  it('rows by their weight', async () => {
    const decision = await compared('NUMBERS', '--label', 'y', '--weight', 'w', '--metric', 'mae');
    const [total, weight] = NUMBERS.good.reduce(
      ([sum, all], { y, score, w }) => [sum + w * Math.abs(y - score), all + w] as const,
      [0, 0] as readonly [number, number],
    );
    expect(decision.comparisons[0]?.candidate).toBeCloseTo(total / weight, 12);
    expect(decision.rules.weight).toBe('w');
    expect(decision.holdout.digest).not.toBe((await compared('NUMBERS', '--label', 'y')).holdout.digest);
    const binary = await compared('BINARY', '--label', 'late', '--weight', 'w', '--metric', 'accuracy');
    const right = BINARY.good.reduce((sum, { late, score, w }) => sum + (Number(score >= 0.5) === late ? w : 0), 0);
    const all = BINARY.good.reduce((sum, { w }) => sum + w, 0);
    expect(binary.comparisons[0]?.candidate).toBeCloseTo(right / all, 12);
  });
});

describe('assay compare refuses, with the side, the column and the first rows', () => {
  type Rows = readonly Readonly<Record<string, unknown>>[];
  const changed = (rows: Rows, places: readonly number[], change: object): Rows =>
    rows.map((row, index) => (places.includes(index) ? { ...row, ...change } : row));
  const cases: [string, keyof typeof GIVEN, Partial<Record<'good' | 'weak', Rows>>, string[], string, RegExp][] = [];
  const GIVEN = { MULTI, QUANTILE, RANKING, NUMBERS, BINARY };
  const LABEL = { MULTI: 'y', QUANTILE: 'y', RANKING: 'y', NUMBERS: 'y', BINARY: 'late' };
  const multi = ['--classes', 'low,mid,high'];
  const levels = ['--levels', '0.1,0.5,0.9'];
  const mirrored = BINARY.weak.map(({ id }, index) => ({ id, score: 1 - (BINARY.good[index]?.score ?? 0) }));
  cases.push(
    [
      'a NaN',
      'BINARY',
      { weak: changed(BINARY.weak, [3, 5], { score: 'NaN' }) },
      [],
      'E_SCORE_NOT_FINITE',
      /2 score.*baseline.*"score".*NaN of id "e00003" \(row \d+ of [\w.-]+\); then "e00005"/,
    ],
    [
      'an infinity',
      'NUMBERS',
      { good: changed(NUMBERS.good, [7], { score: 'inf' }) },
      [],
      'E_SCORE_NOT_FINITE',
      /1 score.*candidate.*Infinity of id "e00007"/,
    ],
    [
      'a score beyond 1',
      'BINARY',
      { good: changed(BINARY.good, [1, 2], { score: 1.5 }) },
      [],
      'E_SCORE_NOT_PROBABILITY',
      /2 score.*candidate.*1\.5 of id "e00001" \(row \d+ of [\w.-]+\); then "e00002"/,
    ],
    [
      'a class without a number',
      'MULTI',
      { weak: changed(MULTI.weak, [4], { low: null }) },
      multi,
      'E_SCORE_NOT_FINITE',
      /baseline.*"low".*"e00004"/,
    ],
    [
      'probabilities that are none',
      'MULTI',
      { good: changed(MULTI.good, [4], { p_mid: 7 }) },
      multi,
      'E_SCORE_NOT_PROBABILITY',
      /candidate.*"p_mid".*7 of id "e00004"/,
    ],
    [
      'probabilities that do not add up',
      'MULTI',
      { good: changed(MULTI.good, [4, 9], { p_mid: 0, p_low: 0, p_high: 0.25 }) },
      multi,
      'E_SCORE_SUM',
      /candidate.*p_low, p_mid, p_high.*2 row.*0\.25 of id "e00004" \(row \d+ of [\w.-]+\); then "e00009"/,
    ],
    [
      'a label outside of the classes',
      'MULTI',
      { good: changed(MULTI.good, [0, 8], { y: 'huge' }) },
      multi,
      'E_LABEL_CLASS',
      /2 label.*"y".*"huge" of id "e00000" \(row \d+ of [\w.-]+\); then "e00008"/,
    ],
    [
      'a class that one side lacks',
      'MULTI',
      { weak: MULTI.weak.map(({ mid: _mid, ...row }) => row) },
      multi,
      'E_SCORE_COLUMNS',
      /baseline.*"p_mid"/,
    ],
    [
      'classes that the sides do not share',
      'MULTI',
      { weak: MULTI.weak.map(({ id, high, low, mid }) => ({ id, p_low: low, p_mid: mid, p_top: high })) },
      [],
      'E_SCORE_CLASSES',
      /candidate.*other classes: high.*none of top/,
    ],
    [
      'columns in another order than the classes',
      'MULTI',
      {},
      [...multi, '--score', 'p_mid,p_low,p_high'],
      'E_COLUMN_MISSING',
      /MULTI-weak\.csv.*"p_mid"/,
    ],
    [
      'columns of the classes in another order',
      'MULTI',
      { weak: MULTI.good.map(({ y: _y, ...row }) => row) },
      [...multi, '--score', 'p_mid,p_low,p_high'],
      'E_SCORE_CLASS_ORDER',
      /baseline.*p_mid, p_low, p_high.*low, mid, high/,
    ],
    [
      'a label that is neither',
      'BINARY',
      { good: changed(BINARY.good, [2], { late: 3 }) },
      ['--metric', 'roc_auc'],
      'E_LABEL_NOT_BINARY',
      /"late".*3 of id "e00002"/,
    ],
    [
      'quantiles that cross',
      'QUANTILE',
      { good: changed(QUANTILE.good, [6], { 'q_0.1': 99 }) },
      levels,
      'E_SCORE_QUANTILES_CROSS',
      /candidate.*q_0\.1, q_0\.5, q_0\.9.*1 row.*"e00006"/,
    ],
    ['a level that is not there', 'QUANTILE', {}, ['--levels', '0.1,0.25'], 'E_SCORE_COLUMNS', /baseline.*"q_0\.25"/],
    ['a level twice', 'QUANTILE', {}, ['--levels', '0.1,0.1'], 'E_COMPARE_RULE', /levels/],
    ['a query that is not there', 'RANKING', {}, ['--query', 'qq'], 'E_COLUMN_MISSING', /"qq" \(query\)/],
    [
      'a row without a query',
      'RANKING',
      { good: changed(RANKING.good, [1, 5], { q: null }) },
      ['--query', 'q'],
      'E_QUERY_MISSING',
      /2 row.*"q".*"e00001" \(row \d+ of [\w.-]+\); then "e00005"/,
    ],
    [
      'a query over two days',
      'RANKING',
      { good: changed(RANKING.good, [15], { at: '2024-03-01' }) },
      ['--query', 'q'],
      'E_QUERY_SPLIT',
      /"q3" of "q".*"at".*"e00015"/,
    ],
    [
      'a negative relevance',
      'RANKING',
      { good: changed(RANKING.good, [3], { y: -1 }) },
      ['--query', 'q'],
      'E_LABEL_RELEVANCE',
      /"y".*-1 of id "e00003"/,
    ],
    ['no query for a ranking', 'RANKING', {}, ['--task', 'ranking'], 'E_COMPARE_RULE', /query/],
    [
      'a weight of 0',
      'NUMBERS',
      { good: changed(NUMBERS.good, [2, 4], { w: 0 }) },
      ['--weight', 'w'],
      'E_WEIGHT',
      /2 weight.*"w".*0 of id "e00002" \(row \d+ of [\w.-]+\); then "e00004"/,
    ],
    [
      'a negative weight',
      'NUMBERS',
      { good: changed(NUMBERS.good, [2], { w: -1 }) },
      ['--weight', 'w'],
      'E_WEIGHT',
      /"w".*-1 of id "e00002"/,
    ],
    [
      'no weight',
      'NUMBERS',
      { good: changed(NUMBERS.good, [2], { w: null }) },
      ['--weight', 'w'],
      'E_WEIGHT',
      /"w".*NaN of id "e00002"/,
    ],
    [
      'an id twice',
      'NUMBERS',
      { weak: changed(NUMBERS.weak, [2, 3], { id: 'e00001' }) },
      [],
      'E_PAIR_DUPLICATE_ID',
      /baseline.*2 id.*"e00001"/,
    ],
    [
      'ids that do not pair',
      'NUMBERS',
      { weak: changed(NUMBERS.weak, [2, 3], { id: null }) },
      [],
      'E_PAIR_NULL_ID',
      /baseline.*row 3, 4/,
    ],
    [
      'ids that the candidate leaves out',
      'NUMBERS',
      { good: NUMBERS.good.slice(2) },
      [],
      'E_PAIR_MISSING_ID',
      /candidate.*lacks 2 of 480.*"e00000" \(row \d+ of [\w.-]+\); then "e00001"/,
    ],
    [
      'an empty slice',
      'MULTI',
      { good: MULTI.good.map((row) => ({ ...row, region: null })) },
      [...multi, '--slice', 'region'],
      'E_SLICE_EMPTY',
      /"region".*480 rows/,
    ],
    [
      'swapped columns',
      'BINARY',
      { weak: mirrored },
      [],
      'E_SCORE_REVERSED',
      /baseline's scores rank backwards on 480 rows.*candidate has.*1 −/,
    ],
    ['a task that there is not', 'BINARY', {}, ['--task', 'cluster'], 'E_COMPARE_RULE', /task: one of binary/],
    [
      'a metric of another task',
      'BINARY',
      {},
      ['--task', 'multiclass', '--classes', '0,1', '--metric', 'rmse'],
      'E_SCORE_COLUMNS',
      /"p_0", "p_1"/,
    ],
    [
      'a metric that needs a past',
      'NUMBERS',
      {},
      ['--task', 'forecast', '--metric', 'mase'],
      'E_GATE_METRIC_NEEDS',
      /mase.*past/,
    ],
  );
  it.each(cases)('%s', async (_what, name, files, options, code, text) => {
    const place = await newFolder();
    const { good, weak } = { ...GIVEN[name], ...files };
    await write(place, { [`${name}-good.csv`]: csv(good), [`${name}-weak.csv`]: csv(weak) });
    const args = [
      'compare',
      `${name}-weak.csv`,
      `${name}-good.csv`,
      '--id',
      'id',
      '--label',
      LABEL[name],
      '--cluster',
      'at',
    ];
    const shown = await assay(place, [...args, ...options]);
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toMatch(text);
    expect(shown.err).toMatch(new RegExp(`\\(${code}\\)\\n {2}fix: .+\\n$`));
  });
});
