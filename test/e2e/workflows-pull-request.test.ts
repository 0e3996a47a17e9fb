import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { WEIGHTS } from '../commands/repository.ts';
import { addPull } from '../forge/github-server.ts';
import { ACT, NEEDS_ACT, runWorkflow, userWorkflow, type WorkflowResult } from './fixtures/act.ts';
import { type PullRequestCommits, pushPullRequest } from './fixtures/checkouts.ts';
import { pullRequestEvent } from './fixtures/events.ts';
import { type ForgeSite, startForgeSite } from './fixtures/forge-site.ts';
import { weightsYaml } from './fixtures/production.ts';
import { type PullRequests, pullRequests } from './fixtures/pull-requests.ts';

/**
 * The user's workflow of examples/flights, the reusable one that it calls, and our actions from the bundle, run by act
 * on this machine. actions/checkout, upload-artifact and download-artifact are stand-ins that move the same files.
 */
describe.skipIf(ACT === undefined)(`the workflow of a pull request${NEEDS_ACT}`, () => {
  let pulls: PullRequests;
  let crashing: PullRequestCommits;
  beforeAll(async () => {
    pulls = await pullRequests();
    const yaml = stringify(weightsYaml(WEIGHTS.narrow));
    crashing = await pushPullRequest(pulls.workspace, 5, {
      'assay.yaml': yaml,
      'predict.mjs': 'process.kill(process.pid, "SIGKILL");\n',
    });
  });

  let site: ForgeSite;
  beforeEach(async () => {
    site = await startForgeSite(pulls.workspace);
  });
  afterEach(async () => {
    expect(site.github.violations).toEqual([]);
    await site.close();
  });

  interface Options {
    readonly fork?: boolean;
    readonly setup?: string;
    readonly env?: Readonly<Record<string, string>>;
  }

  /** The run that a push to the pull request starts. */
  async function pushed(
    pull: PullRequestCommits,
    { fork = false, setup, env = {} }: Options = {},
  ): Promise<WorkflowResult> {
    const { state } = site.github;
    const opened = addPull(state, {
      headSha: pull.head,
      headRef: `feature-${pull.number}`,
      ...(fork ? { fork: 'stranger' } : {}),
    });
    const text = await userWorkflow('pull-request.yml');
    return runWorkflow(site, {
      workflow: 'pull-request.yml',
      text: setup === undefined ? text : text.replace('model: late', `model: late\n      setup: ${setup}`),
      event: pullRequestEvent({ ...pull, number: opened.number }, { fork }),
      ref: `refs/pull/${opened.number}/merge`,
      sha: pull.merge,
      env,
      ...(fork ? { readOnly: true } : {}),
    });
  }

  const said = () => site.github.state.comments.map(({ body }) => body);
  const checks = () => site.github.state.checkRuns.map(({ name, headSha, conclusion }) => [name, headSha, conclusion]);
  const red = ({ head }: PullRequestCommits) => [
    ['evaluation', head, 'failure'],
    ['promotable', head, 'failure'],
  ];

  it('computes in one job and posts in another, also when the gate says no', async () => {
    const { worse } = pulls;
    const { jobs, artifacts } = await pushed(worse);
    expect(jobs).toEqual({ evaluate: 'failure', publish: 'success' });
    expect(said()).toEqual([expect.stringContaining('Do not promote')]);
    expect(checks()).toEqual(red(worse));
    // Nobody but the token's owner read the repository.
    expect(site.git.authorizations).not.toContain(undefined);
    const [evaluation = '', run = '', ...rest] = (await readdir(artifacts)).sort();
    expect([evaluation, run.replace(/[0-9a-f]{64}$/, 'KEY'), rest]).toEqual([
      'assay-evaluation-gate',
      'assay-run-KEY',
      [],
    ]);
    expect((await readdir(join(artifacts, evaluation))).sort()).toEqual(['evaluation.json', 'report.html']);
    expect(JSON.parse(await readFile(join(artifacts, run, 'run.json'), 'utf8'))).toMatchObject({
      key: run.replace('assay-run-', 'sha256:'),
    });
  });

  it("leaves a fork's pull request its verdict in the log, and posts nothing", async () => {
    const { jobs, log } = await pushed(pulls.worse, { fork: true });
    expect(jobs).toEqual({ evaluate: 'failure' });
    expect(log).toContain('Do not promote');
    expect(said()).toEqual([]);
    expect(checks()).toEqual([]);
  });

  it('says that nothing was evaluated when the environment could not be prepared', async () => {
    const { near } = pulls;
    const { jobs } = await pushed(near, { setup: 'exit 7' });
    expect(jobs).toEqual({ evaluate: 'failure', publish: 'failure' });
    expect(said()).toEqual([
      expect.stringMatching(/^<!--.*\n\*\*🛑 Not evaluated:\*\* .*ended before there was an evaluation \(failure\)/),
    ]);
    expect(checks()).toEqual(red(near));
  });

  it("says what stopped the job when users' code crashes", async () => {
    const { jobs } = await pushed(crashing);
    expect(jobs).toEqual({ evaluate: 'failure', publish: 'failure' });
    expect(said()).toEqual([expect.stringMatching(/Not evaluated:\*\* .*SIGKILL.*E\\_COMMAND\\_FAILED/)]);
    expect(checks()).toEqual(red(crashing));
  });

  it('says so when the evaluation does not arrive', async () => {
    const { near } = pulls;
    const lost = await pushed(near, { env: { ASSAY_TEST_NO_DOWNLOADS: '1' } });
    expect(lost.jobs).toEqual({ evaluate: 'success', publish: 'failure' });
    expect(said()).toEqual([expect.stringMatching(/Not evaluated:\*\* .*did not arrive/)]);
    expect(checks()).toEqual(red(near));
  });
});
