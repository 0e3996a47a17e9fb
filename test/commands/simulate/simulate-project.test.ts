import { describe, expect, it } from 'vitest';
import { simulate } from '../../../lib/commands/simulate/simulate.ts';
import { simulationAnswer } from '../../../lib/commands/simulate/simulate-answer.ts';
import type { Simulation } from '../../../lib/gate/simulate/simulation.ts';
import { toMarkdown } from '../../../lib/report/formats/markdown.ts';
import { rowsOf } from '../days.ts';
import { commandYaml, files, newWorkspace, opened } from '../repository.ts';

const CLASSES = ['low', 'mid', 'high'];

/** 120 days of 12 rows; three shops, four rows a query. */
const ROWS = rowsOf({ days: 120, perDay: 12 }).map((row, index) => ({
  ...row,
  class: CLASSES[index % 12 < 1 ? 2 : index % 2],
  amount: row.x + row.late,
  query: `q${Math.floor(index / 4)}`,
  shop: ['a', 'b', 'c'][index % 3],
  weight: 1 + (index % 2),
}));

async function simulated(changes: Readonly<Record<string, unknown>>, options: object = {}): Promise<Simulation> {
  const workspace = await newWorkspace(files(commandYaml({ drift: undefined, ...changes }), ROWS));
  const { context, project } = await opened(workspace);
  return simulate(context, {
    cwd: workspace.root,
    project: async () => project,
    metrics: [],
    margins: {},
    ...options,
  });
}

const words = (simulation: Simulation): string => toMarkdown(simulationAnswer(simulation).blocks);

describe("a project's holdout", () => {
  it('of classes has their shares, weights and slices', async () => {
    const simulation = await simulated({
      task: 'multiclass',
      target: 'class',
      classes: CLASSES,
      gate: {
        weight: 'weight',
        slices: ['shop', { column: 'query', critical: false }],
        fairness: [{ column: 'shop', margin: 0.5 }],
        floors: { multiclass_accuracy: 0.1 },
        budgets: { size: '1MB' },
      },
    });
    expect(simulation).toMatchObject({
      task: 'multiclass',
      holdout: { source: 'data', rows: 360, clusters: 30, clusterUnit: 'day' },
    });
    const [low = 0, mid = 0, high = 0] = simulation.holdout.classes ?? [];
    expect(low + mid + high).toBeCloseTo(1, 12);
    expect(high).toBeCloseTo(1 / 12, 12);
    expect(simulation.further.map(({ role, column }) => [role, column])).toEqual(
      expect.arrayContaining([
        ['floor', undefined],
        ['fairness', 'shop'],
        ['slice', 'shop'],
        ['slice', 'query'],
      ]),
    );
    // Each shop has 120 of the 360 rows: too few to be judged.
    expect(simulation.further.find(({ role, column }) => role === 'slice' && column === 'shop')?.judged).toBe(0);
    expect(simulation.leftOut.join()).toContain('budgets (time and size are measured');
    expect(words(simulation)).toMatch(/classes of 41\.7 %, 50\.0 %, 8\.3 %/);
  });

  it('of queries has them, by day', async () => {
    const simulation = await simulated({ task: 'ranking', target: 'late', query: 'query', gate: {} });
    expect(simulation.holdout).toMatchObject({ rows: 360, clusters: 30, queries: 90 });
    expect(simulation.simulated[0]).toMatchObject({ metric: 'ndcg_10', judged: 1 });
    expect(words(simulation)).toContain('360 rows in 90 queries on 30 days');
  });

  it('of forecasts has its series and their naive errors, and days that hang together', async () => {
    const task = { task: 'forecast', target: 'amount', series: 'shop' };
    const metrics = { primary: 'mase', require: 'not-worse' };
    const alone = await simulated({ ...task, gate: metrics });
    const ahead = await simulated({ ...task, gate: { ...metrics, time_series: { horizon: 3 } } });
    expect(alone.simulated[0]?.judged).toBe(1);
    // 30 days are 10 blocks of 3, which are too few: nothing is promised.
    expect(ahead.simulated[0]).toMatchObject({ judged: 0 });
    expect(ahead.simulated[0]?.neededClusters.advisory ?? 99).toBeGreaterThanOrEqual(30);
    expect(ahead.simulated[0]?.standardError ?? 0).toBeGreaterThan(alone.simulated[0]?.standardError ?? 1);
  });

  it('of quantiles has the levels and the spread of its truth', async () => {
    const task = { task: 'quantile', target: 'amount', levels: [0.25, 0.75], gate: {} };
    const simulation = await simulated(task);
    expect(simulation.simulated.map(({ metric }) => metric)).toContain('pinball_loss');
    expect(simulation.holdout.relativeError).toBeCloseTo(0.5, 12);
    await expect(simulated({ ...task, gate: { margins: { pinball_loss: 0.1 } } })).rejects.toMatchObject({
      code: 'E_SIMULATE_SCALE',
    });
  });

  it('that is only supposed says which rules it cannot have', async () => {
    const rules = { gate: { primary: 'roc_auc', slices: ['shop'], fairness: [{ column: 'shop' }] } };
    const simulation = await simulated(rules, { rows: 620, clusters: 31 });
    expect(simulation.leftOut.join()).toContain('slices (no rows were read');
    expect(simulation.leftOut.join()).toContain('fairness (no rows were read');
    expect(simulation.further).toEqual([]);
  });
});
