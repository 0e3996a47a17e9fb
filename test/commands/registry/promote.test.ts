import { beforeAll, describe, expect, it } from 'vitest';
import { promotionAnswer } from '../../../lib/commands/answer.ts';
import { evaluateGate } from '../../../lib/commands/evaluate/evaluate-gate.ts';
import { PromotionOutput } from '../../../lib/commands/registry/outputs.ts';
import { promote } from '../../../lib/commands/registry/promote.ts';
import { release, rollback } from '../../../lib/commands/registry/rollback.ts';
import { LookRecord } from '../../../lib/registry/records.ts';
import { toTerminal } from '../../../lib/report/formats/terminal.ts';
import { assay } from '../../cli/command-line.ts';
import { write } from '../../git/repository.ts';
import { csv, rowsOf } from '../days.ts';
import { commandYaml, configure, copyOf, errorOf, opened, WEIGHTS, type Workspace } from '../repository.ts';
import { newCandidate, newTrained, promoted, registered, stateOf, trained } from '../verbs.ts';

let fresh: Workspace;
let candidate: Workspace;
beforeAll(async () => {
  fresh = await newTrained();
  candidate = await newCandidate();
});

describe('promote', () => {
  it('writes the look before the result, once for the same look', async () => {
    const workspace = await copyOf(candidate);
    const { decision, promoted: done } = await promoted(workspace);
    expect(done).toMatchObject({ version: '1.1.0', replaced: '1.0.0' });
    expect(decision).toMatchObject({
      verdict: 'pass',
      holdout: { half: 'sealed', rows: 360, clusters: 30 },
      looks: { used: 2, budget: 5 },
      candidate: { version: '1.1.0' },
      baseline: { version: '1.0.0' },
      stays: '1.0.0',
    });
    expect(decision?.comparisons[0]?.interval?.level).toBeCloseTo(1 - (2 * 0.025) / 5, 12);
    const state = await stateOf(workspace);
    expect(state?.stages.get('production')?.holder).toBe('1.1.0');
    expect(state?.looks.map((look) => LookRecord.parse(look).holdout)).toEqual([
      decision?.holdout.digest,
      decision?.holdout.digest,
    ]);
    const subjects = (await workspace.remote.text(['log', '--format=%s', '-2', 'assay/registry'])).split('\n');
    expect(subjects).toEqual(['Promote late 1.1.0 to production', 'Look at the sealed holdout of late (2 of 5)']);
    // It holds the stage now: nothing to decide, nothing spent.
    expect(await promoted(workspace)).toMatchObject({ held: '1.1.0', promoted: { version: '1.1.0' } });
    expect((await stateOf(workspace))?.looks).toHaveLength(2);
  });

  it('says no, keeps the answer, and asks nothing more of the budget for the same question', async () => {
    const workspace = await copyOf(candidate);
    await trained(workspace, { x: 0, z: 0.1 });
    await registered(workspace);
    for (const _time of [1, 2]) {
      const { decision, promoted: done } = await promoted(workspace);
      expect(done).toBeUndefined();
      expect(decision).toMatchObject({ verdict: 'fail', stays: '1.0.0', looks: { used: 2, budget: 5 } });
    }
    const state = await stateOf(workspace);
    expect(state?.stages.get('production')?.holder).toBe('1.0.0');
    expect(state?.looks).toHaveLength(2);
    expect(await workspace.remote.text(['log', '--format=%s', '-1', 'assay/registry'])).toBe(
      'Record the decision on late: fail',
    );
  });

  it('cannot tell when the looks are spent, and names the day', async () => {
    const workspace = await copyOf(candidate);
    const gate = { primary: 'roc_auc', guardrails: ['log_loss'], slices: ['region'], looks: 1 };
    await configure(workspace, commandYaml({ gate }, { parameters: WEIGHTS.good }));
    const { decision, promoted: done } = await promoted(workspace);
    expect(done).toBeUndefined();
    expect(decision).toMatchObject({
      verdict: 'inconclusive',
      because: { reason: 'looks-spent', detail: '2024-05-27' },
      looks: { used: 1, budget: 1 },
      next: { kind: 'new-window', date: '2024-05-27' },
      comparisons: [],
    });
    expect((await stateOf(workspace))?.looks).toHaveLength(1);
    const forced = await promoted(workspace, { override: { reason: 'the other one is broken' } });
    expect(forced.promoted?.event).toMatchObject({
      kind: 'promote',
      override: { reason: 'the other one is broken', verdict: 'inconclusive' },
    });
  });

  it('needs a reason for an override', async () => {
    const found = await errorOf(promoted(candidate, { override: { reason: ' ' } }));
    expect(found).toMatchObject({ code: 'E_PROMOTE_NO_REASON', exitCode: 2 });
  });

  it('gates again when somebody else was faster', async () => {
    const workspace = await copyOf(candidate);
    await trained(workspace, { x: 1.5, z: 0.5 });
    await registered(workspace);
    const { context, project } = await opened(workspace);
    // Between the first look and the swap another job promotes 1.1.0.
    let raced = false;
    const git: typeof context.git = {
      ...context.git,
      attempt: async (args, options) => {
        const answer = await context.git.attempt(args, options);
        if (args.includes('push') && !raced) {
          raced = true;
          await promoted(workspace, { version: '1.1.0' });
        }
        return answer;
      },
    };
    const result = await promote({ ...context, git }, { project, version: '1.2.0' });
    expect(raced).toBe(true);
    expect(result).toMatchObject({ held: '1.1.0', decision: { baseline: { version: '1.1.0' } }, regated: ['1.0.0'] });
    expect(context.said.join()).toMatch(/changed hands to 1\.1\.0/);
    const { blocks, document } = promotionAnswer(result);
    expect(PromotionOutput.parse(document)).toMatchObject({ regated: ['1.0.0'], registeredAgainst: '1.0.0' });
    const page = toTerminal(blocks, { width: 200, colour: false, details: false });
    expect(page).toMatch(/While this was judged, production passed from 1\.0\.0 to 1\.1\.0: the gate asked again/);
  });

  it('gates again, by itself and saying so, what was registered against another baseline', async () => {
    const workspace = await copyOf(candidate);
    await trained(workspace, { x: 1.5, z: 0.5 });
    const { record } = await registered(workspace);
    expect(record.lineage.baseline).toBe('1.0.0');
    await promoted(workspace, { version: '1.1.0' });
    const { out } = await assay(workspace.root, ['promote', '--as', record.version]);
    expect(out).toMatch(
      /It was registered after a comparison with 1\.0\.0; the gate asked again, against 1\.1\.0, which/,
    );
    expect((await promoted(workspace, { version: record.version })).decision?.baseline.version).toBe('1.1.0');
    // What was compared with the present holder needs no such sentence.
    const again = await registered(workspace);
    expect(again.existed).toBe(true);
    await trained(workspace, { x: 1.4, z: 0.6 });
    const other = await registered(workspace);
    expect(other.record.lineage.baseline).toBe('1.1.0');
    expect((await promoted(workspace)).registeredAgainst).toBeUndefined();
  });

  it('names what is not there', async () => {
    expect(await errorOf(promoted(fresh))).toMatchObject({ code: 'E_VERSION_NONE', exitCode: 2 });
    expect(await errorOf(promoted(candidate, { version: 'v7.0.0' }))).toMatchObject({
      code: 'E_VERSION_NONE',
      message: expect.stringContaining('7.0.0'),
    });
    expect(await errorOf(promoted(candidate, { stage: 'prod' }))).toMatchObject({ code: 'E_STAGE_UNKNOWN' });
  });
});

