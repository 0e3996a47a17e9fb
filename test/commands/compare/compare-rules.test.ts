import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Decision } from '../../../lib/gate/decision.ts';
import { assay } from '../../cli/command-line.ts';
import { newFolder, write } from '../../git/repository.ts';
import { csv, rowsOf, sigmoid } from '../days.ts';
import { trained } from '../failing.ts';
import { commandYaml, files, newWorkspace, type Workspace } from '../repository.ts';

const ROWS = rowsOf({ perDay: 30 });
/** The development half of a project that holds 60 of the 120 days back. */
const HALF = ROWS.slice(60 * 30, 90 * 30);
const NEW = HALF.map(({ x, z, ...row }) => ({ ...row, score: sigmoid(1.5 * x + 0.6 * z) }));
const OLD = HALF.map(({ id, x, z }) => ({ id, score: sigmoid(1.2 * x + 0.2 * z) }));

const FURTHER = {
  primary: 'roc_auc',
  guardrails: ['log_loss', 'f1'],
  slices: [{ column: 'region', critical: true }],
  floors: { roc_auc: 0.6, log_loss: 0.69 },
  margins: { roc_auc: 0.02 },
  fairness: [{ column: 'region', metric: 'recall', margin: 0.1, gap: 0.4 }],
  calibration: { max_ece: 0.2, margin: 0.1 },
  threshold: 0.4,
  alpha: 0.05,
  require: 'not-worse',
  costs: { false_positive: 1, false_negative: 5 },
};

let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  await write(folder, { 'new.csv': csv(NEW), 'old.csv': csv(OLD) });
});

async function shown(rules: object | string, ...options: string[]) {
  await write(folder, { 'rules.yaml': typeof rules === 'string' ? rules : stringify(rules) });
  const args = ['compare', 'old.csv', 'new.csv', '--label', 'late', '--id', 'id', '--rules', 'rules.yaml', '--json'];
  return assay(folder, [...args, ...options]);
}

async function decided(rules: object | string, ...options: string[]): Promise<Decision> {
  const { out } = await shown(rules, ...options);
  return Decision.parse(JSON.parse(out));
}

async function refusal(rules: object | string, ...options: string[]) {
  const { out, code } = await shown(rules, ...options);
  return { exit: code, ...JSON.parse(out) };
}

