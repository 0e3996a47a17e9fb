import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CompareRequest, compare, compareFiles } from '../../../lib/commands/compare/compare.ts';
import { Decision } from '../../../lib/gate/decision.ts';
import { newFolder, write } from '../../git/repository.ts';
import { csv, pairAuc, rowsOf, sigmoid } from '../days.ts';
import { contextOf, errorOf } from '../repository.ts';

const ROWS = rowsOf({ days: 60, perDay: 30 });
const GOOD = ROWS.map(({ id, at, region, late, x, z }) => ({
  id,
  at,
  region,
  late,
  score: sigmoid(1.5 * x + 0.6 * z),
}));
const WEAK = ROWS.map(({ id, z }) => ({ id, score: sigmoid(0.6 * z) }));

/** Files of predictions as a user has them; the label stands in the good one alone. */
const FILES = {
  'good.csv': csv(GOOD),
  'weak.csv': csv(WEAK),
  'weak.jsonl': WEAK.map((row) => `${JSON.stringify(row)}\n`).join(''),
};

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  await write(cwd, FILES);
});

async function compared(changes: Partial<CompareRequest> = {}, folder = cwd): Promise<Decision> {
  const request: CompareRequest = {
    cwd: folder,
    baseline: 'weak.csv',
    candidate: 'good.csv',
    label: 'late',
    id: ['id'],
    cluster: 'at',
    score: 'score',
    slices: [],
    metrics: [],
    margins: {},
    ...changes,
  };
  return Decision.parse(await compare(contextOf({ root: folder }), request));
}

/** The comparison after one file was changed, beside the others. */
async function withFile(name: string, text: string, changes: Partial<CompareRequest> = {}): Promise<Decision> {
  const folder = await newFolder();
  await write(folder, { ...FILES, [name]: text });
  return compared(changes, folder);
}

