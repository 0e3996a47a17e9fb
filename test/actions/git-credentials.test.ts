import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitCredentials } from '../../actions/git-credentials.ts';
import { trustedWorkspace } from '../../actions/trusted-workspace.ts';
import { openGit } from '../../lib/git/git.ts';
import { GIT_ENV, newRepository } from '../git/repository.ts';

test("the step's token is added to what the job gives git by environment, and takes the place of nothing", async () => {
  const { folder } = await newRepository();
  const env = {
    PATH: process.env.PATH ?? '',
    GITHUB_SERVER_URL: 'https://forge.example',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '/somewhere',
  };
  const git = openGit(folder, { env: await gitCredentials({ env, folder, token: 'a-token' }) });
  expect(await git.text(['config', '--get-all', 'safe.directory'])).toContain('/somewhere');
  const header = await git.text(['config', '--get-urlmatch', 'http.extraheader', 'https://forge.example/octo/x']);
  expect(header).toBe(`AUTHORIZATION: basic ${Buffer.from('x-access-token:a-token').toString('base64')}`);
});

test('git works in a workspace of another user, and in the checkouts below it; nowhere else', async () => {
  const { folder: workspace } = await newRepository();
  const below = join(workspace, 'other', 'team');
  mkdirSync(below, { recursive: true });
  const other = openGit(join(workspace, 'other'), { env: GIT_ENV });
  await other.run(['init', '--quiet']);
  // Git takes every repository for another user's.
  const env = {
    PATH: process.env.PATH ?? '',
    GIT_CONFIG_NOSYSTEM: '1',
    HOME: '/nonexistent',
    GIT_TEST_ASSUME_DIFFERENT_OWNER: '1',
  };
  const top = (at: string, env: Readonly<Record<string, string>>) =>
    openGit(at, { env }).text(['rev-parse', '--show-toplevel']);
  const stranger = (process.geteuid?.() ?? 0) + 1;
  const trusted = await trustedWorkspace(env, { workspace, folder: below, user: stranger });
  expect(await top(below, trusted)).toBe(other.folder);
  expect(await top(workspace, trusted)).toBe(workspace);
  const { folder: elsewhere } = await newRepository();
  await expect(top(elsewhere, trusted)).rejects.toMatchObject({ code: 'E_GIT_UNSAFE' });
  // One's own needs nothing.
  expect(await trustedWorkspace(env, { workspace, folder: below, user: process.geteuid?.() })).toBe(env);
});