describe('the rules of a file', () => {
  let project: Workspace;
  beforeAll(async () => {
    const config = files(commandYaml({ gate: FURTHER }), ROWS);
    project = await newWorkspace({ ...config, 'old.csv': csv(OLD) });
    await trained(project);
  });

  /** What a model of assay.yaml is told by the same rules, on the same rows. */
  async function byProject(): Promise<Decision> {
    const { out } = await assay(project.root, ['evaluate-gate', 'late', '--baseline', 'file:old.csv', '--json']);
    return Decision.parse(JSON.parse(out));
  }

  it('ask two files as they ask a model of assay.yaml', async () => {
    const [ours, theirs] = [await decided(FURTHER, '--cluster', 'at'), await byProject()];
    expect(ours.holdout.rows).toBe(theirs.holdout.rows);
    expect(ours.comparisons.map(({ role }) => role)).toEqual([
      ...['primary', 'guardrail', 'guardrail', 'floor', 'floor', 'fairness', 'fairness', 'calibration', 'calibration'],
      ...['critical-slice', 'critical-slice'],
    ]);
    // The scores of the project went through the text of a file, as these did.
    const rounded = (decision: Decision) =>
      JSON.parse(JSON.stringify(decision.comparisons), (_key, value) =>
        typeof value === 'number' ? Number(value.toPrecision(10)) : value,
      );
    expect(rounded(ours)).toEqual(rounded(theirs));
    expect(ours.verdict).toBe(theirs.verdict);
    expect({ ...ours.rules, cluster: undefined }).toEqual({ ...theirs.rules, cluster: undefined });
  });

  it('hold a candidate up that breaks one', async () => {
    const floor = await decided({ ...FURTHER, floors: { roc_auc: 0.99 } }, '--cluster', 'at');
    if (!('comparison' in floor.because)) throw new Error('no rule decided');
    expect(floor).toMatchObject({ verdict: 'fail' });
    expect(floor.comparisons[floor.because.comparison]).toMatchObject({ role: 'floor', margin: 0.99 });
  });

  it('name columns, and options win over them', async () => {
    const rules = {
      cluster: 'at',
      slices: ['region'],
      primary: 'log_loss',
      threshold: 0.3,
      margins: { log_loss: 0.1 },
    };
    const named = await decided(rules);
    expect(named).toMatchObject({
      rules: { primary: 'log_loss', guardrails: [], threshold: 0.3, margins: { log_loss: 0.1 }, cluster: 'at' },
      holdout: { clusters: 30, clusterUnit: 'day' },
    });
    const options = ['--metric', 'accuracy', '--threshold', '0.6', '--margin', 'accuracy=0.2', '--cluster', 'region'];
    expect(await decided(rules, ...options)).toMatchObject({
      rules: { primary: 'accuracy', threshold: 0.6, margins: { log_loss: 0.1, accuracy: 0.2 }, cluster: 'region' },
      holdout: { clusters: 2, clusterUnit: 'group' },
    });
    // What a file does not name is the task's, as without a file.
    expect((await decided('', '--cluster', 'at')).rules).toMatchObject({
      primary: 'roc_auc',
      guardrails: ['log_loss'],
    });
    expect((await decided('guardrails: [f1]', '--cluster', 'at')).rules).toMatchObject({
      primary: 'roc_auc',
      guardrails: ['f1'],
    });
  });

  it('make blocks of days, and the losses of days in order', async () => {
    const blocks = await decided('time_series: { block: 1d }', '--cluster', 'at');
    expect(blocks.holdout).toMatchObject({ clusters: 30, clusterUnit: 'block', blockDays: 1, clusterColumn: 'at' });
    const horizon = await decided('{ primary: brier, time_series: { horizon: 2 } }', '--cluster', 'at');
    expect(horizon.comparisons[0]?.interval?.method).toBe('diebold-mariano-hln');
    expect(await refusal('time_series: { block: 2d }')).toMatchObject({ code: 'E_COMPARE_RULE', exit: 2 });
    expect(await refusal('time_series: { block: 2d }', '--cluster', 'region')).toMatchObject({
      code: 'E_COMPARE_RULE',
      message: expect.stringMatching(/time_series: "region" is no time or date/),
    });
  });

  it.each<[string, string, string, RegExp]>([
    ['seeds', 'seeds: 5', 'E_PROJECT_VALUE', /"seeds" in rules\.yaml:1:1.*trainings of a model/],
    [
      'creep',
      'primary: roc_auc\ncreep: false',
      'E_PROJECT_VALUE',
      /"creep" in rules\.yaml:2:1.*versions of a registry/,
    ],
    ['budgets', 'budgets: { size: 1MB }', 'E_PROJECT_VALUE', /"budgets" in rules\.yaml:1.*no model/],
    ['looks', 'looks: 3', 'E_PROJECT_VALUE', /"looks".*no look is counted/],
    ['another baseline', 'baseline: proven', 'E_PROJECT_VALUE', /"baseline".*first of the two files/],
    [
      'chosen thresholds',
      'choose_threshold: { objective: f1 }',
      'E_PROJECT_VALUE',
      /"choose_threshold".*development half/,
    ],
    ['a key that there is not', 'floor: { roc_auc: 1 }', 'E_PROJECT_UNKNOWN_KEY', /"floor" in rules\.yaml:1:1/],
    ['a value that it cannot be', 'alpha: 7', 'E_PROJECT_VALUE', /"alpha" in rules\.yaml:1/],
    ['no YAML', 'alpha: {', 'E_PROJECT_YAML', /rules\.yaml:1/],
    ['a floor of another task', 'floors: { rmse: 1 }', 'E_COMPARE_RULE', /floors\.rmse.*does not fit a binary task/],
    ['a slice that is not there', 'slices: [regoin]', 'E_COLUMN_MISSING', /"regoin" \(slice\)/],
    ['a group that is not there', 'fairness: [{ column: sex }]', 'E_COLUMN_MISSING', /"sex" \(slice\)/],
  ])('that two files cannot be asked by: %s', async (_what, rules, code, message) => {
    const found = await refusal(rules, '--cluster', 'at');
    expect(found).toMatchObject({ code, exit: 2, message: expect.stringMatching(message) });
  });

  it('that are not there', async () => {
    const args = ['compare', 'old.csv', 'new.csv', '--label', 'late', '--id', 'id', '--rules', 'none.yaml', '--json'];
    const { out, code } = await assay(folder, args);
    expect([code, JSON.parse(out)]).toMatchObject([
      2,
      { code: 'E_COMPARE_FILE', message: expect.stringMatching(/none\.yaml/) },
    ]);
  });
});

