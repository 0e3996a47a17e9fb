import { describe, expect, it } from 'vitest';
import { promote } from '../../../lib/commands/registry/promote.ts';
import { register } from '../../../lib/commands/registry/register.ts';
import { Decision } from '../../../lib/gate/decision.ts';
import { write } from '../../git/repository.ts';
import { rowsOf } from '../days.ts';
import { judged, trained } from '../failing.ts';
import {
  commandYaml,
  errorOf,
  files,
  newWorkspace,
  opened,
  treesYaml,
  type Workspace,
  type Yaml,
} from '../repository.ts';

const CLASSES = ['low', 'mid', 'high'];

/** Rows of every task: what is to be predicted follows from `x` and `z`, and three shops sell by their own scale. */
const ROWS = rowsOf({ days: 120, perDay: 12 }).map((row, index) => {
  const value = 1.5 * row.x + 0.6 * row.z;
  return {
    ...row,
    class: CLASSES[value < -0.7 ? 0 : value < 0.7 ? 1 : 2],
    amount: Number((value + row.late).toFixed(3)),
    query: `q${Math.floor(index / 4)}`,
    shop: ['a', 'b', 'c'][index % 3],
    weight: 1 + (index % 2),
  };
});

/** Scores every row by what the specification asks for: one column a class or level, else `score`. */
const PREDICT = `import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const spec = JSON.parse(readFileSync(process.env.ASSAY_SPEC, 'utf8'));
const model = JSON.parse(readFileSync(join(spec.artifact, 'model.json'), 'utf8'));
const [head, ...lines] = readFileSync(spec.data, 'utf8').trim().split('\\n').map((line) => line.split(','));
const at = Object.fromEntries(head.map((name, index) => [name, index]));
const scoresOf = (value) => {
  if (spec.task === 'multiclass') {
    const exps = [-1.5 * value - 0.5, 0.5, 1.5 * value - 0.5].map(Math.exp);
    const byName = Object.fromEntries(['low', 'mid', 'high'].map((name, j) => [name, exps[j] / (exps[0] + exps[1] + exps[2])]));
    return spec.classes.map((name) => byName[name]);
  }
  if (spec.task === 'quantile') return spec.levels.map((level) => value + 0.5 + Math.log(level / (1 - level)) / 4);
  return [value];
};
const out = lines.map((cells) => [cells[at.id], ...scoresOf(model.x * cells[at.x] + model.z * cells[at.z])].join(','));
writeFileSync(spec.output, [['id', ...spec.scores].join(','), ...out].join('\\n') + '\\n');
`;

function taskYaml(changes: Readonly<Record<string, unknown>>): Yaml {
  return commandYaml({ drift: undefined, ...changes });
}

const newTask = (changes: Readonly<Record<string, unknown>>, rows: readonly object[] = ROWS): Promise<Workspace> =>
  newWorkspace({ ...files(taskYaml(changes), rows), 'predict.mjs': PREDICT });

async function decided(changes: Readonly<Record<string, unknown>>, rows?: readonly object[]): Promise<Decision> {
  const workspace = await newTask(changes, rows);
  const { run } = await trained(workspace);
  return Decision.parse((await judged(workspace, run.record.key)).decision);
}

