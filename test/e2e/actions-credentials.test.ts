import { afterAll, beforeAll, expect, it } from 'vitest';
import { files, newWorkspace, WEIGHTS, type Workspace } from '../commands/repository.ts';
import { type GitHubServer, startGitHubServer, TOKENS } from '../forge/github-server.ts';
import { checkout } from './fixtures/checkouts.ts';
import { dispatchEvent } from './fixtures/events.ts';
import { startGitServer } from './fixtures/git-server.ts';
import { weightsYaml } from './fixtures/production.ts';
import { said } from './fixtures/pull-requests.ts';
import { runStep } from './fixtures/runner.ts';

const HEADER = `basic ${Buffer.from(`x-access-token:${TOKENS.actions}`).toString('base64')}`;

let workspace: Workspace;
let github: GitHubServer;
beforeAll(async () => {
  github = await startGitHubServer();
  workspace = await newWorkspace(files(weightsYaml(WEIGHTS.good)));
});

afterAll(() => github.close());

/** Trains, then registers in a checkout without credentials whose remote is the forge's own address. */
async function registerWith(token: string) {
  const server = await startGitServer(workspace.folder, HEADER);
  const git = await checkout(workspace);
  await git.run(['remote', 'set-url', 'origin', `${server.url}/remote.git`]);
  const env = { GITHUB_SERVER_URL: server.url };
  const step = { workspace: git.folder, apiUrl: github.url, token, event: dispatchEvent(), env };
  await runStep({ action: 'train', ...step });
  const asked = server.authorizations.length;
  const result = await runStep({ action: 'register', ...step });
  await server.close();
  const config = await git.text(['config', '--list', '--local']);
  return { result, config, authorizations: server.authorizations, asked };
}

it('a token that the forge does not know is an error of the environment, and nothing is registered', async () => {
  const { result } = await registerWith(TOKENS.fork);
  expect(result).toMatchObject({ exitCode: 3, outputs: { verdict: 'error' } });
  expect(said(result, 'error')[0]).toContain('E_GIT_AUTH');
  expect(result.log.split('\n').filter((line) => line.includes(TOKENS.fork))).toEqual([`::add-mask::${TOKENS.fork}`]);
  expect(await workspace.remote.text(['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/main');
});

it("the step's token reads and writes the registry and the store, and is nowhere on disk", async () => {
  const { result, config, authorizations, asked } = await registerWith(TOKENS.actions);
  expect(result).toMatchObject({ exitCode: 0, outputs: { version: '1.0.0' } });
  // Training asks the forge's git for nothing.
  expect(asked).toBe(0);
  expect(new Set(authorizations.map((one) => one?.toLowerCase()))).toEqual(new Set([HEADER.toLowerCase()]));
  expect(config).not.toMatch(/extraheader|x-access-token/i);
  const refs = await workspace.remote.text(['for-each-ref', '--format=%(refname)']);
  expect(refs).toContain('refs/heads/assay/registry');
  expect(refs).toContain('refs/assay/store');
});