describe('rollback', () => {
  it('returns to the former holder, quarantines what it leaves, and releases it with a reason', async () => {
    const workspace = await copyOf(candidate);
    await promoted(workspace);
    const { context, project } = await opened(workspace);
    const back = await rollback(context, { project, reason: 'wrong on Mondays' });
    expect(back).toMatchObject({ held: '1.1.0', rolledBack: { version: '1.0.0', replaced: '1.1.0' } });
    expect(await promoted(workspace, { version: '1.1.0' })).toMatchObject({
      refusal: { code: 'quarantined', version: '1.1.0', reason: 'wrong on Mondays' },
    });
    expect(await rollback(context, { project, reason: 'again' })).toMatchObject({
      refusal: { code: 'no-former-holder', holder: '1.0.0' },
    });
    await release(context, { project, version: 'v1.1.0', reason: 'Mondays are mended' });
    expect(await promoted(workspace, { version: '1.1.0' })).toMatchObject({ promoted: { version: '1.1.0' } });
  });

  it('gives no day back to the sealed half that was open while the newer version held the stage', async () => {
    const workspace = await copyOf(candidate);
    await write(workspace.root, { 'data/days.csv': csv(rowsOf({ days: 150 })) });
    await trained(workspace, WEIGHTS.good);
    // Trained to the end of March; its evaluation looked at April, the open half of what came after.
    const { decision: advice } = await registered(workspace);
    expect(advice.holdout).toMatchObject({ half: 'development', from: '2024-03-31T00:00:00.000Z' });
    expect((await promoted(workspace)).promoted?.version).toBe('1.2.0');
    const { context, project } = await opened(workspace);
    await rollback(context, { project, reason: 'wrong on Mondays' });
    const { decision } = await promoted(workspace, { version: '1.1.0' });
    // 1.1.0 and 1.0.0 learnt until the end of February: the middle of all days after that lies in April.
    expect(decision).toMatchObject({ baseline: { version: '1.0.0' }, holdout: { half: 'sealed' } });
    expect(decision?.holdout.from).toBe(advice.holdout.to);
    expect(decision?.holdout.to).toBe('2024-05-30T00:00:00.000Z');
    expect(decision?.holdout.clusters).toBe(30);
    // What is open now is all that was before it.
    const open = await evaluateGate(context, { project });
    expect(open.decision.holdout.to).toBe(decision?.holdout.from);
  });

  it('of an empty stage says how one is filled', async () => {
    const { context, project } = await opened(fresh);
    const found = await errorOf(rollback(context, { project, reason: 'x' }));
    expect(found).toMatchObject({
      code: 'E_STAGE_EMPTY',
      fix: 'Promote a version first: assay promote late --to production.',
    });
  });
});
