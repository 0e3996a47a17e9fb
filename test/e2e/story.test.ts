import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { GetOutput, HistoryOutput, PromotionOutput, RegistrationOutput } from '../../lib/commands/registry/outputs.ts';
import { DriftReport } from '../../lib/drift/drift-report.ts';
import { Decision } from '../../lib/gate/decision.ts';
import { Evaluation } from '../../lib/report/evaluation.ts';
import { RunRecord } from '../../lib/train/run-record.ts';
import { assay } from '../cli/command-line.ts';
import { csv, rowsOf } from '../commands/days.ts';
import { commit, files, newWorkspace, treesYaml, type Workspace } from '../commands/repository.ts';

/** Rows a day: enough that a month tells a model with `x` from one without, too few to tell a trifle. */
const PER_DAY = 16;

/** Later there is more traffic: enough to show that a model of the same recipe is not worse by 0.01. */
const LATER_PER_DAY = 60;

/** Settings of the trees, and those of a branch whose trees are smaller. */
const CAREFUL = { max_iter: 20, learning_rate: 0.2, max_leaf_nodes: 6 };
const STUMPY = { max_iter: 20, learning_rate: 0.2, max_leaf_nodes: 3 };

/** assay.yaml for trees of these columns; data come in as more files of one folder. */
function project(features: readonly string[], parameters: Readonly<object> = CAREFUL): string {
  const yaml = treesYaml({ drift: { window: '14d', columns: ['x', 'z', 'region'] } }, { features, parameters });
  const days = { ...yaml.data.days, path: 'data/*.csv' };
  return stringify({ ...yaml, data: { days } });
}

/**
 * The demo's way in little: real git branches, a real bare remote, the program's own command line. Each step goes on
 * where the one before ended.
 */
