import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EvaluateRequest, evaluateGate } from '../../../lib/commands/evaluate/evaluate-gate.ts';
import { PredictionsFile } from '../../../lib/commands/evaluate/predictions-file.ts';
import { scoreSealed } from '../../../lib/commands/evaluate/score-sealed.ts';
import { promote } from '../../../lib/commands/registry/promote.ts';
import { register } from '../../../lib/commands/registry/register.ts';
import { train } from '../../../lib/commands/train/train.ts';
import { Decision } from '../../../lib/gate/decision.ts';
import type { Clock } from '../../../lib/ports.ts';
import {
  commandYaml,
  commit,
  configure,
  copyOf,
  errorOf,
  NOW,
  opened,
  runsIn,
  treesYaml,
  WEIGHTS,
  type Workspace,
} from '../repository.ts';
import { predict } from '../train/user-code.ts';
import { newCandidate, newProduction, promoted, registered, trained } from '../verbs.ts';

let production: Workspace;
let candidate: Workspace;
beforeAll(async () => {
  production = await newProduction();
  candidate = await newCandidate();
});

const GATE = { primary: 'roc_auc', require: 'not-worse', margins: { roc_auc: 0.3 } } as const;

/** Everything takes as long as the one before it: 10 ms. */
function steadyClock(): Clock {
  let at = 0;
  return { now: () => NOW, elapsed: () => (at += 10) };
}

async function evaluated(workspace: Workspace, request: Partial<EvaluateRequest> = {}) {
  const { context, project } = await opened(workspace, { clock: steadyClock() });
  if (request.run === undefined) await train(context, { project });
  const result = await evaluateGate(context, { project, ...request });
  Decision.parse(JSON.parse(JSON.stringify(result.decision)));
  return { ...result, said: context.said };
}

const ruleOf = (decision: Decision | undefined, role: string) =>
  decision?.comparisons.filter((comparison) => comparison.role === role) ?? [];

describe('budgets', () => {
  it('time a user’s command in turns with the baseline’s, in worktrees of their own, and count bytes', async () => {
    const workspace = await copyOf(production);
    await configure(
      workspace,
      commandYaml(
        { gate: { ...GATE, budgets: { latency_ratio: 1.2, size: 10, calls: 8 } } },
        { parameters: WEIGHTS.good },
      ),
    );
    const { decision, said } = await evaluated(workspace);
    const [ratio, size] = ruleOf(decision, 'budget');
    expect(ratio).toMatchObject({ metric: 'latency_ratio', verdict: 'pass', candidate: 1, clusters: 4, rows: 1 });
    expect(size).toMatchObject({ metric: 'size', verdict: 'fail', margin: 10 });
    expect(size?.candidate).toBeGreaterThan(10);
    expect(decision).toMatchObject({ verdict: 'fail', next: { kind: 'meet-budget', metric: 'size' } });
    expect(said.join('\n')).not.toMatch(/cannot/);
  });

  it('hold a built-in model’s percentile, of a first version too', async () => {
    const workspace = await copyOf(production);
    await configure(workspace, treesYaml({ gate: { ...GATE, budgets: { latency_p95: '11ms', calls: 72, rows: 5 } } }));
    const { decision } = await evaluated(workspace, { baseline: 'constant' });
    expect(ruleOf(decision, 'budget')).toMatchObject([
      { metric: 'latency_p95', verdict: 'pass', candidate: 10, rows: 5, clusters: 72, margin: 11 },
    ]);
  });
});

describe('several seeds', () => {
  const seeded = { gate: { ...GATE, seeds: 3 } };
  // The seed moves the scores: three trainings are three models.
  const noisy = { 'predict.mjs': predict('1 / (1 + Math.exp(-(model.x * x + (model.z + model.seed) * z)))') };

  it('are trained, and judged by their mean; one that is gone is trained again', async () => {
    const workspace = await copyOf(production);
    await commit(workspace, noisy);
    await configure(workspace, commandYaml(seeded, { parameters: WEIGHTS.good }));
    const before = await runsIn(workspace);
    const { decision, run } = await evaluated(workspace);
    const made = (await runsIn(workspace)).filter((name) => !before.includes(name));
    expect(made).toHaveLength(3);
    expect(decision.seeds?.map(({ run: key }) => key?.slice(7)).sort()).toEqual(made);
    expect(decision.seeds?.[0]).toEqual({ run: run.key, predictions: decision.candidate.predictions });
    const [primary] = decision.comparisons;
    expect(primary?.interval).toMatchObject({ method: 'seed-and-cluster-jackknife-t' });
    expect(primary?.interval?.seedDeviation).toBeGreaterThan(0);

    const gone = decision.seeds?.[2]?.run?.slice(7) ?? '';
    await rm(join(workspace.root, '.assay/runs', gone), { recursive: true });
    const again = await evaluated(workspace, { run: run.key });
    expect(again.decision.comparisons).toEqual(decision.comparisons);
    expect(await runsIn(workspace)).toContain(gone);
  });

  it('judge the recipe; a promotion judges the one training that would serve, and tells both', async () => {
    const workspace = await copyOf(production);
    await commit(workspace, noisy);
    await configure(workspace, commandYaml(seeded, { parameters: WEIGHTS.good }));
    const { decision: recipe } = await evaluated(workspace);
    const { context, project } = await opened(workspace);
    const { version } = await register(context, { project });
    const { decision } = await promote(context, { project, version });
    expect(decision?.seeds).toBeUndefined();
    expect(decision?.comparisons[0]?.interval?.method).toBe('cluster-jackknife-t');
    expect(decision?.warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/one training of the 3 seeds.*of this very model/),
        `over 3 seeds the recipe of ${version} was judged "${recipe.verdict}" on the development half, when it was registered`,
      ]),
    );
    // A version from before the rule has no such answer, and that is said, not made up.
    const rolled = await promote(context, { project, version: '1.0.0' });
    expect(rolled.decision?.warnings.join()).toMatch(/recipe of 1\.0\.0 was never judged over 3 seeds: .* with 1/);
  });

  it('of a run that cannot be made here are missed by name', async () => {
    const workspace = await copyOf(production);
    await trained(workspace, WEIGHTS.good);
    const { run } = await evaluated(workspace);
    await configure(workspace, commandYaml(seeded, { parameters: WEIGHTS.narrow }));
    expect(await errorOf(evaluated(workspace, { run: run.key }))).toMatchObject({ code: 'E_RUN_MISSING' });
  });
});

