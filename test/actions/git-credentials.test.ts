import { expect, test } from 'vitest';
import { gitCredentials } from '../../actions/git-credentials.ts';
import { openGit } from '../../lib/git/git.ts';
import { newRepository } from '../git/repository.ts';

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
