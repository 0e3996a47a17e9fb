import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../lib/commands/evaluate/evaluate-gate.ts';
import { settleLooks, withholdLooks } from '../../../lib/commands/evaluate/settle-looks.ts';
import { pullRequest } from '../../../lib/commands/pull-request.ts';
import { train } from '../../../lib/commands/train/train.ts';
import { digestOf } from '../../../lib/digest.ts';
import { Evaluation } from '../../../lib/report/evaluation.ts';
import { verdictSentence } from '../../../lib/report/words/verdict-sentence.ts';
import { write } from '../../git/repository.ts';
import { commandYaml, configure, copyOf, opened, WEIGHTS, type Workspace } from '../repository.ts';
import { newProduction, promoted, registered, stateOf, trained } from '../verbs.ts';

const GATE = { primary: 'roc_auc', guardrails: ['log_loss'], slices: ['region'] };
const whole = (looks = 5) => ({ holdout: { last: '60d', halves: false }, gate: { ...GATE, looks } });

/** 1.0.0 (weak) holds production, the holdout has no halves, and a good run waits to be judged. */
let ready: Workspace;
let poor: Workspace;
beforeAll(async () => {
  ready = await newProduction();
  await trained(ready, WEIGHTS.good, whole());
  poor = await newProduction();
  await trained(poor, WEIGHTS.good, whole(1));
});

async function judged(workspace: Workspace) {
  const { context, project } = await opened(workspace);
  return (await evaluateGate(context, { project })).decision;
}

/** What a job that may not write hands over, as it arrives. */
async function computed(workspace: Workspace): Promise<Evaluation> {
  const { context, project } = await opened(workspace);
  const base = await workspace.git.text(['rev-parse', 'HEAD']);
  return Evaluation.parse(JSON.parse(JSON.stringify(await pullRequest(context, { project, base }))));
}

async function settled(workspace: Workspace, evaluation: Evaluation): Promise<Evaluation> {
  const { context } = await opened(workspace);
  return Evaluation.parse(await settleLooks(context, evaluation));
}

/** A remote that takes nothing. */
async function readOnly(workspace: Workspace): Promise<Workspace> {
  const copy = await copyOf(workspace);
  const hook = join(copy.remote.folder, 'hooks/pre-receive');
  await write(copy.remote.folder, { 'hooks/pre-receive': '#!/bin/sh\necho "you may only read" >&2\nexit 1\n' });
  await chmod(hook, 0o755);
  return copy;
}

const looks = async (workspace: Workspace) => (await stateOf(workspace))?.looks.length;

describe('a holdout without halves', () => {
  it('is looked at by everybody at the same cost, and each look is recorded once', async () => {
    const workspace = await copyOf(ready);
    const before = (await looks(workspace)) ?? 0;
    const first = await judged(workspace);
    expect(first).toMatchObject({
      verdict: 'pass',
      holdout: { half: 'whole', rows: 720 },
      looks: { used: before + 1, budget: 5 },
    });
    expect(first.comparisons[0]?.interval?.level).toBeCloseTo(1 - (2 * 0.025) / 5, 12);
    expect(await judged(workspace)).toEqual(first);
    // Registering and promoting the same run ask the same question.
    await registered(workspace);
    const { decision } = await promoted(workspace);
    expect(decision).toMatchObject({ verdict: 'pass', looks: { used: before + 1, budget: 5 } });
    expect(await looks(workspace)).toBe(before + 1);
  });

  it('shows nothing to somebody who cannot record the look', async () => {
    const workspace = await readOnly(ready);
    const decision = await judged(workspace);
    expect(decision).toMatchObject({
      verdict: 'inconclusive',
      because: { reason: 'look-not-recorded' },
      comparisons: [],
    });
    expect(verdictSentence(decision)).toMatch(
      /^Can't tell yet: without halves every look at the holdout counts, and this one could not be recorded: the result is withheld/,
    );
    await workspace.git.run(['remote', 'remove', 'origin']);
    expect(await judged(workspace)).toMatchObject({ because: { reason: 'look-not-recorded' }, comparisons: [] });
  });

  it('says that the looks are spent, and from when there are new ones', async () => {
    const workspace = await copyOf(poor);
    expect(await judged(workspace)).toMatchObject({
      verdict: 'inconclusive',
      because: { reason: 'looks-spent', detail: expect.stringMatching(/^2024-/) },
      comparisons: [],
      looks: { used: 1, budget: 1 },
    });
    expect(await looks(workspace)).toBe(1);
  });
});

