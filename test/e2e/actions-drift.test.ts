import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { DriftReport } from '../../lib/drift/drift-report.ts';
import { csv, type Row, rowsOf } from '../commands/days.ts';
import { files, treesYaml, type Workspace } from '../commands/repository.ts';
import { addWorkflowRun, type GitHubServer, shaOf, startGitHubServer, TOKENS } from '../forge/github-server.ts';
import { newFolder } from '../git/repository.ts';
import { checkout, pushMain } from './fixtures/checkouts.ts';
import { scheduleEvent } from './fixtures/events.ts';
import { productionWorkspace, withoutStore } from './fixtures/production.ts';
import { said } from './fixtures/pull-requests.ts';
import { runStep, type Step, type StepResult } from './fixtures/runner.ts';

/** Half a year before the holdout, so that there are past windows to compare with. */
const HISTORY = rowsOf({ days: 230, perDay: 12 });

let workspace: Workspace;
beforeAll(async () => {
  const yaml = withoutStore(treesYaml({ gate: { primary: 'log_loss' } }));
  workspace = await productionWorkspace(yaml, files(yaml, HISTORY));
});

let github: GitHubServer;
beforeEach(async () => {
  github = await startGitHubServer();
  github.state.refs.set('refs/heads/main', shaOf('main'));
  github.state.workflows.add('retrain.yml');
});
afterEach(async () => {
  expect(github.violations).toEqual([]);
  await github.close();
});

/** Six more weeks of rows come in, and the scheduled job looks at them. */
async function checked(change: (row: Row) => object, inputs: Step['inputs'] = {}): Promise<StepResult> {
  const more = rowsOf({ from: '2024-08-18', days: 42, perDay: 12, seed: 99, prefix: 'n' });
  await pushMain(workspace, { 'data/days.csv': csv([...HISTORY, ...more.map(change)]) });
  const { folder } = await checkout(workspace);
  return runStep({
    action: 'drift-check',
    workspace: folder,
    inputs,
    apiUrl: github.url,
    token: TOKENS.actions,
    event: scheduleEvent(),
  });
}

/** The publishing job: no checkout. */
async function publish(file: string, inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> {
  return runStep({
    action: 'publish',
    workspace: await newFolder(),
    inputs: { drift: file, ...inputs },
    apiUrl: github.url,
    token: TOKENS.actions,
    event: scheduleEvent(),
  });
}

const issues = () => [...github.state.issues.values()];

it('drift is one issue while it lasts, closed when it ends; lost quality starts the retraining', async () => {
  // The label turns around: the features look as ever, and what was learnt is wrong.
  const lost = await checked((row) => ({ ...row, late: 1 - row.late }));
  expect(lost).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail', version: '1.0.0', retrain: 'true' } });
  const report = DriftReport.parse(JSON.parse(lost.outputs.result ?? ''));
  expect(report.loss).toMatchObject({ verdict: 'fail', reason: 'worse-than-allowed' });
  expect(lost.summary).toContain('late');

  const file = lost.outputs.file ?? '';
  const opened = await publish(file, { 'retrain-workflow': 'retrain.yml' });
  expect(opened).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass', dispatched: 'true' } });
  expect(issues()).toMatchObject([{ number: 1, state: 'open', author: 'github-actions[bot]', labels: ['drift'] }]);
  expect(issues()[0]?.title).toMatch(/^Drift of late \(production\): /);
  expect(github.state.dispatches).toMatchObject([{ workflow: 'retrain.yml', ref: 'main' }]);
  expect(github.state.dispatches[0]?.inputs.reason).toMatch(/^late: /);

  // While the retraining is under way it is not proposed again.
  const cooling = await checked((row) => ({ ...row, late: 1 - row.late }), {
    'last-proposal': new Date().toISOString(),
  });
  expect(cooling.outputs).toMatchObject({ verdict: 'fail', retrain: 'false' });
  expect(cooling.outputs.result).toContain('"cooling-down"');
  // The same from the runs of the workflow that retrains.
  addWorkflowRun(github.state, { workflow: 'retrain.yml', createdAt: new Date().toISOString() });
  const ran = await checked((row) => ({ ...row, late: 1 - row.late }), { 'retrain-workflow': 'retrain.yml' });
  expect(ran.outputs.result).toContain('"cooling-down"');
  const unknown = await checked((row) => ({ ...row, late: 1 - row.late }), { 'retrain-workflow': 'missing.yml' });
  expect(unknown.outputs).toMatchObject({ verdict: 'fail', retrain: 'true' });
  expect(said(unknown, 'warning')).toEqual([expect.stringMatching(/^there is no cool-down: .*missing\.yml/)]);

  // Another kind of drift on the next day: the same issue with another text, and nothing to retrain.
  const shifted = await checked((row) => ({ ...row, x: Number((row.x + 3).toFixed(4)), late: '' }));
  expect(shifted).toMatchObject({ exitCode: 0, outputs: { verdict: 'warn', retrain: 'false' } });
  const body = issues()[0]?.body;
  const updated = await publish(shifted.outputs.file ?? '', { 'retrain-workflow': 'retrain.yml' });
  expect(updated.outputs.dispatched).toBe('false');
  expect(issues()).toHaveLength(1);
  expect(issues()[0]?.body).not.toBe(body);
  expect(github.state.dispatches).toHaveLength(1);

  const calm = await checked((row) => row);
  expect(calm).toMatchObject({ exitCode: 0, outputs: { retrain: 'false' } });
  expect(['pass', 'inconclusive']).toContain(calm.outputs.verdict);
  await publish(calm.outputs.file ?? '');
  expect(issues()).toMatchObject([{ number: 1, state: 'closed' }]);
  expect(github.state.comments.at(-1)).toMatchObject({ issue: 1, body: expect.stringContaining('Closing') });

  // Nothing open, nothing said.
  const before = github.requests.filter(({ method }) => method !== 'GET').length;
  expect((await publish(calm.outputs.file ?? '')).exitCode).toBe(0);
  expect(github.requests.filter(({ method }) => method !== 'GET')).toHaveLength(before);

  // A token that may not write: the report stands, and is said to stand.
  const unposted = await runStep({
    action: 'publish',
    workspace: await newFolder(),
    inputs: { drift: file, 'retrain-workflow': 'retrain.yml' },
    apiUrl: github.url,
    token: TOKENS.fork,
    event: scheduleEvent(),
  });
  expect(unposted).toMatchObject({ exitCode: 0, outputs: { dispatched: 'false' } });
  expect(said(unposted, 'warning').join('\n')).toMatch(/issues: write.*\n.*actions: write/);
  expect(unposted.summary).toContain('late');
});

it('a file that is no drift report posts nothing', async () => {
  const folder = await checkout(workspace);
  const result = await publish(`${folder.folder}/assay.yaml`);
  expect(result.exitCode).toBe(2);
  expect(said(result, 'error')[0]).toContain('E_DOCUMENT');
  expect(github.requests).toEqual([]);
});

it('without a version in the stage there is nothing to hold the data against', async () => {
  const { folder } = await checkout(workspace);
  const inputs = { stage: 'staging' };
  const result = await runStep({ action: 'drift-check', workspace: folder, inputs, event: scheduleEvent() });
  expect(result.exitCode).toBe(2);
  expect(said(result, 'error')[0]).toMatch(/staging.*E_STAGE_UNKNOWN/);
});
