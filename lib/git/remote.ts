import { assayError } from '../errors.ts';
import type { Git } from './git.ts';
import { gitFailure } from './git-failure.ts';

/** A ref as a remote advertises it. */
export interface RemoteRef {
  readonly ref: string;
  readonly id: string;
  /** For an annotated tag: the commit it leads to. Absent for branches and lightweight tags. */
  readonly peeled?: string;
}

/** Whether `remote` is the name of a configured remote. */
export async function hasRemote(git: Git, remote: string): Promise<boolean> {
  return (await git.attempt(['remote', 'get-url', '--', remote])).code === 0;
}

/** Throws E_GIT_NO_REMOTE unless `remote` is the name of a configured remote, or a URL or path. */
export async function requireRemote(git: Git, remote: string): Promise<void> {
  // No name has a colon, and no name looks like a path: those are asked from outside of any repository too.
  if (git.knownRemotes.has(remote) || /[\\:]|^\.{0,2}\//.test(remote)) return;
  const outcome = await git.attempt(['remote', 'get-url', '--', remote]);
  if (outcome.code === 0) {
    git.knownRemotes.add(remote);
    return;
  }
  if (!/No such remote/i.test(outcome.stderr)) throw gitFailure({ folder: git.folder, args: ['remote'], ...outcome });
  throw assayError('E_GIT_NO_REMOTE', { remote });
}

/**
 * The remote's refs that match a pattern (`refs/heads/x`, `refs/tags/*`), sorted by name. One round trip.
 * Throws E_GIT_NO_REMOTE, E_GIT_AUTH, E_GIT_UNREACHABLE.
 */
export async function listRemoteRefs(git: Git, remote: string, patterns: readonly string[]): Promise<RemoteRef[]> {
  await requireRemote(git, remote);
  const args = ['ls-remote', '--quiet', '--', remote, ...patterns];
  const outcome = await git.attempt(args);
  if (outcome.code !== 0) throw gitFailure({ folder: git.folder, args, ...outcome, remote });
  const refs = new Map<string, RemoteRef>();
  for (const line of outcome.stdout.toString('utf8').split('\n')) {
    const [id, name] = line.split('\t');
    if (id === undefined || name === undefined) continue;
    if (!name.endsWith('^{}')) {
      refs.set(name, { ref: name, id });
      continue;
    }
    const ref = name.slice(0, -'^{}'.length);
    const tag = refs.get(ref);
    if (tag !== undefined) refs.set(ref, { ...tag, peeled: id });
  }
  return [...refs.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1));
}
