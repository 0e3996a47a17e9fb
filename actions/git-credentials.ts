import { openGit } from '../lib/git/git.ts';
import type { Environment } from '../lib/train/user-environment.ts';

/**
 * The environment with which git may talk to the forge in the token's name, when the checkout left no credentials
 * (`persist-credentials: false`). Settings by environment end with the process: nothing is written to the repository's
 * configuration, where users' code could read it. Bound to the forge's own address, so no other host gets the token.
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
  const known = await openGit(folder, { env }).attempt(['config', '--get-urlmatch', 'http.extraheader', server]);
  if (known.code === 0) return env;
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  // Behind the settings that the job gives in the same way, such as safe.directory.
  const at = Number(env.GIT_CONFIG_COUNT ?? 0);
  return {
    ...env,
    GIT_CONFIG_COUNT: String(at + 1),
    [`GIT_CONFIG_KEY_${at}`]: `http.${server}/.extraheader`,
    [`GIT_CONFIG_VALUE_${at}`]: `AUTHORIZATION: basic ${basic}`,
  };
}
