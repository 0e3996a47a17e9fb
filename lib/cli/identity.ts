import { openGit } from '../git/git.ts';
import type { Person } from '../git/write-objects.ts';
import type { Environment } from '../train/user-environment.ts';

/**
 * Who changes the registry from here: whoever git would say wrote a commit. Undefined where git knows nobody; a name
 * that it would make up from the machine's does not count.
 */
export async function gitIdentity(folder: string, env: Environment): Promise<Person | undefined> {
  const { GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL } = env;
  if (GIT_AUTHOR_NAME !== undefined && GIT_AUTHOR_EMAIL !== undefined)
    return { name: GIT_AUTHOR_NAME, email: GIT_AUTHOR_EMAIL };
  const git = openGit(folder, { env });
  // Whoever only compares two files needs no git; whoever writes is told by the write that it is missing.
  const known = await git.attempt(['config', '--get-regexp', '^user\\.(name|email)$']).catch(() => undefined);
  const lines = known?.stdout.toString('utf8').split('\n') ?? [];
  const last = (key: string): string | undefined =>
    lines.findLast((line) => line.startsWith(`${key} `))?.slice(key.length + 1);
  const name = GIT_AUTHOR_NAME ?? last('user.name');
  const email = GIT_AUTHOR_EMAIL ?? last('user.email');
  return name === undefined || email === undefined ? undefined : { name, email };
}
