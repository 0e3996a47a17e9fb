import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../lib/commands/evaluate/evaluate-gate.ts';
import { chooseThreshold } from '../../../lib/metrics/choose-threshold.ts';
import { rowsOf, sigmoid } from '../days.ts';
import { newWorkspace, opened, WEIGHTS, type Workspace } from '../repository.ts';
import { promoted, registered, trained } from '../verbs.ts';

const GATE = {
  gate: {
    primary: 'expected_cost',
    choose_threshold: { objective: 'cost' },
    costs: { false_positive: 1, false_negative: 5 },
  },
};
const ROWS = rowsOf();
const DEVELOPMENT = ROWS.slice(60 * 12, 90 * 12);
const SEALED = ROWS.slice(90 * 12);

const scoreBy =
  ({ x, z }: { readonly x: number; readonly z: number }) =>
  (row: { x: number; z: number }) =>
    sigmoid(x * row.x + z * row.z);
const bestFor = (weights: { readonly x: number; readonly z: number }) =>
  chooseThreshold(
    {
      labels: Float64Array.from(DEVELOPMENT, ({ late }) => late),
      scores: Float64Array.from(DEVELOPMENT, scoreBy(weights)),
    },
    { kind: 'cost', costs: { falsePositive: 1, falseNegative: 5 } },
  )?.threshold ?? Number.NaN;
const costOf = (rows: typeof ROWS, weights: { readonly x: number; readonly z: number }, threshold: number) =>
  rows.reduce((sum, row) => {
    const called = scoreBy(weights)(row) >= threshold;
    return sum + (called ? 1 - row.late : 5 * row.late);
  }, 0) / rows.length;

async function evaluated(workspace: Workspace) {
  const { context, project } = await opened(workspace);
  return (await evaluateGate(context, { project })).decision;
}

describe('choose_threshold', () => {
  it("takes each side's best on the development half, and keeps a version's on the sealed one", async () => {
    const workspace = await newWorkspace();
    await trained(workspace, WEIGHTS.weak, GATE);
    const first = await evaluated(workspace);
    expect(first.candidate.threshold).toBe(bestFor(WEIGHTS.weak));
    expect(first.comparisons[0]).toMatchObject({
      metric: 'expected_cost',
      candidate: expect.closeTo(costOf(DEVELOPMENT, WEIGHTS.weak, bestFor(WEIGHTS.weak)), 12),
    });
    await registered(workspace);
    const { decision: sealed } = await promoted(workspace, { override: { reason: 'the first one' } });
    expect(sealed?.candidate.threshold).toBe(bestFor(WEIGHTS.weak));
    expect(sealed?.holdout.half).toBe('sealed');
    expect(sealed?.comparisons[0]?.candidate).toBeCloseTo(costOf(SEALED, WEIGHTS.weak, bestFor(WEIGHTS.weak)), 12);

    await trained(workspace, WEIGHTS.good, GATE);
    const second = await evaluated(workspace);
    expect([second.candidate.threshold, second.baseline.threshold]).toEqual([
      bestFor(WEIGHTS.good),
      bestFor(WEIGHTS.weak),
    ]);
    await registered(workspace);
    const { decision } = await promoted(workspace);
    expect([decision?.candidate.threshold, decision?.baseline.threshold]).toEqual([
      bestFor(WEIGHTS.good),
      bestFor(WEIGHTS.weak),
    ]);
    const [primary] = decision?.comparisons ?? [];
    expect(primary?.candidate).toBeCloseTo(costOf(SEALED, WEIGHTS.good, bestFor(WEIGHTS.good)), 12);
    expect(primary?.baseline).toBeCloseTo(costOf(SEALED, WEIGHTS.weak, bestFor(WEIGHTS.weak)), 12);
    expect(bestFor(WEIGHTS.good)).not.toBe(bestFor(WEIGHTS.weak));
  });

  it('keeps the threshold that a version was called at before the rule was there', async () => {
    const workspace = await newWorkspace();
    await trained(workspace, WEIGHTS.weak, { gate: { primary: 'roc_auc', threshold: 0.4 } });
    await registered(workspace);
    expect((await promoted(workspace)).promoted).toBeDefined();
    await trained(workspace, WEIGHTS.good, GATE);
    expect((await evaluated(workspace)).baseline.threshold).toBe(0.4);
  });
});
