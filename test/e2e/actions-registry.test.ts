import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { projectRegistry } from '../../lib/commands/registry/open-registry.ts';
import { Decision } from '../../lib/gate/decision.ts';
import type { Git } from '../../lib/git/git.ts';
import { files, newWorkspace, opened, WEIGHTS, type Workspace } from '../commands/repository.ts';
import { checkout, pushMain } from './fixtures/checkouts.ts';
import { dispatchEvent } from './fixtures/events.ts';
import { registerHere, weightsYaml } from './fixtures/production.ts';
import { said } from './fixtures/pull-requests.ts';
import { runStep, type Step, type StepResult } from './fixtures/runner.ts';

/** Rules by which a month of days can tell: `good` and `narrow` are not worse than each other, `reversed` is. */
const GATE = {
  primary: 'roc_auc',
  guardrails: ['log_loss'],
  require: 'not-worse',
  margins: { roc_auc: 0.05, log_loss: 0.1 },
  // As many promotions as there are below look at one and the same half.
  looks: 8,
};
const yamlOf = (parameters: object) => weightsYaml(parameters, { gate: GATE, stages: ['staging', 'production'] });

let workspace: Workspace;
beforeAll(async () => {
  workspace = await newWorkspace(files(yamlOf(WEIGHTS.narrow)));
});

/** A further version, without actions; its number. */
async function registered(parameters: object): Promise<string> {
  await pushMain(workspace, { 'assay.yaml': stringify(yamlOf(parameters)) });
  return registerHere(workspace);
}

/** One step of a job in a checkout. */
function step(action: string, git: Git, rest: Partial<Step> = {}): Promise<StepResult> {
  return runStep({ action, workspace: git.folder, event: dispatchEvent(), ...rest });
}

async function registry() {
  const { context } = await opened(workspace, { defaultStore: 'ref' });
  const { state, head } = await projectRegistry(context).read();
  const model = state.models.get('late');
  return {
    head,
    versions: [...(model?.versions.keys() ?? [])],
    holder: (stage: string) => model?.stages.get(stage)?.holder ?? null,
    events: model?.events ?? [],
  };
}

/** The jobs of the workflow `retrain`: trained and judged in one checkout, registered from files in another. */
async function retrained(): Promise<{
  readonly register: StepResult;
  readonly run: string;
  readonly gate: StepResult;
}> {
  const computing = await checkout(workspace);
  const train = await step('train', computing);
  const { run = '', folder = '' } = train.outputs;
  const gate = await step('evaluate-gate', computing, { temp: train.temp, inputs: { run, explain: 'true' } });
  const writing = await checkout(workspace);
  const place = join(writing.folder, '.assay/runs', run);
  await mkdir(dirname(place), { recursive: true });
  await cp(folder, place, { recursive: true });
  const { file: decision = '', evidence = '' } = gate.outputs;
  const inputs = { run, decision, evidence, explain: 'true' };
  return { register: await step('register', writing, { inputs }), run, gate };
}

async function scored(version: string, stage = 'production'): Promise<StepResult> {
  return step('score', await checkout(workspace), { inputs: { version, stage } });
}

async function promote(inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  return step('promote', await checkout(workspace), { inputs });
}