describe('MASE of two files', () => {
  const SHOPS = ['a', 'b', 'c'];
  const sold = ROWS.map((row, index) => {
    const shop = SHOPS[index % 3] ?? '';
    const scale = { a: 1, b: 10, c: 100 }[shop] ?? 1;
    return {
      id: row.id,
      day: row.at.slice(0, 10),
      at: row.at,
      shop,
      y: scale * (2 + row.x + row.z),
      guess: scale * (2 + row.x),
    };
  });
  const [past, held] = [sold.slice(0, 60 * 30), sold.slice(60 * 30)];
  const scores = (of: (row: (typeof sold)[number]) => number) => held.map((row) => ({ id: row.id, score: of(row) }));

  let place: string;
  beforeAll(async () => {
    place = await newFolder();
    await write(place, {
      // The whole of it: what is compared is no past.
      'sold.csv': csv(sold.map(({ guess: _guess, ...row }) => row)),
      'old.csv': csv(scores(({ y, guess }) => 2 * guess - y)),
      'new.csv': csv(held.map(({ guess, ...row }) => ({ ...row, score: guess }))),
    });
  });
  const run = (...options: string[]) =>
    assay(place, [
      'compare',
      'old.csv',
      'new.csv',
      '--label',
      'y',
      '--id',
      'id',
      '--metric',
      'mase',
      '--json',
      ...options,
    ]);

  it.each([1, 3])('is the mean error over the naive error of every series before, of season %d', async (season) => {
    const { out, code } = await run(
      '--history',
      'sold.csv',
      '--time',
      'at',
      '--cluster',
      'day',
      '--series',
      'shop',
      '--season',
      `${season}`,
    );
    const decision = Decision.parse(JSON.parse(out));
    expect([code, decision.task]).toEqual([decision.verdict === 'pass' ? 0 : 5, 'forecast']);
    const naive = new Map(
      SHOPS.map((shop) => {
        const values = past.filter((row) => row.shop === shop).map(({ y }) => y);
        const errors = values.slice(season).map((value, index) => Math.abs(value - (values[index] ?? 0)));
        return [shop, errors.reduce((sum, error) => sum + error, 0) / errors.length];
      }),
    );
    const mase =
      held.reduce((sum, { y, guess, shop }) => sum + Math.abs(y - guess) / (naive.get(shop) ?? 0), 0) / held.length;
    expect(decision.comparisons[0]).toMatchObject({ metric: 'mase', candidate: expect.closeTo(mase, 10) });
  });

  it.each<[string, string[], string, RegExp]>([
    ['a past', ['--cluster', 'day'], 'E_GATE_METRIC_NEEDS', /every series' past/],
    ['the times of the past', ['--history', 'sold.csv'], 'E_GATE_METRIC_NEEDS', /column of times/],
    [
      'a column of the past',
      ['--history', 'sold.csv', '--time', 'day', '--series', 'store'],
      'E_COLUMN_MISSING',
      /"sold\.csv" has no column "store" \(series\)/,
    ],
    ['a season of rows', ['--history', 'sold.csv', '--time', 'day', '--season', '0.5'], 'E_COMPARE_RULE', /season/],
    ['a past that is there', ['--history', 'none.csv', '--time', 'day'], 'E_TABLE_FILE_MISSING', /none\.csv/],
  ])('needs %s', async (_what, options, code, message) => {
    const { out, code: exit } = await run(...options);
    expect({ exit, ...JSON.parse(out) }).toMatchObject({ code, exit: 2, message: expect.stringMatching(message) });
  });
});
