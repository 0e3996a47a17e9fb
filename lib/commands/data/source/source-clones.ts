import { join } from 'node:path';
import { assayError } from '../../../errors.ts';
import { ensureCommit } from '../../../git/fetch-refs.ts';
import { type Git, openGit } from '../../../git/git.ts';
import { gitDetail, gitFailure, withoutCredentials } from '../../../git/git-failure.ts';
import { resolveCommit } from '../../../git/status.ts';
import { removedAfter } from '../../../removed-after.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import type { Context } from '../../context.ts';
import { isRemote } from './source-overrides.ts';

/** A commit of a clone, in a work tree of its own that has no files yet. */
export interface ClonedCommit {
  readonly folder: string;
  readonly commit: string;
}

/** Clones of one command: each repository is cloned once, however many imports come from it. */
export interface SourceClones {
  /**
   * @param url an address, or a path of a repository without a work tree
   * @param rev a name as git has it; the HEAD of the original when undefined
   * @throws E_DATA_SOURCE, E_GIT_*
   */
  commitOf(url: string, rev: string | undefined): Promise<ClonedCommit>;
}

/** A whole one, of SHA-1 or SHA-256. */
const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

const REMOTE_FAILURES: readonly string[] = ['E_GIT_UNREACHABLE', 'E_GIT_AUTH'];

/** Runs `body` with clones that go after it. @throws E_STORE_WRITE where there is no temporary folder */
export async function withClones<T>(
  context: Pick<Context, 'git' | 'environment'>,
  body: (clones: SourceClones) => Promise<T>,
): Promise<T> {
  const folder = await temporaryFolder('source');
  const made = new Map<string, Promise<Git>>();
  let count = 0;
  const next = () => {
    count++;
    return join(folder, String(count));
  };
  const clones: SourceClones = {
    async commitOf(url, rev) {
      const known = made.get(url) ?? cloned(context, url, next());
      made.set(url, known);
      const git = await known;
      // A commit that no branch leads to any more, as after a forced push, is not in a clone; most hosts still give it out.
      if (rev !== undefined && COMMIT_ID.test(rev)) await ensureCommit(git, 'origin', rev);
      const commit = await resolveCommit(git, rev === undefined ? 'HEAD' : await nameIn(git, rev));
      const tree = next();
      await git.run(['worktree', 'add', '--quiet', '--no-checkout', '--detach', tree, commit]);
      return { folder: tree, commit };
    },
  };
  return removedAfter(folder, () => body(clones));
}

async function cloned({ git, environment }: Pick<Context, 'git' | 'environment'>, url: string, folder: string) {
  const outcome = await git.attempt(['clone', '--quiet', '--no-checkout', '--', url, folder]);
  if (outcome.code === 0) return openGit(folder, { env: environment });
  const failure = gitFailure({ folder, args: ['clone'], ...outcome, remote: url });
  // An address that is right may not answer, or let nobody in; of a path of this machine there is nothing like that.
  if (isRemote(url) && REMOTE_FAILURES.includes(failure.code) && !/not found/i.test(outcome.stderr)) throw failure;
  throw assayError('E_DATA_SOURCE', { url: withoutCredentials(url), reason: gitDetail(outcome.stderr) });
}

/** As git reads a name, a tag before a branch; in a clone a branch of the original is a remote's branch. */
async function nameIn(git: Git, rev: string): Promise<string> {
  // `refs/heads/main` is what a workflow calls its branch (github.ref).
  const branch = rev.replace(/^(refs\/)?heads\//, '');
  for (const name of [`refs/tags/${rev}`, `refs/remotes/origin/${rev}`, `refs/remotes/origin/${branch}`]) {
    const found = await git.attempt(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    if (found.code === 0) return name;
  }
  return rev;
}