describe("a command's model of", () => {
  it('classes is judged by its probabilities, against how often they occur, and promoted', async () => {
    const workspace = await newTask({ task: 'multiclass', target: 'class', classes: CLASSES, gate: {} });
    const { run } = await trained(workspace);
    const { decision } = await judged(workspace, run.record.key);
    expect(decision).toMatchObject({ verdict: 'pass', task: 'multiclass', baseline: { kind: 'constant' } });
    const [primary] = decision.comparisons;
    expect(primary?.metric).toBe('multiclass_log_loss');
    // The entropy of the development half's classes: nobody who knows no row does better.
    const half = ROWS.slice(60 * 12, 90 * 12);
    const shares = CLASSES.map((name) => half.filter((row) => row.class === name).length / half.length);
    expect(primary?.baseline).toBeCloseTo(-shares.reduce((sum, share) => sum + share * Math.log(share), 0), 12);
    expect(run.record.signature).toMatchObject({
      task: 'multiclass',
      outputs: CLASSES.map((name) => ({ name: `p_${name}`, type: 'float' })),
    });
    const { context, project } = await opened(workspace);
    expect((await register(context, { project })).version).toBe('1.0.0');
    expect(await promote(context, { project })).toMatchObject({
      decision: { verdict: 'pass', task: 'multiclass', holdout: { half: 'sealed', rows: 360 } },
      promoted: { version: '1.0.0' },
    });
  });

  it('quantiles, against those of the labels', async () => {
    const decision = await decided({ task: 'quantile', target: 'amount', levels: [0.1, 0.5, 0.9], gate: {} });
    expect(decision).toMatchObject({ verdict: 'pass', task: 'quantile' });
    expect(decision.comparisons.map(({ metric }) => metric)).toEqual(['pinball_loss', 'interval_score']);
    const sorted = ROWS.slice(60 * 12, 90 * 12)
      .map(({ amount }) => amount)
      .sort((a, b) => a - b);
    const loss = [0.1, 0.5, 0.9].reduce((total, level) => {
      const quantile = sorted[Math.ceil(level * sorted.length) - 1] ?? Number.NaN;
      return total + sorted.reduce((sum, y) => sum + Math.max(level * (y - quantile), (level - 1) * (y - quantile)), 0);
    }, 0);
    expect(decision.comparisons[0]?.baseline).toBeCloseTo(loss / (3 * sorted.length), 12);
  });

  it('a ranking, against a random order, by day', async () => {
    const changes = { task: 'ranking', target: 'late', query: 'query' };
    const decision = await decided({ ...changes, gate: {} });
    expect(decision).toMatchObject({ verdict: 'pass', task: 'ranking', holdout: { clusters: 30, clusterUnit: 'day' } });
    expect(decision.comparisons.map(({ metric }) => metric)).toEqual(['ndcg_10', 'mrr']);
    const again = await decided({ ...changes, gate: {} });
    expect(again.baseline.predictions).toBe(decision.baseline.predictions);
  });

  it('a forecast, by the naive error of every shop before the holdout', async () => {
    const series = { task: 'forecast', target: 'amount', series: 'shop', season: 4 };
    const decision = await decided({ ...series, gate: { primary: 'mase', guardrails: ['rmse'] } });
    expect(decision).toMatchObject({ task: 'forecast', verdict: 'pass' });
    const past = ROWS.slice(0, 60 * 12);
    const scales = new Map(
      ['a', 'b', 'c'].map((shop) => {
        const own = past.filter((row) => row.shop === shop).map(({ amount }) => amount);
        const steps = own.slice(4).map((amount, t) => Math.abs(amount - (own[t] ?? 0)));
        return [shop, steps.reduce((sum, step) => sum + step, 0) / steps.length] as const;
      }),
    );
    const half = ROWS.slice(60 * 12, 90 * 12);
    const mase = half.reduce(
      (sum, { x, z, amount, shop = '' }) => sum + Math.abs(1.5 * x + 0.6 * z - amount) / (scales.get(shop) ?? 0),
      0,
    );
    expect(decision.comparisons[0]).toMatchObject({
      metric: 'mase',
      candidate: expect.closeTo(mase / half.length, 12),
    });
  });

  it('numbers, weighted', async () => {
    const decision = await decided({
      task: 'regression',
      target: 'amount',
      gate: { primary: 'mae', weight: 'weight' },
    });
    const half = ROWS.slice(60 * 12, 90 * 12);
    const [total, weights] = half.reduce(
      ([sum, all], { x, z, amount, weight }) =>
        [sum + weight * Math.abs(1.5 * x + 0.6 * z - amount), all + weight] as const,
      [0, 0] as readonly [number, number],
    );
    expect(decision.comparisons[0]?.candidate).toBeCloseTo(total / weights, 12);
  });
});

it('a built-in trainer learns forecasts and relevances as numbers', async () => {
  const yaml = treesYaml({ task: 'forecast', target: 'amount', gate: { primary: 'mase' }, drift: undefined });
  const workspace = await newWorkspace(files(yaml, ROWS));
  const { run } = await trained(workspace);
  expect((await judged(workspace, run.record.key)).decision).toMatchObject({ task: 'forecast', verdict: 'pass' });
});

describe('a holdout that a task cannot take', () => {
  const changed = (place: number, change: object) =>
    ROWS.map((row, index) => (index === place ? { ...row, ...change } : row));
  const multi = { task: 'multiclass', target: 'class', classes: CLASSES, gate: {} };
  const ranking = { task: 'ranking', target: 'late', query: 'query', gate: {} };
  const weighted = { task: 'regression', target: 'amount', gate: { primary: 'mae', weight: 'weight' } };
  it.each<[string, Readonly<Record<string, unknown>>, readonly object[], string, RegExp]>([
    [
      'a class that nobody declared',
      multi,
      changed(800, { class: 'huge' }),
      'E_LABEL_CLASS',
      /"class".*"huge" of id "e00800"/,
    ],
    ['a weight of 0', weighted, changed(800, { weight: 0 }), 'E_WEIGHT', /"weight".*0 of id "e00800"/],
    ['no query', ranking, changed(800, { query: null }), 'E_QUERY_MISSING', /"query".*"e00800"/],
    ['a query of two days', ranking, changed(800, { query: 'q185' }), 'E_QUERY_SPLIT', /"q185".*days.*"e00800"/],
    [
      'a slice without a value',
      { ...weighted, gate: { primary: 'mae', slices: ['region'] } },
      ROWS.map((row, index) => ({ ...row, region: index < 720 ? row.region : null })),
      'E_SLICE_EMPTY',
      /"region".*360 rows/,
    ],
    ['no such weight', { ...weighted, gate: { weight: 'w' } }, ROWS, 'E_COLUMN_MISSING', /"w" \(weight\)/],
    [
      'no such series',
      { task: 'forecast', target: 'amount', series: 's', gate: {} },
      ROWS,
      'E_COLUMN_MISSING',
      /"s" \(series\)/,
    ],
  ])('%s', async (_what, changes, rows, code, text) => {
    const workspace = await newTask(changes, rows);
    const { run } = await trained(workspace);
    expect(await errorOf(judged(workspace, run.record.key))).toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringMatching(text),
    });
  });

  it('predictions without a class', async () => {
    const workspace = await newTask(multi);
    const { run } = await trained(workspace);
    await write(workspace.root, {
      'predict.mjs': PREDICT.replace("['id', ...spec.scores]", "['id', 'p_low', 'p_mid', 'p_top']"),
    });
    expect(await errorOf(judged(workspace, run.record.key))).toMatchObject({
      code: 'E_SCORE_CLASSES',
      message: expect.stringMatching(/candidate.*other classes: top.*none of high/),
    });
  });
});
