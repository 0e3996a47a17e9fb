import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isInside } from '../lib/contained-path.ts';
import type { Environment } from '../lib/train/user-environment.ts';
import { withGitSettings } from './git-settings.ts';

/** A folder of the workspace, and who asks. */
export interface TrustedPlace {
  readonly workspace: string;
  /** In the workspace: each folder from here up to it may be the top of a checkout. */
  readonly folder: string;
  /** The process's user; undefined where the system knows none. */
  readonly user: number | undefined;
}

/**
 * The environment in which git works in the job's workspace although it belongs to another user, as in a job in a container: the
 * runner made it, and the job runs what is in it anyway. Otherwise git tells nothing of it, not even which files it tracks.
 * Needs git 2.38 or newer; an older one still refuses (E_GIT_UNSAFE).
 */
export async function trustedWorkspace(
  env: Environment,
  { workspace, folder, user }: TrustedPlace,
): Promise<Environment> {
  if (user === undefined) return env;
  const top = await realpath(workspace);
  const start = await realpath(folder).catch(() => top);
  const others: string[] = [];
  for (let here = start; isInside(top, here); here = dirname(here)) {
    const owners = [here, join(here, '.git')].map((path) => statSync(path, { throwIfNoEntry: false })?.uid ?? user);
    if (owners.some((owner) => owner !== user)) others.push(here);
    if (here === dirname(here)) break;
  }
  return withGitSettings(
    env,
    others.map((one) => ['safe.directory', one] as const),
  );
}
