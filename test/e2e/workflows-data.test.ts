import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { files, WEIGHTS } from '../commands/repository.ts';
import { predict } from '../commands/train/user-code.ts';
import { addPull } from '../forge/github-server.ts';
import { newFolder } from '../git/repository.ts';
import { writeFiles } from '../pointers/checkout/work-data.ts';
import { ACT, NEEDS_ACT, runWorkflow, userWorkflow } from './fixtures/act.ts';
import { type CacheService, startCacheService } from './fixtures/cache-service.ts';
import { type PullRequestCommits, pushPullRequest } from './fixtures/checkouts.ts';
import { pullRequestEvent } from './fixtures/events.ts';
import { type ForgeSite, startForgeSite } from './fixtures/forge-site.ts';
import { productionWorkspace, weightsYaml } from './fixtures/production.ts';
import { runStep } from './fixtures/runner.ts';

const WORDS = 'what the command reads\n';

/** The commands stop where the tracked file is not as it was added. */
const READS = `import { readFileSync as reads } from 'node:fs';
if (reads('lookup/words.txt', 'utf8') !== ${JSON.stringify(WORDS)}) process.exit(9);
`;

describe.skipIf(ACT === undefined)(`the data that users' commands read, in a workflow${NEEDS_ACT}`, () => {
  let site: ForgeSite;
  let cache: CacheService;
  let pull: PullRequestCommits;
  let remote: string;
  beforeAll(async () => {
    remote = join(await newFolder(), 'remote');
    const yaml = weightsYaml(WEIGHTS.good, { gate: { primary: 'roc_auc', require: 'not-worse' } });
    const workspace = await productionWorkspace(yaml, {
      ...files(yaml),
      '.dvc/config': `['remote "team"']\n    url = ${remote}\n[core]\n    remote = team\n`,
      '.dvc/.gitignore': '/config.local\n/tmp\n/cache\n',
    });
    const { root } = workspace;
    writeFiles(root, { 'lookup/words.txt': WORDS });
    const push = await runStep({ action: 'push-data', workspace: root, inputs: { add: 'lookup', 'github-token': '' } });
    expect(push, push.log).toMatchObject({ exitCode: 0, outputs: { pushed: '2' } });
    // The pull request's tree has the pointer alone.
    pull = await pushPullRequest(workspace, 1, { 'predict.mjs': READS + predict() });
    site = await startForgeSite(workspace);
    cache = await startCacheService();
  });
  afterAll(async () => {
    expect(site.github.violations).toEqual([]);
    await Promise.all([site.close(), cache.stop()]);
  });

  /** The run that a push to the pull request starts, on a fresh machine. */
  async function pushed(data: string | undefined) {
    const { number } = addPull(site.github.state, { headSha: pull.head, headRef: 'feature-1' });
    const text = await userWorkflow('pull-request.yml');
    return runWorkflow(site, {
      workflow: 'pull-request.yml',
      text: data === undefined ? text : text.replace('model: late', `model: late\n      pull-data: ${data}`),
      event: pullRequestEvent({ ...pull, number }),
      ref: `refs/pull/${number}/merge`,
      sha: pull.merge,
      env: cache.env,
    });
  }

  it('is brought when it is asked for, kept, and taken from the cache when the remote is gone', async () => {
    const without = await pushed(undefined);
    expect(without.jobs, without.log).toMatchObject({ evaluate: 'failure' });

    const first = await pushed('lookup');
    expect(first.jobs, first.log).toEqual({ evaluate: 'success', publish: 'success' });
    expect(cache.keys()).toEqual([expect.stringMatching(/^assay-data-2-/)]);

    // What is registered stays; what pull-data would fetch is gone.
    await rm(join(remote, 'files'), { recursive: true });
    const second = await pushed('all');
    expect(second.jobs, second.log).toEqual({ evaluate: 'success', publish: 'success' });
  });
});
