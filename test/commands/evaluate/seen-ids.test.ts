import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { evaluateGate } from '../../../lib/commands/evaluate/evaluate-gate.ts';
import { train } from '../../../lib/commands/train/train.ts';
import { csv, type Row, rowsOf } from '../days.ts';
import { commandYaml, commit, copyOf, errorOf, opened, WEIGHTS, type Workspace } from '../repository.ts';
import { newProduction, promoted, registered, stateOf, trained } from '../verbs.ts';

const ROWS = rowsOf();
/** The holdout's first row; its development half is 360 rows long. */
const HOLDOUT = 60 * 12;

let production: Workspace;
beforeAll(async () => {
  production = await newProduction();
});

/** A good candidate on other rows. */
async function on(rows: readonly object[], more: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  const workspace = await copyOf(production);
  await commit(workspace, {
    'data/days.csv': csv(rows),
    'assay.yaml': stringify(commandYaml({}, { parameters: WEIGHTS.good })),
    ...more,
  });
  const { context, project } = await opened(workspace);
  await train(context, { project });
  return workspace;
}

async function judged(workspace: Workspace) {
  const { context, project } = await opened(workspace);
  return (await evaluateGate(context, { project })).decision;
}

describe('labels that come later', () => {
  const waiting = (row: Row) => ({ ...row, late: null });

  it('for rows that are in the table already make one example of two rows', async () => {
    const plain = await judged(await on(ROWS));
    const early = ROWS.slice(HOLDOUT, HOLDOUT + 100);
    const twice = await judged(await on([...ROWS.slice(0, HOLDOUT), ...early.map(waiting), ...ROWS.slice(HOLDOUT)]));
    expect(twice.comparisons).toEqual(plain.comparisons);
    expect(twice.holdout).toEqual({ ...plain.holdout, excluded: { 'label-missing': 0, 'labelled-later': 100 } });
  });

  it('twice with a label are no example at all', async () => {
    const found = await errorOf(on([...ROWS, ROWS[HOLDOUT] ?? {}]).then(judged));
    expect(found.code).toBe('E_PAIR_DUPLICATE_ID');
  });

  it('refund no look at the rows that were there before', async () => {
    // Of the sealed half's 360 rows 120 wait for their label, then they get it.
    const sealed = HOLDOUT + 360;
    const workspace = await on(ROWS.map((row, i) => (i >= sealed && i % 3 === 0 ? waiting(row) : row)));
    await registered(workspace);
    const first = await promoted(workspace, { override: undefined });
    expect(first.decision?.holdout).toMatchObject({ rows: 240, excluded: { 'label-missing': 120 } });
    const used = first.decision?.looks?.used ?? Number.NaN;
    await commit(workspace, { 'data/days.csv': csv(ROWS) });
    await trained(workspace, { x: 1.4, z: 0.6 });
    await registered(workspace);
    const second = await promoted(workspace);
    expect(second.decision).toMatchObject({ holdout: { rows: 360 }, looks: { used: used + 1, budget: 5 } });
    expect((await stateOf(workspace))?.looks).toHaveLength(used + 1);
  });
});

describe('examples that a side has seen', () => {
  it('are refused where the candidate learnt from the same id at an earlier time', async () => {
    const rows = ROWS.map((row, i) => (i === HOLDOUT + 5 ? { ...row, id: ROWS[3]?.id } : row));
    const found = await errorOf(on(rows).then(judged));
    expect(found).toMatchObject({ code: 'E_HOLDOUT_OVERLAP', exitCode: 2 });
    expect(found.message).toContain('"e00003"');
  });

  it('are refused by the baseline’s sketch where its rows are gone from the table', async () => {
    // The candidate's own training rows have other ids; the baseline's are known by hashes alone.
    const renamed = ROWS.map((row, i) => (i < HOLDOUT ? { ...row, id: `n${row.id}` } : row));
    await judged(await on(renamed));
    const rows = renamed.map((row, i) => (i === HOLDOUT + 5 ? { ...row, id: 'e00003' } : row));
    const found = await errorOf(on(rows).then(judged));
    expect(found).toMatchObject({ code: 'E_HOLDOUT_OVERLAP' });
    expect(found.message).toContain('"e00003"');
  });

  const tuned = (rows: readonly object[]) => {
    const yaml = commandYaml({}, { parameters: WEIGHTS.good, tuned_on: ['chosen'] });
    yaml.data.chosen = { path: 'data/chosen.csv', time: 'at', id: 'id' };
    return on(ROWS, { 'data/chosen.csv': csv(rows), 'assay.yaml': stringify(yaml) });
  };

  it('begin after what parameters were chosen on', async () => {
    const until = '2024-03-10';
    const decision = await judged(await tuned(rowsOf({ from: '2024-03-01', days: 10, prefix: 't' })));
    expect(Date.parse(decision.holdout.from ?? '')).toBe(Date.parse(until) + 86_400_000);
    // 51 days are left, 25 of them for the development half.
    expect(decision.holdout).toMatchObject({ half: 'development', clusters: 25 });
  });

  it('are refused where parameters were chosen on them', async () => {
    const seen = ROWS.slice(HOLDOUT, HOLDOUT + 3).map((row) => ({ ...row, at: '2024-01-01 00:00:00' }));
    const found = await errorOf(tuned(seen).then(judged));
    expect(found).toMatchObject({ code: 'E_HOLDOUT_OVERLAP' });
    expect(found.message).toContain('3 example(s)');
  });
});