describe('from training to production, each job in a checkout of its own', () => {
  it('trains, judges, and registers without running predict where it may write', async () => {
    const { register, run, gate } = await retrained();
    expect(register).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass', model: 'late', version: '1.0.0' } });
    expect(register.outputs.tag).toBe('late@v1.0.0');
    expect(said(register, 'group')).toEqual([]);
    expect(register.summary).toContain('1.0.0');
    // The whole reasoning, and what the numbers look like, also where the decision comes from another job.
    for (const { summary } of [gate, register]) {
      expect(summary).toContain('The reasoning');
      expect(summary).toMatch(/Predictions: \d+ calls turned right/);
    }
    const refs = await workspace.remote.text(['for-each-ref', '--format=%(refname)']);
    expect(refs.split('\n').sort()).toEqual(
      ['refs/assay/store', 'refs/heads/assay/registry', 'refs/heads/main', 'refs/tags/late@v1.0.0'].sort(),
    );
    const { versions } = await registry();
    expect(versions).toEqual(['1.0.0']);
    const again = await retrained();
    expect(again.run).toBe(run);
    expect(again.register).toMatchObject({ exitCode: 0, outputs: { version: '1.0.0', tag: '' } });
  });

  it('scores in one job and decides in another, which looks at the sealed half once', async () => {
    const score = await scored('1.0.0');
    expect(score).toMatchObject({ exitCode: 0, outputs: { version: '1.0.0', stage: 'production' } });
    const predictions = score.outputs.file ?? '';
    expect((await registry()).events.map(({ kind }) => kind)).toEqual(['register']);
    const first = await promote({ version: '1.0.0', stage: 'production', predictions, explain: 'true' });
    expect(first.summary).toContain('The reasoning');
    expect(first).toMatchObject({
      exitCode: 0,
      outputs: { verdict: 'pass', promoted: 'true', model: 'late', version: '1.0.0', stage: 'production' },
    });
    expect(said(first, 'group')).toEqual([]);
    const { decision } = JSON.parse(await readFile(first.outputs.file ?? '', 'utf8'));
    expect(Decision.parse(decision)).toMatchObject({ holdout: { half: 'sealed' }, looks: { used: 1, budget: 8 } });
    expect((await registry()).holder('production')).toBe('1.0.0');
    const { head } = await registry();
    const again = await promote({ version: '1.0.0', stage: 'production', predictions });
    expect(again).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass', promoted: 'true' } });
    expect((await registry()).head).toBe(head);
  });

  it('brings what a stage holds into a fresh checkout, from the store that is a ref', async () => {
    const git = await checkout(workspace);
    const got = await step('get', git, { inputs: { model: 'late@production', path: 'served' } });
    expect(got).toMatchObject({ exitCode: 0, outputs: { version: '1.0.0', path: join(git.folder, 'served') } });
    expect(JSON.parse(await readFile(join(git.folder, 'served/model.json'), 'utf8'))).toMatchObject(WEIGHTS.narrow);
    expect(await readdir(join(git.folder, 'served'))).toEqual(['metrics.json', 'model.json']);
    const missing = await step('get', git, { inputs: { model: 'late@staging' } });
    expect(missing.exitCode).toBe(2);
    expect(said(missing, 'error')[0]).toMatch(/staging/);
  });
});

describe('a file of predictions', () => {
  let original: string;
  let git: Git;
  beforeAll(async () => {
    expect(await registered(WEIGHTS.good)).toBe('1.1.0');
    const score = await scored('1.1.0');
    git = await checkout(workspace);
    original = await readFile(score.outputs.file ?? '', 'utf8');
    expect(JSON.parse(score.outputs.result ?? '')).toEqual(JSON.parse(original));
  });

  interface Predictions {
    holdout: string;
    version: string;
    candidate: { version: string; scores: (number | null)[] };
    baseline: { version: string | null; scores: number[] };
  }
  const tampered: readonly [string, (file: Predictions) => void, RegExp][] = [
    ['of another holdout', (it) => (it.holdout = `sha256:${'0'.repeat(64)}`), /holdout/],
    ['with a score too few', (it) => it.candidate.scores.pop(), /candidate.*359 scores for 360 rows/],
    ['with a score that is no number', (it) => (it.candidate.scores[3] = null), /candidate\.scores\.3/],
    ['with a key of its own', (it) => Object.assign(it, { verdict: 'pass' }), /verdict/],
  ];
  it.each(tampered)('%s is refused before anything is looked at', async (_what, change, named) => {
    const { head } = await registry();
    const document = JSON.parse(original);
    change(document);
    await writeFile(join(git.folder, '../predictions.json'), JSON.stringify(document));
    const result = await step('promote', git, { inputs: { version: '1.1.0', predictions: '../predictions.json' } });
    expect(result).toMatchObject({ exitCode: 2, outputs: { verdict: 'error' } });
    expect(said(result, 'error')).toEqual([expect.stringMatching(named)]);
    expect(await registry()).toMatchObject({ head, versions: ['1.0.0', '1.1.0'] });
  });
});

