import { beforeAll, describe, expect, it } from 'vitest';
import { driftCheck } from '../../lib/commands/drift-check.ts';
import { promote } from '../../lib/commands/registry/promote.ts';
import { register } from '../../lib/commands/registry/register.ts';
import { train } from '../../lib/commands/train/train.ts';
import { DriftReport } from '../../lib/drift/drift-report.ts';
import { write } from '../git/repository.ts';
import { csv, type Row, rowsOf } from './days.ts';
import {
  commandYaml,
  configure,
  copyOf,
  errorOf,
  files,
  newWorkspace,
  opened,
  treesYaml,
  type Workspace,
} from './repository.ts';

/** Half a year in fortnights of training rows (twelve of them), then the holdout; production holds 1.0.0. */
const DAYS = 230;
const HISTORY = rowsOf({ days: DAYS, perDay: 12 });
const NEW = rowsOf({ from: '2024-08-18', days: 14, perDay: 12, seed: 99, prefix: 'n' });
const DRIFT = { drift: { window: '14d' } };

let production: Workspace;
beforeAll(async () => {
  production = await newWorkspace(files(treesYaml({ ...DRIFT, holdout: { last: '60d' } }), HISTORY));
  const { context, project } = await opened(production);
  await train(context, { project });
  await register(context, { project });
  const { promoted } = await promote(context, { project });
  if (promoted === undefined) throw new Error('the first version does not beat the constant');
});

/** The report after two more weeks came in. */
async function checked(change: (row: Row, index: number) => object, workspace?: Workspace): Promise<DriftReport> {
  const place = workspace ?? (await copyOf(production));
  await write(place.root, { 'data/days.csv': csv([...HISTORY, ...NEW.map(change)]) });
  const { context, project } = await opened(place);
  return DriftReport.parse(await driftCheck(context, { project }));
}

const resultOf = ({ results }: DriftReport, column: string, quantity: string) =>
  results.find((result) => result.column === column && result.quantity === quantity);

describe('two more weeks', () => {
  it('like the others are no drift, and cost no more than before', async () => {
    const report = await checked((row) => row);
    expect(report).toMatchObject({
      verdict: 'pass',
      model: 'late',
      stage: 'production',
      version: '1.0.0',
      dataset: 'days',
      current: { from: '2024-08-18', to: '2024-08-31', days: 14, rows: 168 },
      reference: { from: '2024-01-01', days: 170 },
      retrain: { proposed: false },
    });
    // Ids and the time are new by nature: only what the model takes is watched.
    expect([...new Set(report.results.map(({ column }) => column))].sort()).toEqual(['x', 'z']);
    expect(report.loss).toMatchObject({ metric: 'log_loss', rows: 168, clusters: 14 });
    expect(['pass', 'inconclusive']).toContain(report.loss?.verdict);
  });

  it('of another kind are drift, in the column that moved', async () => {
    const report = await checked((row) => ({ ...row, x: Number((row.x + 2).toFixed(4)) }));
    expect(['warn', 'fail']).toContain(report.verdict);
    expect(resultOf(report, 'x', 'distance')).toMatchObject({ statistic: 'ks', reason: 'drifted-far' });
    expect(resultOf(report, 'z', 'distance')).toMatchObject({ verdict: 'pass' });
  });

  it('with holes are broken, and only there', async () => {
    const report = await checked((row, index) => ({ ...row, z: index % 2 === 0 ? null : row.z }));
    expect(report.verdict).toBe('fail');
    expect(resultOf(report, 'z', 'missing-share')).toMatchObject({ verdict: 'fail', reference: 0, current: 0.5 });
    expect(resultOf(report, 'x', 'missing-share')).toMatchObject({ verdict: 'pass' });
  });

  it('with labels turned around raise the realised loss, and propose to train again only when it lasts', async () => {
    const report = await checked((row) => ({ ...row, late: 1 - row.late }));
    expect(report.loss).toMatchObject({ verdict: 'fail', reason: 'worse-than-allowed' });
    expect(report.verdict).toBe('fail');
    expect(report.retrain.proposed).toBe(false);
  });
});

describe('a drift check that cannot be made', () => {
  it.each<[string, () => Promise<Workspace>, string, RegExp]>([
    ['nothing in production', () => newWorkspace(), 'E_STAGE_EMPTY', /"production" of "late"/],
    [
      'nothing declared',
      () => newWorkspace(files(commandYaml({ drift: undefined }))),
      'E_DRIFT_NOT_CONFIGURED',
      /"late"/,
    ],
    [
      'a watched column that there is not',
      async () => {
        const workspace = await copyOf(production);
        await configure(workspace, treesYaml({ drift: { window: '14d', columns: ['x', 'zz'] } }));
        return workspace;
      },
      'E_COLUMN_MISSING',
      /"zz" \(drift\.columns\)/,
    ],
    [
      'a window of hours',
      async () => {
        const workspace = await copyOf(production);
        await configure(workspace, treesYaml({ drift: { window: '6h' } }));
        return workspace;
      },
      'E_DRIFT_WINDOW',
      /"late".*whole days/,
    ],
    [
      'rows without their time',
      async () => {
        const workspace = await copyOf(production);
        await configure(workspace, treesYaml({ drift: { window: '14d', data: 'fresh' } }, {}));
        const yaml = treesYaml({ drift: { window: '14d', data: 'fresh' } });
        await configure(workspace, { ...yaml, data: { ...yaml.data, fresh: { path: 'data/days.csv', id: 'id' } } });
        return workspace;
      },
      'E_DRIFT_NO_TIME',
      /"fresh"/,
    ],
  ])('%s', async (_what, workspace, code, message) => {
    const { context, project } = await opened(await workspace());
    const found = await errorOf(driftCheck(context, { project }));
    expect(found).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(message) });
  });

  it('new rows without a column that the model takes are reported, not fatal', async () => {
    const workspace = await copyOf(production);
    const yaml = treesYaml({ drift: { window: '14d', data: 'fresh' } });
    await configure(workspace, {
      ...yaml,
      data: { ...yaml.data, fresh: { path: 'data/new.csv', time: 'at', id: 'id' } },
    });
    await write(workspace.root, { 'data/new.csv': csv(NEW.map(({ z: _z, ...row }) => row)) });
    const { context, project } = await opened(workspace);
    const report = DriftReport.parse(await driftCheck(context, { project }));
    expect(report.verdict).toBe('fail');
    expect(report.results.find(({ column }) => column === 'z')).toMatchObject({
      verdict: 'fail',
      reason: 'column-absent',
    });
    expect(report.loss).toBeUndefined();
    expect(report.warnings.join()).toMatch(/realised loss is not measured.*lack z/);
  });
});
