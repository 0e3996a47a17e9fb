import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Evaluation } from '../../lib/report/evaluation.ts';
import { WEIGHTS, type Workspace } from '../commands/repository.ts';
import { stateOf } from '../commands/verbs.ts';
import { addPull } from '../forge/github-server.ts';
import { ACT, NEEDS_ACT, runWorkflow, userWorkflow, type WorkflowResult } from './fixtures/act.ts';
import { bundleFolder } from './fixtures/bundle.ts';
import { type PullRequestCommits, pushPullRequest } from './fixtures/checkouts.ts';
import { pullRequestEvent } from './fixtures/events.ts';
import { type ForgeSite, startForgeSite } from './fixtures/forge-site.ts';
import { productionWorkspace, weightsYaml } from './fixtures/production.ts';

/** Milliseconds that building the bundle may take on a slow machine with other tests beside it. */
const BUILD_TIMEOUT = 300_000;

/** A pull request on a holdout without halves, by the workflow for it and by the plain one, run by act. */
describe.skipIf(ACT === undefined)(`the workflow of counted looks${NEEDS_ACT}`, () => {
  const changes = {
    holdout: { last: '60d', halves: false },
    gate: { primary: 'roc_auc', guardrails: ['log_loss'], require: 'not-worse' },
  };
  let workspace: Workspace;
  let worse: PullRequestCommits;
  // Whoever comes first builds the bundle, which takes a while.
  beforeAll(async () => void (await bundleFolder()), BUILD_TIMEOUT);
  beforeAll(async () => {
    workspace = await productionWorkspace(weightsYaml(WEIGHTS.good, changes));
    worse = await pushPullRequest(workspace, 1, { 'assay.yaml': stringify(weightsYaml(WEIGHTS.weak, changes)) });
  });

  let site: ForgeSite;
  beforeEach(async () => {
    site = await startForgeSite(workspace);
  });
  afterEach(async () => {
    expect(site.github.violations).toEqual([]);
    await site.close();
  });

  async function pushed(workflow: string, { fork = false } = {}): Promise<WorkflowResult> {
    const opened = addPull(site.github.state, {
      headSha: worse.head,
      headRef: 'feature-1',
      ...(fork ? { fork: 'stranger' } : {}),
    });
    const text = await userWorkflow('pull-request.yml');
    return runWorkflow(site, {
      workflow: 'pull-request.yml',
      text: text
        .replace('workflows/pull-request.yml@', `workflows/${workflow}@`)
        .replace('contents: read', 'contents: write'),
      event: pullRequestEvent({ ...worse, number: opened.number }, { fork }),
      ref: `refs/pull/${opened.number}/merge`,
      sha: worse.merge,
      ...(fork ? { readOnly: true } : {}),
    });
  }

  const said = () => site.github.state.comments.map(({ body }) => body);
  const looks = async () => (await stateOf(workspace))?.looks.length ?? 0;
  /** What the whole log says of a metric: nothing, where its numbers are not to be seen. */
  const numbersIn = (text: string) => /ROC AUC (?:worsens|improves)|plausible [-\d]/.exec(text)?.[0];

  it('by the plain one shows nothing, for the ledger cannot be written, and names the other', async () => {
    const before = await looks();
    const { jobs, log } = await pushed('pull-request.yml');
    expect(jobs).toEqual({ evaluate: 'success', publish: 'success' });
    expect(said()).toEqual([
      expect.stringMatching(/could not be recorded: the result is withheld.*pull-request-counted\.yml/s),
    ]);
    expect([...said(), log].map(numbersIn)).toEqual([undefined, undefined]);
    expect(await looks()).toBe(before);
  });

  it('for a fork shows nothing, and says so in a plain sentence', async () => {
    const before = await looks();
    const { jobs, log } = await pushed('pull-request-counted.yml', { fork: true });
    expect(jobs).toEqual({ evaluate: 'success' });
    expect(log).toMatch(/none is recorded for a pull request from a fork: the result is withheld/);
    expect([said(), numbersIn(log), await looks()]).toEqual([[], undefined, before]);
  });

  it('records the look in the job that posts, and only then shows the result', async () => {
    const before = await looks();
    const { jobs, log, artifacts } = await pushed('pull-request-counted.yml');
    expect(jobs).toEqual({ evaluate: 'success', publish: 'success' });
    expect(await looks()).toBe(before + 1);
    expect(said()).toEqual([expect.stringMatching(/Do not promote:\*\* ROC AUC worsens by/)]);
    expect(said()[0]).toContain(`${before + 1} of 5`);
    // The job that computed said no number.
    const [computing = '', publishing] = log.split('Take up the evaluation');
    expect([numbersIn(computing), publishing === undefined]).toEqual([undefined, false]);
    const [name = ''] = (await readdir(artifacts)).filter((one) => one.startsWith('assay-evaluation'));
    const handedOver = Evaluation.parse(JSON.parse(await readFile(join(artifacts, name, 'evaluation.json'), 'utf8')));
    expect(handedOver.looks).toHaveLength(1);
    expect(numbersIn(await readFile(join(artifacts, name, 'report.html'), 'utf8'))).toBeUndefined();
  });
});