describe('groups and days', () => {
  it('a fairness gap needs no slice of the same column', async () => {
    const workspace = await copyOf(production);
    const gate = { ...GATE, fairness: [{ column: 'region', metric: 'log_loss', gap: 5 }] };
    await configure(
      workspace,
      commandYaml({ gate, holdout: { last: '100d', halves: false } }, { parameters: WEIGHTS.good }),
    );
    const { decision } = await evaluated(workspace, { baseline: 'constant' });
    expect(ruleOf(decision, 'fairness')).toMatchObject([
      { metric: 'log_loss', requirement: 'above-floor', verdict: 'pass', groups: { column: 'region', compared: 2 } },
    ]);
    expect(ruleOf(decision, 'slice')).toEqual([]);
  });

  it('blocks of days are the clusters, and a day is named when there will be enough', async () => {
    const workspace = await copyOf(production);
    const gate = { ...GATE, time_series: { block: '7d' } };
    await configure(workspace, commandYaml({ gate }, { parameters: WEIGHTS.good }));
    const { decision } = await evaluated(workspace);
    // 30 days of the development half are four whole weeks; two days are left over.
    expect(decision).toMatchObject({
      verdict: 'inconclusive',
      because: { reason: 'too-few-clusters' },
      holdout: { clusters: 4, clusterUnit: 'block', blockDays: 7 },
      // 140 days in a half are 280 of data from 1 March on.
      next: { kind: 'wait', clusters: 20, date: '2024-12-06' },
    });
  });
});

describe('the creep guard', () => {
  it('holds a version against the last that was shown better, also from a file of predictions', async () => {
    const workspace = await copyOf(candidate);
    expect((await promoted(workspace)).promoted).toMatchObject({ version: '1.1.0' });
    // A step down that its margin allows: it holds the stage, and is not shown better.
    await trained(workspace, WEIGHTS.narrow, { gate: GATE });
    await registered(workspace);
    const step = await promoted(workspace);
    expect(step.promoted).toMatchObject({ version: '1.2.0' });
    expect(step.promoted?.event).toMatchObject({ provenBetter: false });
    expect(ruleOf(step.decision, 'creep')).toEqual([]);

    await trained(workspace, { x: 1.4, z: 0.2 }, { gate: { ...GATE, budgets: { size: '1MB' } } });
    const { decision } = await evaluated(workspace);
    expect(decision).toMatchObject({ baseline: { version: '1.2.0' }, proven: { version: '1.1.0' } });
    expect(ruleOf(decision, 'creep')).toMatchObject([{ against: '1.1.0', margin: 0.6, verdict: 'pass' }]);

    await registered(workspace);
    const { context, project } = await opened(workspace);
    const file = PredictionsFile.parse(JSON.parse(JSON.stringify(await scoreSealed(context, { project }))));
    expect(file).toMatchObject({ proven: { version: '1.1.0' }, measured: { size: {} } });
    expect(file.proven?.scores).toHaveLength(file.candidate.scores.length);
    const sealed = await promoted(workspace, { predictions: file });
    expect(sealed.promoted).toMatchObject({ version: '1.3.0' });
    expect(ruleOf(sealed.decision, 'creep')).toMatchObject([{ against: '1.1.0' }]);
    expect(ruleOf(sealed.decision, 'budget')).toMatchObject([{ metric: 'size', verdict: 'pass' }]);
  });
});

describe('whose rules', () => {
  it('a change cannot take a budget or a limit away for itself', async () => {
    const workspace = await copyOf(production);
    const strict = { ...GATE, budgets: { size: 1 }, calibration: { max_ece: 0.9 } };
    const base = await configure(workspace, commandYaml({ gate: strict }));
    await workspace.git.run(['switch', '--quiet', '--create', 'lax']);
    await configure(workspace, commandYaml({ gate: GATE }));
    const { decision, ownDecision } = await evaluated(workspace, { rulesFrom: base });
    expect(decision).toMatchObject({ verdict: 'fail', rules: { budgets: { size: 1 }, calibration: { max_ece: 0.9 } } });
    expect(ruleOf(decision, 'calibration')).toHaveLength(1);
    expect(ownDecision?.verdict).toBe('pass');
    expect(ruleOf(ownDecision, 'budget')).toEqual([]);
  });
});
