import * as core from '@actions/core';
import { AssayError } from '../lib/errors.ts';
import { openGit } from '../lib/git/git.ts';
import type { Environment } from '../lib/train/user-environment.ts';
import { withGitSettings } from './git-settings.ts';

/**
 * The environment with which git may talk to the forge in the token's name, when the checkout left no credentials
 * (`persist-credentials: false`). Bound to the forge's own address, so no other host gets the token.
 */
export async function gitCredentials(place: {
  readonly env: Environment;
  readonly folder: string;
  readonly token: string | undefined;
}): Promise<Environment> {
  const { env, folder, token } = place;
  const server = env.GITHUB_SERVER_URL;
  if (token === undefined || server === undefined) return env;
  // A second header beside the checkout's own is an error to GitHub ("Duplicate header: Authorization").
  if (await hasHeader(openGit(folder, { env }), server)) return env;
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  core.setSecret(basic);
  return withGitSettings(env, [[`http.${server}/.extraheader`, `AUTHORIZATION: basic ${basic}`]]);
}

async function hasHeader(git: ReturnType<typeof openGit>, server: string): Promise<boolean> {
  try {
    return (await git.attempt(['config', '--get-urlmatch', 'http.extraheader', server])).code === 0;
  } catch (error) {
    // Data on a bucket need no git: an image without it has the files of the checkout all the same. What does need it says so.
    if (error instanceof AssayError && error.code === 'E_GIT_MISSING') return false;
    throw error;
  }
}
