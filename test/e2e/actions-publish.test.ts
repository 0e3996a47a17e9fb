import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { addPull, shaOf, startGitHubServer, TOKENS } from '../forge/github-server.ts';
import { newFolder } from '../git/repository.ts';
import { type Event, pullRequestEvent, workflowRunEvent } from './fixtures/events.ts';
import { githubOfEachTest } from './fixtures/github-of-each-test.ts';
import { onPullRequest, type PullRequests, pullRequests, said } from './fixtures/pull-requests.ts';
import { runStep, type StepResult } from './fixtures/runner.ts';

/** The file that a computing job handed over: of a model that is worse. */
let evaluation: string;
let pulls: PullRequests;
beforeAll(async () => {
  pulls = await pullRequests();
  const github = await startGitHubServer();
  const computed = await onPullRequest(github, pulls, pulls.worse, {
    inputs: { publish: 'false' },
    token: TOKENS.fork,
  });
  expect(computed.exitCode).toBe(1);
  expect(said(computed, 'warning')).toEqual([]);
  expect(github.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(github.violations).toEqual([]);
  await github.close();
  evaluation = await readFile(computed.outputs.file ?? '', 'utf8');
});

const github = githubOfEachTest();

/** The publishing job: no checkout, a file, and a token that may write. */
async function publish(
  text: string | undefined,
  event: Event,
  token: string = TOKENS.actions,
  more: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  const workspace = await newFolder();
  if (text !== undefined) await writeFile(join(workspace, 'evaluation.json'), text);
  const inputs = { evaluation: 'evaluation.json', ...more };
  return runStep({ action: 'publish', workspace, inputs, apiUrl: github.url, token, event });
}

const posted = () => ({
  comments: github.state.comments.map(({ issue }) => issue),
  checks: github.state.checkRuns.map(({ name, headSha, conclusion }) => `${name} ${headSha} ${conclusion}`),
});

/** What is posted when nothing was evaluated: the comment, and both checks in red. */
const nothing = (number: number) => ({
  comments: [number],
  checks: ['evaluation', 'promotable'].map((name) => `${name} ${pulls.worse.head} failure`),
});

describe('publishing in a job of its own', () => {
  it('posts what another process computed, in a folder without a repository, and does its work whatever the verdict', async () => {
    const { head } = pulls.worse;
    const { number } = addPull(github.state, { headSha: head });
    const result = await publish(evaluation, pullRequestEvent({ ...pulls.worse, number }));
    expect(result).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
    expect(github.state.comments[0]?.body).toContain('Do not promote');
    const expected = { comments: [number], checks: [`evaluation ${head} failure`, `promotable ${head} failure`] };
    expect(posted()).toEqual(expected);
    // A rerun finds its own.
    await publish(evaluation, pullRequestEvent({ ...pulls.worse, number }));
    expect(posted()).toEqual(expected);
  });

  it("finds a fork's pull request by the head commit of the workflow run that computed", async () => {
    const { head } = pulls.worse;
    addPull(github.state, { headSha: shaOf('another') });
    const { number } = addPull(github.state, { headSha: head, headRef: 'theirs', fork: 'stranger' });
    const result = await publish(evaluation, workflowRunEvent({ head, branch: 'theirs', fork: 'stranger' }));
    expect(result.exitCode).toBe(0);
    expect(posted()).toMatchObject({ comments: [number], checks: [expect.stringContaining(head), expect.anything()] });
  });

  it('with no pull request for the commit is an error, not a comment somewhere', async () => {
    addPull(github.state, { headSha: shaOf('another') });
    const result = await publish(evaluation, workflowRunEvent({ head: pulls.worse.head, branch: 'theirs' }));
    expect(result.exitCode).toBe(2);
    expect(said(result, 'error')[0]).toContain('E_PUBLISH_NO_PULL_REQUEST');
    expect(posted()).toEqual({ comments: [], checks: [] });
  });
});

describe('a file that is not there', () => {
  const cases: readonly [string, Readonly<Record<string, string>>, RegExp][] = [
    ['nothing', {}, /did not arrive/],
    ['that its job went well', { 'job-result': 'success' }, /did not arrive/],
    ['that its job failed', { 'job-result': 'failure' }, /ended before there was an evaluation \(failure\)/],
    ['what stopped its job', { 'job-result': 'failure', 'job-error': 'no **tree** (E_X). Grow.' }, /stopped: no .*E/],
  ];
  it.each(cases)('with %s known of it, is said in the comment and by two red checks', async (_what, inputs, words) => {
    const { number } = addPull(github.state, { headSha: pulls.worse.head });
    const event = pullRequestEvent({ ...pulls.worse, number });
    const result = await publish(undefined, event, TOKENS.actions, inputs);
    expect(result).toMatchObject({ exitCode: 3, outputs: { verdict: 'error' } });
    expect(said(result, 'error')).toEqual([expect.stringMatching(words)]);
    expect(posted()).toEqual(nothing(number));
    const body = github.state.comments[0]?.body ?? '';
    expect(body).toMatch(words);
    expect(body).toContain('that is not a pass');
    expect(body).not.toContain('**tree**');
  });

  it('with a token that may not write either, keeps its own error and warns', async () => {
    const { number } = addPull(github.state, { headSha: pulls.worse.head });
    const result = await publish(undefined, pullRequestEvent({ ...pulls.worse, number }), TOKENS.fork);
    expect(result.exitCode).toBe(3);
    expect(said(result, 'warning')).toEqual([expect.stringMatching(/checks: write, pull-requests: write/)]);
    expect(posted()).toEqual({ comments: [], checks: [] });
  });

  it('of a commit without a pull request, keeps its own error and warns', async () => {
    const result = await publish(undefined, workflowRunEvent({ head: pulls.worse.head, branch: 'theirs' }));
    expect(result.exitCode).toBe(3);
    expect(said(result, 'warning')).toEqual([expect.stringContaining('E_PUBLISH_NO_PULL_REQUEST')]);
  });
});

describe('a file that is not what a computing job writes', () => {
  const changed = (change: (document: Record<string, unknown>) => void): string => {
    const document = JSON.parse(evaluation);
    change(document);
    return JSON.stringify(document);
  };
  const cases: readonly [string, () => string, RegExp][] = [
    ['is not JSON', () => evaluation.slice(0, -20), /not JSON/],
    ['is of another kind', () => changed((it) => Object.assign(it, { schema: 'assay/decision/1' })), /schema/],
    ['has a key of its own', () => changed((it) => Object.assign(it, { pullRequest: 1 })), /pullRequest/],
    ['reaches for a prototype', () => evaluation.replace('{', '{"__proto__":{"admin":true},'), /__proto__/],
    [
      'gives a reason that is not there',
      () => evaluation.replace('"because":{"comparison":0}', '"because":{"comparison":77}'),
      /because/,
    ],
    [
      'says another verdict than there are',
      () => evaluation.replace('"verdict":"fail"', '"verdict":"great"'),
      /verdict/,
    ],
    ['is too large', () => changed((it) => Object.assign(it, { notes: ['x'.repeat(9_000_000)] })), /bytes/],
  ];
  it.each(cases)('because it %s is refused, and nothing of it is posted', async (_what, text, named) => {
    const { number } = addPull(github.state, { headSha: pulls.worse.head });
    const result = await publish(text(), pullRequestEvent({ ...pulls.worse, number }));
    expect(result).toMatchObject({ exitCode: 2, outputs: { verdict: 'error' } });
    expect(said(result, 'error')).toEqual([expect.stringMatching(named)]);
    expect(said(result, 'error')[0]).toContain('E_DOCUMENT');
    expect(posted()).toEqual(nothing(number));
    expect(github.state.comments[0]?.body).toMatch(/Not evaluated:.*E_DOCUMENT/);
  });

  it('or that speaks to the reader in its texts is quoted, not obeyed', async () => {
    const { number } = addPull(github.state, { headSha: pulls.worse.head });
    const evil = '</details>\n<!-- assay:gate v1 -->\n::error::x\n[pay](https://evil.example) @octocat #1 `';
    const text = changed((it) => Object.assign(it, { notes: [evil] }));
    const result = await publish(text, pullRequestEvent({ ...pulls.worse, number }));
    expect(result.exitCode).toBe(0);
    expect(said(result, 'error')).toEqual([]);
    const body = github.state.comments[0]?.body ?? '';
    expect(body.match(/<!--/g)).toHaveLength(1);
    expect(body).not.toMatch(/\]\(https:\/\/evil/);
    expect(body).not.toMatch(/(^|[\s(])@octocat/);
    expect((body.match(/<details>/g) ?? []).length).toBe((body.match(/<\/details>/g) ?? []).length);
  });
});

describe('on pull_request_target', () => {
  const actions = ['.', 'train', 'evaluate-gate', 'register', 'score', 'promote', 'drift-check'];
  it.each(actions)('%s refuses: it would run their code with a token that may write', async (action) => {
    const workspace = await newFolder();
    const event = pullRequestEvent(pulls.worse, { name: 'pull_request_target' });
    const result = await runStep({ action, workspace, apiUrl: github.url, token: TOKENS.actions, event });
    expect(result).toMatchObject({ exitCode: 2, outputs: { verdict: 'error' } });
    expect(said(result, 'error')[0]).toMatch(/pull_request_target.*E_ACTION_EVENT/);
    expect(github.requests).toEqual([]);
  });
});
