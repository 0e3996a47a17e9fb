import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EvaluateRequest, evaluateGate } from '../../../lib/commands/evaluate/evaluate-gate.ts';
import { scoreSealed } from '../../../lib/commands/evaluate/score-sealed.ts';
import { type PromoteRequestInput, promote } from '../../../lib/commands/registry/promote.ts';
import { rollback } from '../../../lib/commands/registry/rollback.ts';
import { digestOf } from '../../../lib/digest.ts';
import { assayError } from '../../../lib/errors.ts';
import { write } from '../../git/repository.ts';
import { csv, pairAuc, type Row, rowsOf, sigmoid } from '../days.ts';
import { commandYaml, commit, configure, copyOf, errorOf, opened, WEIGHTS, type Workspace } from '../repository.ts';
import { newCandidate, promoted, registered, stateOf, trained } from '../verbs.ts';

const GATE = { primary: 'roc_auc', guardrails: ['log_loss'], slices: ['region'] };
const DEVELOPMENT: readonly Row[] = rowsOf().slice(60 * 12, 90 * 12);
const auc = (score: (row: Row) => number) => pairAuc(DEVELOPMENT.map((row) => ({ ...row, score: score(row) })));
const AUC = {
  weak: auc(({ x, z }) => sigmoid(0.3 * x + 0.6 * z)),
  good: auc(({ x, z }) => sigmoid(1.5 * x + 0.6 * z)),
};

/** 1.0.0 (weak) holds production and 1.1.0 (good) is registered; and one where 1.1.0 was promoted after it. */
let candidate: Workspace;
let second: Workspace;
beforeAll(async () => {
  candidate = await newCandidate();
  second = await copyOf(candidate);
  await promoted(second);
});

async function evaluated(workspace: Workspace, request: Partial<EvaluateRequest> = {}) {
  const { context, project } = await opened(workspace);
  const result = await evaluateGate(context, { project, ...request });
  return { ...result, said: context.said.join('\n') };
}

