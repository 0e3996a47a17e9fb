import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { Evaluation } from '../../lib/report/evaluation.ts';
import { files, newWorkspace, WEIGHTS } from '../commands/repository.ts';
import { addComment, TOKENS } from '../forge/github-server.ts';
import { pushPullRequest } from './fixtures/checkouts.ts';
import { githubOfEachTest } from './fixtures/github-of-each-test.ts';
import { weightsYaml } from './fixtures/production.ts';
import { onPullRequest, type PullRequests, pullRequests, said } from './fixtures/pull-requests.ts';

let pulls: PullRequests;
beforeAll(async () => {
  pulls = await pullRequests();
});

const github = githubOfEachTest();

/** What the forge shows of a commit's checks. */
function checksOf(sha: string): Record<string, string | null> {
  const runs = github.state.checkRuns.filter((run) => run.headSha === sha);
  return Object.fromEntries(runs.map(({ name, conclusion }) => [name, conclusion]));
}

describe('a pull request in one step', () => {
  it('that makes the model worse fails, and says so in one comment that later pushes change', async () => {
    const { worse, near } = pulls;
    const first = await onPullRequest(github, pulls, worse);
    expect(first.exitCode).toBe(1);
    const { number } = first;
    const [comment] = github.state.comments;
    expect(comment).toMatchObject({ issue: number, author: 'github-actions[bot]' });
    expect(comment?.body.split('\n')[1]).toMatch(/^\*\*❌ `late` · Do not promote:\*\* ROC AUC worsens by 0\.\d+ \(/);
    expect(checksOf(worse.head)).toEqual({ evaluation: 'failure', promotable: 'failure' });

    // Talk in between, over two pages, and somebody who copies our marker.
    for (let index = 0; index < 120; index++) addComment(github.state, number, 'octocat', `Remark ${index}`);
    addComment(github.state, number, 'octocat', `${comment?.body.split('\n')[0]}\nmine`);
    const others = github.state.comments.length - 1;
    expect(comment?.body).not.toContain('The whole reasoning');
    const second = await onPullRequest(github, pulls, near, { number, inputs: { explain: 'true' } });
    expect(second.summary).toContain('The whole reasoning');
    expect(github.state.comments[0]?.body).toMatch(/<details>\s*<summary>The whole reasoning<\/summary>/);
    // Advice is of now: whatever holds the stage by then, a promotion compares with that.
    expect(github.state.comments[0]?.body).toContain('a promotion asks again, against what holds the stage then');
    expect(second.exitCode).toBe(0);
    expect(github.state.comments).toHaveLength(others + 1);
    expect(github.state.comments[0]?.id).toBe(comment?.id);
    expect(github.state.comments[0]?.body).toContain("Can't tell");
    expect(github.state.comments.at(-1)?.body).toContain('mine');
    // The head's commit has the checks: neither the merge that was evaluated nor the earlier head.
    expect(checksOf(near.head)).toEqual({ evaluation: 'neutral', promotable: 'failure' });
    expect(checksOf(near.merge)).toEqual({});
    expect(checksOf(worse.head)).toEqual({ evaluation: 'failure', promotable: 'failure' });
  });

  it('leaves outputs, a summary and a report for whoever comes after', async () => {
    const { near } = pulls;
    const { outputs, summary, left, ...result } = await onPullRequest(github, pulls, near);
    expect(outputs).toMatchObject({ verdict: 'inconclusive', sentence: expect.stringMatching(/^Can't tell yet: /) });
    const evaluation = Evaluation.parse(JSON.parse(outputs.result ?? ''));
    expect(evaluation).toMatchObject({ commit: near.merge, base: near.base, decisions: [{ verdict: 'inconclusive' }] });
    expect(Evaluation.parse(JSON.parse(await readFile(outputs.file ?? '', 'utf8')))).toEqual(evaluation);
    expect(evaluation.runs.map(({ key }) => key)).toEqual([`sha256:${outputs.run}`]);
    expect(JSON.parse(await readFile(`${outputs.folder}/run.json`, 'utf8'))).toMatchObject({
      key: `sha256:${outputs.run}`,
      git: { commit: near.merge, dirty: false },
    });
    expect(await readFile(outputs.report ?? '', 'utf8')).toMatch(/^<!doctype html>/i);
    expect(summary.split('\n')[0]).toContain(outputs.sentence?.slice("Can't tell yet: ".length, 60));
    expect(summary).toContain('actions/runs/77');
    expect(said(result, 'warning')).toEqual([outputs.sentence]);
    expect(said(result, 'error')).toEqual([]);
    expect(left).toBe('');
  });

  it('that is a first version passes against the constant model', async () => {
    const workspace = await newWorkspace({ 'README.md': 'A team.\n' });
    const pull = await pushPullRequest(workspace, 1, files(weightsYaml(WEIGHTS.good)));
    const result = await onPullRequest(github, { workspace }, pull);
    expect(result).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
    expect(checksOf(pull.head)).toEqual({ evaluation: 'success', promotable: 'success' });
    expect([...said(result, 'warning'), ...said(result, 'error')]).toEqual([]);
  });

  it('with broken data trains nothing and marks the line of the check', async () => {
    const { broken } = pulls;
    const { exitCode, commands, outputs } = await onPullRequest(github, pulls, broken);
    expect({ exitCode, verdict: outputs.verdict, run: outputs.run }).toEqual({ exitCode: 1, verdict: 'fail', run: '' });
    const marked = commands.find(({ name, properties }) => name === 'error' && properties.file !== undefined);
    expect(marked).toMatchObject({
      properties: { file: 'checks.yaml', line: '5' },
      message: expect.stringMatching(/1 of 1440 rows/),
    });
    expect(checksOf(broken.head)).toEqual({ evaluation: 'failure', promotable: 'failure' });
    const evaluation = github.state.checkRuns.find(({ name }) => name === 'evaluation');
    expect(evaluation?.annotations).toMatchObject([
      { path: 'checks.yaml', start_line: 5, annotation_level: 'failure' },
    ]);
    expect(github.state.comments[0]?.body).toContain('Nothing was trained');
  });

  it('that brings laxer rules is judged by those of the target branch, and both answers are shown', async () => {
    const { lenient } = pulls;
    const { outputs } = await onPullRequest(github, pulls, lenient);
    const { decisions, branchDecisions } = Evaluation.parse(JSON.parse(outputs.result ?? ''));
    expect(outputs.verdict).toBe('inconclusive');
    expect(decisions).toMatchObject([{ verdict: 'inconclusive', rules: { margins: {} } }]);
    expect(branchDecisions).toMatchObject([{ verdict: 'pass', rules: { margins: { roc_auc: 0.2, log_loss: 0.2 } } }]);
    expect(checksOf(lenient.head)).toEqual({ evaluation: 'neutral', promotable: 'failure' });
  });
});

it('whose evaluation ends in an error says so, and no check stays green', async () => {
  const { near } = pulls;
  const evaluated = await onPullRequest(github, pulls, near);
  const { number } = evaluated;
  // The same commit again, by a step that names a model which is not there.
  const result = await onPullRequest(github, pulls, near, { number, inputs: { models: 'missing' } });
  expect(result).toMatchObject({ outputs: { verdict: 'error', sentence: expect.stringContaining('missing') } });
  expect(result.exitCode).toBe(2);
  expect(github.state.comments).toHaveLength(1);
  expect(github.state.comments[0]?.body).toMatch(/Not evaluated:\*\* .*missing/);
  expect(checksOf(near.head)).toEqual({ evaluation: 'failure', promotable: 'failure' });
});

describe('where posting is not possible', () => {
  it("a fork's read-only token leaves the verdict as it is, with one warning that names what is missing", async () => {
    const result = await onPullRequest(github, pulls, pulls.worse, { fork: true, token: TOKENS.fork });
    expect(result).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } });
    expect(result.summary).toContain('Do not promote');
    const warnings = said(result, 'warning');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/checks: write, pull-requests: write.*fork/);
    expect(github.state).toMatchObject({ comments: [], checkRuns: [] });
  });

  it('no token at all is a warning, and the verdict is in the summary', async () => {
    const result = await onPullRequest(github, pulls, pulls.near, { inputs: { 'github-token': '' } });
    expect(result).toMatchObject({ exitCode: 0, outputs: { verdict: 'inconclusive' } });
    expect(said(result, 'warning')[0]).toMatch(/no github-token/);
    expect(result.summary).toContain("Can't tell");
    expect(github.requests).toEqual([]);
  });

  it('a forge that stumbles is asked again', async () => {
    github.state.faults.push(
      { method: 'GET', path: /\/comments$/, status: 502 },
      { method: 'PATCH', path: /check-runs/, status: 503 },
      { method: 'POST', path: /\/check-runs$/, status: 403, headers: { 'retry-after': '1' } },
    );
    const result = await onPullRequest(github, pulls, pulls.near);
    expect(result.exitCode).toBe(0);
    expect(said(result, 'warning')).toHaveLength(1);
    expect(github.state.comments).toHaveLength(1);
    expect(checksOf(pulls.near.head)).toEqual({ evaluation: 'neutral', promotable: 'failure' });
  });
});
