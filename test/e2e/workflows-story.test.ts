import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { glob } from 'tinyglobby';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { csv, rowsOf } from '../commands/days.ts';
import { files, WEIGHTS, type Workspace } from '../commands/repository.ts';
import { addArtifact, addPull } from '../forge/github-server.ts';
import { ACT, NEEDS_ACT, runWorkflow, userWorkflow, type WorkflowResult } from './fixtures/act.ts';
import { pushMain, pushPullRequest } from './fixtures/checkouts.ts';
import { dispatchEvent, type Event, pullRequestEvent, scheduleEvent } from './fixtures/events.ts';
import { type ForgeSite, startForgeSite } from './fixtures/forge-site.ts';
import { productionWorkspace, weightsYaml } from './fixtures/production.ts';

/** Half a year before the holdout, so that there are past windows to compare with. */
const HISTORY = rowsOf({ days: 230, perDay: 12 });

const project = (parameters: object) =>
  weightsYaml(parameters, { stages: ['staging', 'production'], drift: { window: '14d' } });

/**
 * The four workflows of examples/flights one after the other, as a team lives with them: each as act runs it, in
 * checkouts of its own, against one forge. Only the pushes to main are a person's.
 */
describe.skipIf(ACT === undefined)(`from a pull request to the retraining that drift starts${NEEDS_ACT}`, () => {
  let workspace: Workspace;
  let site: ForgeSite;
  beforeAll(async () => {
    const yaml = project(WEIGHTS.weak);
    workspace = await productionWorkspace(yaml, files(yaml, HISTORY));
    site = await startForgeSite(workspace);
    site.github.state.workflows.add('retrain.yml');
  });
  afterAll(async () => {
    expect(site.github.violations).toEqual([]);
    // Every one of git's requests, to read and to push, was made with the run's token.
    expect(new Set(site.git.authorizations).size).toBe(1);
    await site.close();
  });

  async function onMain(workflow: string, event: Event): Promise<WorkflowResult> {
    const sha = await workspace.remote.text(['rev-parse', 'refs/heads/main']);
    site.github.state.refs.set('refs/heads/main', sha);
    return runWorkflow(site, { workflow, text: await userWorkflow(workflow), event, ref: 'refs/heads/main', sha });
  }

  const tags = async () =>
    (await workspace.remote.text(['for-each-ref', '--format=%(refname:short)', 'refs/tags'])).split('\n').sort();
  const registry = async () => (await workspace.remote.text(['log', '--format=%an: %s', 'assay/registry'])).split('\n');
  const better = { 'assay.yaml': stringify(project(WEIGHTS.good)) };

  it('a pull request with a better model gets a comment and two green checks', async () => {
    const pull = await pushPullRequest(workspace, 1, better);
    const { number } = addPull(site.github.state, { headSha: pull.head, headRef: 'feature-1' });
    const { jobs, artifacts } = await runWorkflow(site, {
      workflow: 'pull-request.yml',
      text: await userWorkflow('pull-request.yml'),
      event: pullRequestEvent({ ...pull, number }),
      ref: `refs/pull/${number}/merge`,
      sha: pull.merge,
    });
    expect(jobs).toEqual({ evaluate: 'success', publish: 'success' });
    expect(site.github.state.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/^.*\n\*\*✅ `late`/)]);
    expect(site.github.state.checkRuns.map(({ name, conclusion }) => `${name} ${conclusion}`)).toEqual([
      'evaluation success',
      'promotable success',
    ]);
    const runs = (await readdir(artifacts)).filter((name) => name.startsWith('assay-run-'));
    expect(runs).toHaveLength(1);
    for (const name of runs) addArtifact(site.github.state, { name, zip: await zipOf(join(artifacts, name)) });
  });

  it('after the merge its very run is registered, not trained again', async () => {
    await pushMain(workspace, better);
    const { jobs, log } = await onMain('retrain.yml', dispatchEvent({ reason: 'merged' }));
    expect(jobs).toEqual({ train: 'success', register: 'success' });
    expect(log).toMatch(/^Retraining: merged$/m);
    expect(log).toMatch(/^brought run [0-9a-f]{12} from workflow run \d+$/m);
    expect(log).not.toMatch(/^training late/m);
    expect(await tags()).toEqual(['late#production#1', 'late@v1.0.0', 'late@v1.1.0']);
    expect((await registry())[0]).toBe('ada: Register late 1.1.0');
  });

  it('promotion opens the sealed half, decides, and moves the stage in the remote', async () => {
    const before = await registry();
    const { jobs, log } = await onMain('promote.yml', dispatchEvent({ stage: 'production', version: '1.1.0' }));
    expect(jobs).toEqual({ score: 'success', promote: 'success' });
    expect(log).toMatch(/^Promoted: 1\.1\.0 now holds production after 1\.0\.0\.$/m);
    expect(await tags()).toContain('late#production#2');
    expect(await registry()).toEqual([
      'ada: Promote late 1.1.0 to production',
      'ada: Look at the sealed holdout of late (2 of 5)',
      ...before,
    ]);
  });

  it('drift opens one issue and starts the retraining', async () => {
    // The label turns around: the features look as ever, and what was learnt is wrong.
    const more = rowsOf({ from: '2024-08-18', days: 42, perDay: 12, seed: 99, prefix: 'n' });
    const turned = more.map((row) => ({ ...row, late: 1 - row.late }));
    await pushMain(workspace, { 'data/days.csv': csv([...HISTORY, ...turned]) });
    const { jobs } = await onMain('drift.yml', scheduleEvent());
    expect(jobs).toEqual({ check: 'failure', publish: 'success' });
    expect(site.github.state.issues.get(2)).toMatchObject({
      title: expect.stringMatching(/^Drift of late \(production\): /),
      state: 'open',
      labels: ['drift'],
    });
    expect(site.github.state.dispatches).toMatchObject([
      { workflow: 'retrain.yml', ref: 'main', inputs: { reason: expect.stringMatching(/^late: /) } },
    ]);
  });
});

/** What the artifact service would hand out: the files as a zip. */
async function zipOf(folder: string): Promise<Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const path of await glob('**', { cwd: folder, dot: true })) files[path] = await readFile(join(folder, path));
  return zipSync(files);
}