describe('two prediction files', () => {
  it('leave evidence that belongs to the decision, with values only when they are asked for', async () => {
    const request = { cwd, baseline: 'weak.csv', candidate: 'good.csv', label: 'late', id: ['id'], cluster: 'at' };
    const rest = { score: 'score', slices: [], metrics: [], margins: {} };
    const { decision, evidence } = await compareFiles(contextOf({ root: cwd }), { ...request, ...rest });
    expect(evidence).toMatchObject({
      holdout: decision.holdout.digest,
      candidate: decision.candidate.predictions,
      baseline: decision.baseline.predictions,
      rows: ROWS.length,
      findings: { task: 'binary' },
    });
    expect(evidence?.changed.worse[0]).not.toHaveProperty('values');
    const shown = await compareFiles(contextOf({ root: cwd }), { ...request, ...rest, examples: true });
    const [first] = shown.evidence?.changed.worse ?? [];
    const row = GOOD.find(({ id }) => id === first?.id);
    expect(first?.values).toMatchObject({ label: Number(row?.late) });
    expect(first?.values?.candidate).toBeCloseTo(row?.score ?? -1, 5);
  });

  it('are compared by day, with the values that the definition gives', async () => {
    const decision = await compared();
    expect(decision).toMatchObject({
      verdict: 'pass',
      holdout: { rows: 1800, clusters: 60, clusterUnit: 'day', from: '2024-01-01', to: '2024-03-01', half: 'whole' },
      candidate: { kind: 'predictions', label: 'good.csv' },
      baseline: { label: 'weak.csv' },
      warnings: [],
    });
    const [primary] = decision.comparisons;
    expect(primary).toMatchObject({ metric: 'roc_auc', role: 'primary', requirement: 'better', clusters: 60 });
    expect(primary?.interval).toMatchObject({ method: 'cluster-jackknife-t', degreesOfFreedom: 59 });
    expect(primary?.candidate).toBeCloseTo(pairAuc(GOOD), 12);
    const labels = new Map(ROWS.map(({ id, late }) => [id, late]));
    expect(primary?.baseline).toBeCloseTo(pairAuc(WEAK.map((row) => ({ ...row, late: labels.get(row.id) ?? 0 }))), 12);
  });

  it('give mirrored limits the other way round, wherever the label stands', async () => {
    const [there] = (await compared()).comparisons;
    const back = await compared({ baseline: 'good.csv', candidate: 'weak.csv' });
    expect(back.verdict).toBe('fail');
    expect(back.comparisons[0]?.interval?.lower).toBeCloseTo(-(there?.interval?.upper ?? 0), 12);
    expect(back.comparisons[0]?.interval?.upper).toBeCloseTo(-(there?.interval?.lower ?? 0), 12);
  });

  it('may be of different formats and in any order', async () => {
    const plain = await compared();
    const folder = await newFolder();
    await write(folder, { ...FILES, 'good.csv': csv([...GOOD].reverse()) });
    const engine = await contextOf({ root: folder }).openEngine([folder]);
    const good = { name: 'good', files: [join(folder, 'good.csv')], format: 'csv' } as const;
    await engine.write(good, {}, { path: join(folder, 'good.parquet'), format: 'parquet' });
    await engine.close();
    const mixed = await compared({ baseline: 'weak.jsonl', candidate: 'good.parquet' }, folder);
    expect(mixed.comparisons).toEqual(plain.comparisons);
    expect(mixed.holdout.digest).toBe(plain.holdout.digest);
  });

  it('may both have the label, written in two ways', async () => {
    const labels = new Map(ROWS.map(({ id, late }) => [id, late === 1 ? 'true' : 'false']));
    const both = await withFile('weak.csv', csv(WEAK.map((row) => ({ ...row, late: labels.get(row.id) }))));
    expect(both.comparisons).toEqual((await compared()).comparisons);
  });

  it('may lie outside of the working folder', async () => {
    const elsewhere = await newFolder();
    expect(
      (await compared({ baseline: join(cwd, 'weak.csv'), candidate: join(cwd, 'good.csv') }, elsewhere)).verdict,
    ).toBe('pass');
  });

  it('are looked at slice by slice, by declared margins and metrics', async () => {
    const decision = await compared({
      slices: ['region'],
      metrics: ['log_loss', 'accuracy'],
      margins: { log_loss: 0.5, accuracy: 0.4 },
      require: 'not-worse',
      threshold: 0.4,
    });
    expect(decision.comparisons.map(({ metric, role, margin, slice }) => [metric, role, margin, slice?.value])).toEqual(
      [
        ['log_loss', 'primary', 0.5, undefined],
        ['accuracy', 'guardrail', 0.4, undefined],
        ['log_loss', 'slice', 0.5, 'north'],
        ['log_loss', 'slice', 0.5, 'south'],
      ],
    );
    expect(decision.comparisons[0]?.requirement).toBe('not-worse');
  });

  it('count rows as independent without a cluster, and say so', async () => {
    const decision = await compared({ cluster: undefined });
    expect(decision.holdout).toMatchObject({ clusters: 1800, clusterUnit: 'row' });
    expect(decision.warnings).toEqual([expect.stringMatching(/independent.*--cluster/)]);
  });

  it('of numbers are regressions', async () => {
    const number = (row: (typeof GOOD)[number]) => ({ ...row, late: 10 * row.late + row.score });
    const decision = await withFile('good.csv', csv(GOOD.map(number)));
    expect(decision).toMatchObject({ task: 'regression', comparisons: [{ metric: 'rmse' }, { metric: 'mae' }] });
  });

  it('leave out rows without a label, and put rows without a day together', async () => {
    const gaps = GOOD.map((row, index) => ({
      ...row,
      late: index < 12 ? null : row.late,
      at: index === 40 ? null : row.at,
    }));
    const decision = await withFile('good.csv', csv(gaps));
    expect(decision.holdout).toMatchObject({
      rows: 1788,
      clusters: 61,
      from: '2024-01-01',
      excluded: { 'label-missing': 12 },
    });
  });
});

describe('verdicts of too little', () => {
  it.each([
    ['one class only', csv(GOOD.map((row) => ({ ...row, late: 0 }))), 'one-class'],
    ['19 days', csv(GOOD.map((row, index) => (index < 19 * 30 ? row : { ...row, late: null }))), 'too-few-clusters'],
  ])('%s is inconclusive', async (_what, text, reason) => {
    const decision = await withFile('good.csv', text, { metrics: ['roc_auc'] });
    expect(decision.verdict).toBe('inconclusive');
    const why =
      'reason' in decision.because
        ? decision.because.reason
        : decision.comparisons[decision.because.comparison]?.reason;
    expect(why).toBe(reason);
  });
});

