import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WEIGHTS } from '../commands/repository.ts';
import { predict } from '../commands/train/user-code.ts';
import { newFolder } from '../git/repository.ts';
import { writeFiles } from '../pointers/checkout/work-data.ts';
import { pushPullRequest } from './fixtures/checkouts.ts';
import { githubOfEachTest } from './fixtures/github-of-each-test.ts';
import { productionWorkspace, weightsYaml } from './fixtures/production.ts';
import { onPullRequest } from './fixtures/pull-requests.ts';
import { runStep } from './fixtures/runner.ts';

const WORDS = 'what the command reads\n';
/** Stops where the tracked file is not as it was added. */
const READS = `import { readFileSync as reads } from 'node:fs';
if (reads('lookup/words.txt', 'utf8') !== ${JSON.stringify(WORDS)}) process.exit(9);
`;

const github = githubOfEachTest();

it('a pull request in one step brings the tracked data that its commands read, or says what it lacks', async () => {
  const yaml = weightsYaml(WEIGHTS.good, { gate: { primary: 'roc_auc', require: 'not-worse' } });
  const workspace = await productionWorkspace(yaml);
  const remote = join(await newFolder(), 'remote');
  // No default remote: the store of what is registered stays what it was.
  writeFiles(workspace.root, {
    '.dvc/config': `['remote "team"']\n    url = ${remote}\n`,
    '.dvc/.gitignore': '/config.local\n/tmp\n/cache\n',
    'lookup/words.txt': WORDS,
  });
  const inputs = { add: 'lookup', remote: 'team', 'github-token': '' };
  const push = await runStep({ action: 'push-data', workspace: workspace.root, inputs });
  expect(push, push.log).toMatchObject({ exitCode: 0, outputs: { pushed: '2' } });
  const pointer = await readFile(join(workspace.root, 'lookup.dvc'), 'utf8');
  const pull = await pushPullRequest(workspace, 1, {
    'predict.mjs': READS + predict(),
    'lookup.dvc': `${pointer}  remote: team\n`,
  });

  const without = await onPullRequest(github, { workspace }, pull);
  expect(without.exitCode, without.log).not.toBe(0);
  expect(github.state.comments.at(-1)?.body).toMatch(/Not evaluated/);

  const brought = await onPullRequest(github, { workspace }, pull, { inputs: { 'pull-data': 'lookup' } });
  expect(brought, brought.log).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });

  const misspelt = await onPullRequest(github, { workspace }, pull, { inputs: { 'pull-data': 'lookups' } });
  expect(misspelt.exitCode, misspelt.log).toBe(2);
  expect(github.state.comments.at(-1)?.body).toMatch(/Not evaluated:.*lookups/);
});