describe('a baseline that is named', () => {
  it.each([
    ['stage:production', '1.1.0', AUC.good],
    ['version:1.0.0', '1.0.0', AUC.weak],
  ])('%s is version %s', async (baseline, version, value) => {
    const { decision } = await evaluated(second, { baseline });
    expect(decision).toMatchObject({ baseline: { kind: 'version', version }, stays: '1.1.0' });
    expect(decision.comparisons[0]?.baseline).toBeCloseTo(value, 12);
  });

  it('proven is the last version that was shown better, not one that was promoted against the gate', async () => {
    const workspace = await copyOf(second);
    await trained(workspace, { x: 0, z: 0.1 });
    await registered(workspace);
    const forced = await promoted(workspace, { override: { reason: 'the other one is broken' } });
    expect(forced.promoted?.version).toBe('1.2.0');
    expect((await evaluated(workspace, { baseline: 'proven' })).decision.baseline.version).toBe('1.1.0');
    expect((await evaluated(workspace)).decision.baseline.version).toBe('1.2.0');
  });

  it.each([
    ['constant', 'constant model', 0.5],
    ['majority', 'majority model', 0.5],
  ])('%s knows nothing', async (baseline, label, value) => {
    const { decision } = await evaluated(second, { baseline });
    expect(decision).toMatchObject({ verdict: 'pass', baseline: { kind: 'constant', label } });
    expect(decision.comparisons[0]?.baseline).toBeCloseTo(value, 12);
  });

  it('is a file of predictions, and no file outside of the repository', async () => {
    const workspace = await copyOf(second);
    const predictions = DEVELOPMENT.map(({ id, x, z }) => ({ id, score: sigmoid(0.3 * x + 0.6 * z) }));
    await write(workspace.root, { 'old/predictions.csv': csv(predictions) });
    const run = (await trained(second, WEIGHTS.good)).run.record.key;
    const { decision } = await evaluated(workspace, { run, baseline: 'file:old/predictions.csv' });
    expect(decision.baseline).toMatchObject({ kind: 'predictions', label: 'old/predictions.csv' });
    expect(decision.comparisons[0]?.baseline).toBeCloseTo(AUC.weak, 12);
    await write(workspace.root, { 'old/predictions.csv': csv(predictions.slice(1)) });
    expect(await errorOf(evaluated(workspace, { run, baseline: 'file:old/predictions.csv' }))).toMatchObject({
      code: 'E_PAIR_MISSING_ID',
    });
    expect(await errorOf(evaluated(workspace, { run, baseline: 'file:../predictions.csv' }))).toMatchObject({
      code: 'E_PATH_OUTSIDE',
    });
    expect(await errorOf(evaluated(workspace, { run, baseline: 'file:new.csv' }))).toMatchObject({
      code: 'E_BASELINE_FILE',
      exitCode: 2,
    });
  });

  it('in a file is the target branch’s: a change that brings its own gets both answers, and the target’s counts', async () => {
    const lines = (x: number) =>
      csv(DEVELOPMENT.map((row) => ({ id: row.id, score: sigmoid(x * row.x + 0.6 * row.z) })));
    const workspace = await copyOf(second);
    const gate = { ...GATE, baseline: 'file:old/predictions.csv' };
    await write(workspace.root, { 'old/predictions.csv': lines(1.5) });
    await trained(workspace, WEIGHTS.good, { gate });
    const base = await commit(workspace, { 'old/predictions.csv': lines(1.5) });
    await workspace.git.run(['switch', '--quiet', '--create', 'easier']);
    await commit(workspace, { 'old/predictions.csv': lines(0.3) });
    const run = (await trained(workspace, WEIGHTS.good, { gate })).run.record.key;
    const { decision, ownDecision } = await evaluated(workspace, { rulesFrom: base });
    expect(decision.baseline.label).toBe(`old/predictions.csv at ${base.slice(0, 12)}`);
    expect(decision.comparisons[0]).toMatchObject({ baseline: expect.closeTo(AUC.good, 12), reason: 'identical' });
    expect(decision.verdict).not.toBe('pass');
    expect(ownDecision).toMatchObject({
      verdict: 'pass',
      rulesFrom: 'pull request',
      rulesDigest: decision.rulesDigest,
    });
    expect(ownDecision?.comparisons[0]?.baseline).toBeCloseTo(AUC.weak, 12);
    // Named on the command line it is the target's as well; without a target it is that of the work tree.
    const named = await evaluated(workspace, { rulesFrom: base, baseline: 'file:old/predictions.csv' });
    expect(named.decision.comparisons[0]?.baseline).toBeCloseTo(AUC.good, 12);
    expect((await evaluated(workspace)).decision.comparisons[0]?.baseline).toBeCloseTo(AUC.weak, 12);
    // A change that takes the file away cannot take the baseline away.
    await workspace.git.run(['rm', '--quiet', 'old/predictions.csv']);
    const gone = await evaluated(workspace, { run, rulesFrom: base });
    expect(gone).toMatchObject({ decision: { baseline: { label: decision.baseline.label } } });
    expect(gone.ownDecision).toBeUndefined();
    expect(gone.said).toMatch(/no answer by the change's own rules: .*old\/predictions\.csv/);
    const early = await workspace.git.text(['rev-list', '--max-parents=0', 'HEAD']);
    expect(
      await errorOf(evaluated(workspace, { run, rulesFrom: early, baseline: 'file:old/predictions.csv' })),
    ).toMatchObject({ code: 'E_BASELINE_FILE', exitCode: 2, message: expect.stringContaining(early.slice(0, 12)) });
  });

  it('in a file beside its pointer is what the target branch’s pointer names', async () => {
    const lines = (x: number) =>
      csv(DEVELOPMENT.map((row) => ({ id: row.id, score: sigmoid(x * row.x + 0.6 * row.z) })));
    const workspace = await copyOf(second);
    const gate = { ...GATE, baseline: 'file:old.csv' };
    const pointed = async (x: number) => {
      const text = lines(x);
      const md5 = createHash('md5').update(text).digest('hex');
      await write(workspace.root, { [`.dvc/cache/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`]: text });
      return commit(workspace, {
        '.dvc/config': '',
        '.dvc/.gitignore': '/cache\n',
        'old.csv.dvc': `outs:\n- md5: ${md5}\n  size: ${text.length}\n  hash: md5\n  path: old.csv\n`,
      });
    };
    const base = await pointed(1.5);
    await configure(workspace, commandYaml({ gate }));
    const target = await workspace.git.text(['rev-parse', 'HEAD']);
    expect(base).not.toBe(target);
    await workspace.git.run(['switch', '--quiet', '--create', 'easier']);
    await pointed(0.3);
    await trained(workspace, WEIGHTS.good, { gate });
    const { decision, ownDecision } = await evaluated(workspace, { rulesFrom: target });
    expect(decision.comparisons[0]?.baseline).toBeCloseTo(AUC.good, 12);
    expect(ownDecision?.comparisons[0]?.baseline).toBeCloseTo(AUC.weak, 12);
  });

  it.each([
    ['the best one', 'E_BASELINE'],
    ['stage:prod', 'E_STAGE_UNKNOWN'],
  ])('%s: %s', async (baseline, code) => {
    const found = await errorOf(evaluated(second, { baseline }));
    expect(found).toMatchObject({ code, exitCode: 2 });
  });

  it('is declared in assay.yaml, and a promotion is decided against it', async () => {
    const workspace = await copyOf(candidate);
    await trained(workspace, WEIGHTS.good, { gate: { ...GATE, baseline: 'constant' } });
    expect((await evaluated(workspace)).decision.baseline.kind).toBe('constant');
    const result = await promoted(workspace);
    expect(result).toMatchObject({ held: '1.0.0', promoted: { version: '1.1.0', replaced: '1.0.0' } });
    expect(result.decision?.baseline.kind).toBe('constant');
  });

  it('in assay.yaml is one that there is', async () => {
    const workspace = await copyOf(second);
    await configure(workspace, commandYaml({ gate: { ...GATE, baseline: 'yesterday' } }));
    expect(await errorOf(opened(workspace))).toMatchObject({ code: 'E_PROJECT_VALUE', exitCode: 2 });
  });
});

describe('a baseline that cannot be scored again', () => {
  it('is no pass: nothing can be told, and what is missing is named', async () => {
    const workspace = await copyOf(candidate);
    const state = await stateOf(workspace);
    const md5 = state?.versions.get('1.0.0')?.artifact.md5 ?? '';
    await rm(join(workspace.root, '.assay/cache'), { recursive: true, force: true });
    await rm(join(workspace.store, 'assay/files/md5', md5.slice(0, 2)), { recursive: true });
    for (const file of state?.versions.get('1.0.0')?.artifact.files ?? []) {
      await rm(join(workspace.store, 'assay/files/md5', file.md5.slice(0, 2), file.md5.slice(2)), { force: true });
    }
    const { decision } = await evaluated(workspace);
    expect(decision).toMatchObject({
      verdict: 'inconclusive',
      because: { reason: 'baseline-unavailable', detail: expect.stringContaining('is not in') },
      baseline: { version: '1.0.0' },
      comparisons: [],
      stays: '1.0.0',
    });
  });

  it('is stood for by its predictions of the very same rows', async () => {
    const workspace = await copyOf(candidate);
    await promoted(workspace, { version: '1.1.0' });
    const before = (await stateOf(workspace))?.looks.length;
    // 1.1.0 goes, 1.0.0 holds again; its code needs a program that is no longer there.
    const { context, project } = await opened(workspace);
    await rollback(context, { project, reason: 'back' });
    const first = await promoteWithout(workspace, { version: '1.1.0', override: { reason: 'again' } });
    expect(first.decision).toMatchObject({ verdict: 'pass', baseline: { version: '1.0.0' } });
    expect(first.said).toMatch(/its stored predictions of the same examples count/);
    expect((await stateOf(workspace))?.looks).toHaveLength(before ?? -1);
  });
});

/** Promotes where the code of every commit but the present one cannot be checked out. */
async function promoteWithout(workspace: Workspace, request: Partial<PromoteRequestInput>) {
  const { context, project } = await opened(workspace);
  const git: typeof context.git = {
    ...context.git,
    attempt: async (args, options) => {
      const old = await stateOf(workspace);
      const commitOfBaseline = old?.versions.get('1.0.0')?.lineage.commit;
      if (args[0] === 'worktree' && commitOfBaseline !== undefined && args.includes(commitOfBaseline)) {
        throw assayError('E_GIT_UNKNOWN_COMMIT', { commit: commitOfBaseline, reason: 'it was collected' });
      }
      return context.git.attempt(args, options);
    },
  };
  const result = await promote({ ...context, git }, { project, ...request });
  return { ...result, said: context.said.join('\n') };
}

describe('predictions that were scored before the stage changed hands', () => {
  it('are decided against the new holder, by what is stored of it', async () => {
    const workspace = await copyOf(candidate);
    await trained(workspace, { x: 1.5, z: 0.5 });
    await registered(workspace);
    const { context, project } = await opened(workspace);
    const predictions = await scoreSealed(context, { project, version: '1.2.0' });
    expect(predictions.baseline.version).toBe('1.0.0');
    await promoted(workspace, { version: '1.1.0' });
    const result = await promoted(workspace, { version: '1.2.0', predictions });
    expect(result).toMatchObject({ held: '1.1.0', decision: { baseline: { version: '1.1.0' } } });
    expect(result.decision?.comparisons[0]?.baseline).toBeGreaterThan(AUC.weak);
  });

  it('of a version that never held it are not needed where those of the holder are kept', async () => {
    const workspace = await copyOf(candidate);
    const { context, project } = await opened(workspace);
    const predictions = await scoreSealed(context, { project, version: '1.1.0' });
    const forged = { ...predictions, baseline: { version: '0.9.0', scores: predictions.candidate.scores } };
    const { decision } = await promoted(workspace, { predictions: forged });
    expect(decision).toMatchObject({ verdict: 'pass', baseline: { version: '1.0.0' } });
    const elsewhere = { ...predictions, baseline: { version: '0.9.0', scores: [] }, holdout: digestOf('other') };
    expect(await errorOf(promoted(workspace, { version: '1.0.0', predictions: elsewhere }))).toMatchObject({
      code: 'E_DOCUMENT',
    });
  });
});