describe('promotions at once', () => {
  it('of one version: one moves the stage, the other finds it done', async () => {
    const both = await Promise.all([promote({ version: '1.1.0' }), promote({ version: '1.1.0' })]);
    for (const one of both) expect(one).toMatchObject({ exitCode: 0, outputs: { promoted: 'true', version: '1.1.0' } });
    const { events, holder } = await registry();
    expect(holder('production')).toBe('1.1.0');
    const moves = events.filter((event) => event.kind === 'promote' && event.version === '1.1.0');
    expect(moves).toHaveLength(1);
  });

  it('of two versions: each is judged against what it replaces', async () => {
    for (const x of [1.51, 1.49]) await registered({ ...WEIGHTS.good, x });
    const both = await Promise.all(['1.2.0', '1.3.0'].map((version) => promote({ version })));
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const { events } = await registry();
    const moves = events.flatMap((event) => (event.kind === 'promote' ? [event] : [])).slice(-2);
    expect(moves.map(({ version }) => version).sort()).toEqual(['1.2.0', '1.3.0']);
    expect(moves.map(({ replaced }) => replaced)).toEqual(['1.1.0', moves[0]?.version]);
  });
});

describe('a stage that is not moved', () => {
  it('when the gate says no', async () => {
    expect(await registered({ x: 0.1, z: -0.2 })).toBe('1.4.0');
    const held = (await registry()).holder('production');
    const result = await promote({});
    expect(result).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail', promoted: 'false', version: '1.4.0' } });
    expect(said(result, 'error')[0]).toMatch(/^Do not promote: ROC AUC worsens/);
    expect((await registry()).holder('production')).toBe(held);
    const silent = await promote({ override: 'true' });
    expect(silent.exitCode).toBe(2);
    expect(said(silent, 'error')[0]).toContain('E_PROMOTE_NO_REASON');
    const typo = await promote({ override: 'yes' });
    expect(said(typo, 'error')[0]).toMatch(/override.*true, false.*|E_INPUT_VALUE/);
  });

  it('but by an override, whose reason is recorded, and moves back by a rollback', async () => {
    const held = (await registry()).holder('production');
    const forced = await promote({ override: 'true', reason: 'an experiment' });
    expect(forced).toMatchObject({ exitCode: 0, outputs: { promoted: 'true', version: '1.4.0' } });
    const git = await checkout(workspace);
    expect(said(await step('rollback', git), 'error')[0]).toMatch(/"reason".*E_INPUT_MISSING/);
    const back = await step('rollback', git, { inputs: { reason: 'it is worse' } });
    expect(back).toMatchObject({ exitCode: 0, outputs: { version: held, stage: 'production', model: 'late' } });
    expect(back.summary).toContain('it is worse');
    const { events, holder } = await registry();
    expect(holder('production')).toBe(held);
    expect(events.slice(-2)).toMatchObject([
      { kind: 'promote', override: { reason: 'an experiment', verdict: 'fail' } },
      { kind: 'rollback', reason: 'it is worse' },
    ]);
  });

  it('when the token may not write', async () => {
    const hook = join(workspace.remote.folder, 'hooks/pre-receive');
    await mkdir(dirname(hook), { recursive: true });
    await writeFile(hook, '#!/bin/sh\necho "Permission to octo/flights denied" >&2\nexit 1\n');
    await chmod(hook, 0o755);
    const { head } = await registry();
    const result = await promote({ version: '1.1.0', stage: 'staging' });
    expect(result.exitCode).toBe(3);
    expect(said(result, 'error')[0]).toMatch(/E_REGISTRY_DENIED.*contents: write/);
    expect((await registry()).head).toBe(head);
  });
});