describe('a pull request', () => {
  it('is computed by a job that may not write, and shown by one that records the look first', async () => {
    const workspace = await copyOf(ready);
    const before = (await looks(workspace)) ?? 0;
    const evaluation = await computed(workspace);
    expect(await looks(workspace)).toBe(before);
    expect(evaluation.looks).toHaveLength(1);
    // What the computing job shows by itself has no number of the result in it.
    const withheld = Evaluation.parse(withholdLooks(evaluation));
    expect(withheld.decisions).toMatchObject([
      { verdict: 'inconclusive', because: { reason: 'look-pending' }, comparisons: [] },
    ]);
    expect(withheld).not.toHaveProperty('looks');
    expect(evaluation.evidence).toHaveLength(1);
    expect(withheld).not.toHaveProperty('evidence');
    expect(JSON.stringify(withheld)).not.toContain('interval');
    const shown = await settled(workspace, evaluation);
    expect(shown.decisions).toMatchObject([{ verdict: 'pass', looks: { used: before + 1, budget: 5 } }]);
    expect(shown).not.toHaveProperty('looks');
    expect(shown.evidence).toEqual(evaluation.evidence);
    expect(await looks(workspace)).toBe(before + 1);
    expect(await settled(workspace, evaluation)).toEqual(shown);
    expect(await looks(workspace)).toBe(before + 1);
  });

  it('is told of nothing when the ledger cannot be written, or the last look went to another', async () => {
    const evaluation = await computed(ready);
    const denied = await settled(await readOnly(ready), evaluation);
    expect(denied.decisions).toMatchObject([{ because: { reason: 'look-not-recorded' }, comparisons: [] }]);
    expect(denied).not.toHaveProperty('evidence');
    const workspace = await copyOf(ready);
    await configure(workspace, commandYaml({ ...whole(2) }, { parameters: WEIGHTS.good }));
    const last = await computed(workspace);
    await trained(workspace, { x: 1.4, z: 0.6 }, whole(2));
    await judged(workspace);
    expect((await settled(workspace, last)).decisions).toMatchObject([
      { because: { reason: 'looks-spent' }, comparisons: [], looks: { used: 2, budget: 2 } },
    ]);
  });

  it('without the look that its result rests on is not believed', async () => {
    const { looks: handedOver, ...evaluation } = await computed(ready);
    expect(handedOver).toHaveLength(1);
    const shown = await settled(await copyOf(ready), evaluation);
    expect(shown.decisions).toMatchObject([{ because: { reason: 'look-not-recorded' }, comparisons: [] }]);
  });

  it('that was not judged by the target branch’s rules, or grants itself looks, is not believed either', async () => {
    const base = await ready.git.text(['rev-parse', 'HEAD']);
    const honest = await computed(ready);
    const [decision] = honest.decisions;
    const [look] = honest.looks ?? [];
    if (decision === undefined || look === undefined) throw new Error('nothing was computed');
    const by = (rules: typeof decision.rules, branch = false): Evaluation => {
      const rulesDigest = digestOf(rules);
      const own = { ...decision, rules, rulesDigest, looks: { used: 1, budget: rules.looks } };
      const looks = [...(honest.looks ?? []), { ...look, rules: rulesDigest, budget: rules.looks }];
      return { ...honest, looks, ...(branch ? { branchDecisions: [own] } : { decisions: [own] }) };
    };
    const lax = { ...decision.rules, margins: { roc_auc: 0.3 } };
    const cases: [Evaluation, 'decisions' | 'branchDecisions', RegExp][] = [
      [{ ...honest, decisions: [{ ...decision, rules: lax }] }, 'decisions', /not those of their digest/],
      [by(lax), 'decisions', /not judged by the target branch's rules/],
      [by({ ...lax, looks: 50 }, true), 'branchDecisions', /grant 50 looks, the target branch's 5/],
      [{ ...honest, looks: [{ ...look, rows: 1 }] }, 'decisions', /did not hand it over/],
    ];
    for (const [evaluation, list, detail] of cases) {
      const workspace = await copyOf(ready);
      const { context } = await opened(workspace);
      const shown = await settleLooks(context, evaluation, base);
      expect(shown[list]).toMatchObject([
        { because: { reason: 'look-not-recorded', detail: expect.stringMatching(detail) }, comparisons: [] },
      ]);
    }
    // A change may ask by rules of its own, at the price of a look of the target's.
    const workspace = await copyOf(ready);
    const { context } = await opened(workspace);
    const before = (await looks(workspace)) ?? 0;
    const both = await settleLooks(context, by(lax, true), base);
    expect([both.decisions, both.branchDecisions]).toMatchObject([
      [{ looks: { used: before + 1, budget: 5 } }],
      [{ looks: { used: before + 2, budget: 5 } }],
    ]);
  });

  it('cannot grant itself more looks by its own rules', async () => {
    const workspace = await copyOf(ready);
    const base = await workspace.git.text(['rev-parse', 'HEAD']);
    const { context, project } = await opened(workspace);
    await configure(workspace, commandYaml(whole(90), { parameters: WEIGHTS.good }));
    const changed = { ...(await opened(workspace)), context };
    const key = (await train(changed.context, { project: changed.project })).run.record.key;
    const { decision, ownDecision } = await evaluateGate(context, { ...changed, run: key, rulesFrom: base });
    expect(project.config.models.late?.gate.looks).toBe(5);
    expect([decision.looks?.budget, ownDecision?.looks?.budget]).toEqual([5, 5]);
  });

  it('of a fork stays without its result, and is told so', async () => {
    const withheld = withholdLooks(await computed(ready), 'look-of-fork');
    const [decision] = withheld.decisions;
    if (decision === undefined) throw new Error('nothing was decided');
    expect(decision).toMatchObject({ because: { reason: 'look-of-fork' }, comparisons: [] });
    expect(verdictSentence(decision)).toMatch(
      /none is recorded for a pull request from a fork: the result is withheld/,
    );
    expect(verdictSentence(decision)).toMatch(/Next: push the change to a branch of this repository/);
  });

  it('with halves costs nothing, and the registry is not asked', async () => {
    const workspace = await copyOf(ready);
    await configure(workspace, commandYaml({}, { parameters: WEIGHTS.good }));
    const evaluation = await computed(workspace);
    expect(evaluation).not.toHaveProperty('looks');
    await workspace.git.run(['remote', 'remove', 'origin']);
    expect(await settled(workspace, evaluation)).toEqual(evaluation);
    expect(withholdLooks(evaluation)).toEqual(evaluation);
  });
});