describe('the whole way once', () => {
  let place: Workspace;

  /** The verb's document, after its exit code was what it should be. */
  async function ask<T extends z.ZodType>(code: number, schema: T, ...args: string[]): Promise<z.output<T>> {
    const shown = await assay(place.root, [...args, '--json']);
    expect({ args, code: shown.code, err: shown.err }).toEqual({ args, code, err: '' });
    return schema.parse(JSON.parse(shown.out));
  }

  const history = (): Promise<HistoryOutput> => ask(0, HistoryOutput, 'history');

  /** A branch of main with another recipe, judged as its pull request would be; ends on main again. */
  async function propose(branch: string, assayYaml: string, code: number): Promise<Evaluation> {
    const { git } = place;
    await git.run(['switch', '--quiet', '--create', branch, 'main']);
    await commit(place, { 'assay.yaml': assayYaml }, `Try ${branch}`);
    const evaluation = await ask(code, Evaluation, 'pull-request', '--base', 'main');
    await git.run(['switch', '--quiet', 'main']);
    return evaluation;
  }

  beforeAll(async () => {
    const rows = rowsOf({ perDay: PER_DAY });
    place = await newWorkspace({ ...files(undefined, rows), 'assay.yaml': project(['z']) });
  });

  it('gates, registers and promotes a first version', async () => {
    const run = await ask(0, RunRecord, 'train');
    const decision = await ask(0, Decision, 'evaluate-gate');
    expect(decision).toMatchObject({ verdict: 'pass', baseline: { kind: 'constant' } });
    expect(decision.holdout.half).toBe('development');
    expect(decision.looks).toBeUndefined();
    const registered = await ask(0, RegistrationOutput, 'register');
    expect(registered.record).toMatchObject({ version: '1.0.0', runKey: run.key });
    const promoted = await ask(0, PromotionOutput, 'promote');
    expect(promoted).toMatchObject({ holder: '1.0.0', changed: true });
    expect(promoted.decision).toMatchObject({ holdout: { half: 'sealed' }, looks: { used: 1, budget: 5 } });
  });

  it('says yes to a better branch, whose run is that of the squash merge', async () => {
    const evaluation = await propose('better', project(['x', 'z']), 0);
    expect(evaluation.decisions).toMatchObject([
      { verdict: 'pass', baseline: { version: '1.0.0' }, sameRecipe: false, stays: '1.0.0' },
    ]);
    expect((await history()).looks).toHaveLength(1);
    const { git } = place;
    await git.run(['merge', '--quiet', '--squash', 'better']);
    await commit(place, {}, 'Learn from x too (#1)');
    const [run] = evaluation.runs;
    expect((await ask(0, RunRecord, 'train')).key).toBe(run?.key);
    expect(await readdir(join(place.root, '.assay/runs'))).toHaveLength(2);
    await ask(0, RegistrationOutput, 'register');
    const promoted = await ask(0, PromotionOutput, 'promote');
    expect(promoted).toMatchObject({ holder: '1.1.0', decision: { looks: { used: 2, budget: 5 } } });
    expect(promoted.event).toMatchObject({ kind: 'promote', replaced: '1.0.0', provenBetter: true });
  });

  it('says no to a worse branch: exit code 1, with the comparison that decided', async () => {
    const { decisions } = await propose('worse', project(['region']), 1);
    const [decision] = decisions;
    expect(decision).toMatchObject({ verdict: 'fail', baseline: { version: '1.1.0' }, stays: '1.1.0' });
    expect(decision?.because).toEqual({ comparison: 0 });
    expect(decision?.comparisons[0]?.interval?.upper).toBeLessThan(0);
  });

  it('cannot tell a trifle: exit code 5, with the days that would be needed', async () => {
    const { decisions } = await propose('trifle', project(['x', 'z'], STUMPY), 5);
    const [decision] = decisions;
    expect(decision?.verdict).toBe('inconclusive');
    const [primary] = decision?.comparisons ?? [];
    expect(primary?.neededClusters).toBeGreaterThan(decision?.holdout.clusters ?? Number.POSITIVE_INFINITY);
    expect(decision?.next).toMatchObject({ kind: 'wait', clusters: primary?.neededClusters });
  });

  it('prints the comment of a pull request, and the branches that were refused left no trace', async () => {
    await place.git.run(['switch', '--quiet', 'worse']);
    const shown = await assay(place.root, ['pull-request', '--base', 'main', '--comment']);
    await place.git.run(['switch', '--quiet', 'main']);
    expect(shown.code).toBe(1);
    expect(shown.out).toMatch(/^\*\*❌ `late` · Do not promote:\*\* /);
    expect(shown.out).toContain('npx assay-ml evaluate-gate late --rules-from ');
    const { stages, versions, looks } = await history();
    expect(stages).toEqual([{ stage: 'production', holder: '1.1.0' }]);
    expect(versions.map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
    expect(looks.map(({ used }) => used)).toEqual([1, 2]);
  });

  it('finds a shift in the next months, and a newer model of the same recipe not worse', async () => {
    const rows = rowsOf({ perDay: LATER_PER_DAY, from: '2024-04-30', seed: 8, prefix: 'f' });
    const shifted = rows.map((row) => ({ ...row, region: 'north' }));
    await commit(place, { 'data/more.csv': csv(shifted) }, 'New days');
    const report = await ask(0, DriftReport, 'drift-check');
    expect(report).toMatchObject({ version: '1.1.0', verdict: 'warn' });
    const warned = report.results.filter(({ verdict }) => verdict === 'warn');
    expect([...new Set(warned.map(({ column }) => column))]).toEqual(['region']);
    await ask(0, RunRecord, 'train');
    const decision = await ask(0, Decision, 'evaluate-gate');
    expect(decision).toMatchObject({ sameRecipe: true, verdict: 'pass' });
    expect(decision.comparisons[0]?.requirement).toBe('not-worse');
    expect((await ask(0, RegistrationOutput, 'register')).record.version).toBe('1.2.0');
    const promoted = await ask(0, PromotionOutput, 'promote');
    // Another window: its looks are counted anew.
    expect(promoted).toMatchObject({ holder: '1.2.0', decision: { looks: { used: 1, budget: 5 } } });
  });

  it('goes back, and hands out what production holds', async () => {
    const rolledBack = await ask(0, PromotionOutput, 'rollback', '--reason', 'fire drill');
    expect(rolledBack).toMatchObject({ holder: '1.1.0', event: { replaced: '1.2.0', reason: 'fire drill' } });
    const refused = await ask(1, PromotionOutput, 'promote', '--as', '1.2.0');
    expect(refused).toMatchObject({ holder: '1.1.0', changed: false, refusal: { code: 'quarantined' } });
    const got = await ask(0, GetOutput, 'get', 'late@production', '--output', '../model');
    expect(got).toMatchObject({ version: '1.1.0', quarantined: false });
    expect((await readdir(got.path)).sort()).toEqual(got.record.artifact.files.map(({ path }) => path));
  });

  it('leaves a history of one commit a change, signed by whoever made it', async () => {
    const { events, looks, head } = await history();
    expect(events.map(({ kind, version }) => `${kind} ${version}`)).toEqual([
      'register 1.0.0',
      'promote 1.0.0',
      'register 1.1.0',
      'promote 1.1.0',
      'register 1.2.0',
      'promote 1.2.0',
      'rollback 1.1.0',
    ]);
    const author = await place.git.text(['log', '-1', '--format=%an', 'main']);
    expect(new Set([...events, ...looks].map(({ by }) => by))).toEqual(new Set([author]));
    const commits = await place.remote.text(['rev-list', '--count', 'assay/registry']);
    expect(await place.remote.text(['rev-parse', 'assay/registry'])).toBe(head);
    expect(Number(commits)).toBe(events.length + looks.length);
  });
});