describe('files that cannot be compared', () => {
  const changed = (index: number, change: object) =>
    csv(GOOD.map((row, at) => (at === index ? { ...row, ...change } : row)));
  it.each([
    ['a score that is NaN', changed(5, { score: 'NaN' }), 'E_SCORE_NOT_FINITE', /e00005/],
    ['an empty score', changed(5, { score: null }), 'E_SCORE_NOT_FINITE', /e00005/],
    ['a score beyond 1', changed(5, { score: 1.5 }), 'E_SCORE_NOT_PROBABILITY', /1\.5 of id "e00005".*log_loss/],
    ['a score of text', changed(5, { score: 'high' }), 'E_TABLE_COLUMN_KIND', /"score"/],
    ['an id twice', changed(5, { id: 'e00006' }), 'E_PAIR_DUPLICATE_ID', /good\.csv.*"e00006"/],
    ['an id that is missing', changed(5, { id: null }), 'E_PAIR_NULL_ID', /good\.csv.*row 6/],
    [
      'fewer ids than the other',
      csv(GOOD.slice(7)),
      'E_PAIR_MISSING_ID',
      /good\.csv\) lacks 7 of 1800.*"e00000" \(row \d+ of [\w.-]+\); then "e00001"/,
    ],
    ['an id that the other lacks', changed(5, { id: 'other' }), 'E_PAIR_MISSING_ID', /weak\.csv.*"other"/],
    ['no label at all', csv(GOOD.map((row) => ({ ...row, late: null }))), 'E_HOLDOUT_EMPTY', /"late" is empty/],
    [
      'another label column',
      csv(GOOD.map(({ late, ...row }) => ({ ...row, lates: late }))),
      'E_COMPARE_LABEL',
      /"late"/,
    ],
    [
      'another score column',
      csv(GOOD.map(({ score, ...row }) => ({ ...row, scores: score }))),
      'E_COLUMN_MISSING',
      /"good\.csv" has no column "score"/,
    ],
    [
      'another cluster column',
      csv(GOOD.map(({ at, ...row }) => ({ ...row, day: at }))),
      'E_COLUMN_MISSING',
      /"at" \(cluster\)/,
    ],
    ['nothing', '', 'E_TABLE_EMPTY', /good\.csv/],
    ['a line that is too short', `${csv(GOOD)}e9,1\n`, 'E_TABLE_CSV_RAGGED', /good\.csv:1802/],
  ])('%s', async (_what, text, code, message) => {
    const found = await errorOf(withFile('good.csv', text));
    expect(found).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(message) });
    expect(found.fix).not.toBe('');
  });

  it('labels that differ', async () => {
    const labels = new Map(ROWS.map(({ id, late }) => [id, id === 'e00007' ? 1 - late : late]));
    const text = csv(WEAK.map((row) => ({ ...row, late: labels.get(row.id) })));
    const found = await errorOf(withFile('weak.csv', text));
    expect(found).toMatchObject({ code: 'E_PAIR_LABELS_DIFFER', message: expect.stringContaining('e00007') });
  });

  it.each<[string, Partial<CompareRequest>, string, RegExp]>([
    ['a metric that there is not', { metrics: ['auc'] }, 'E_GATE_METRIC_TASK', /auc/],
    ['a metric of another task', { metrics: ['roc_auc', 'rmse'] }, 'E_GATE_METRIC_TASK', /rmse/],
    ['a negative margin', { margins: { roc_auc: -1 } }, 'E_COMPARE_RULE', /margins\.roc_auc/],
    ['a margin of no metric', { margins: { auc: 0.1 } }, 'E_COMPARE_RULE', /margins/],
    ['a rule that there is not', { require: 'best' }, 'E_COMPARE_RULE', /require/],
    ['a threshold beyond 1', { threshold: 7 }, 'E_COMPARE_RULE', /threshold/],
    ['a file that is not there', { candidate: 'best.csv' }, 'E_TABLE_FILE_MISSING', /best\.csv/],
    ['a slice that is not there', { slices: ['regoin'] }, 'E_COLUMN_MISSING', /"regoin" \(slice\)/],
  ])('%s', async (_what, changes, code, message) => {
    const found = await errorOf(compared(changes));
    expect(found).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(message) });
  });
});
