import { assayError } from '../errors.ts';
import type { Git } from './git.ts';
import { gitDetail, gitFailure, withoutCredentials } from './git-failure.ts';
import { requireRemote } from './remote.ts';
import { STREAMED } from './streamed.ts';

export interface PushItem {
  /** The object to push: a commit's or a tag object's id. */
  readonly source: string;
  /** Full name of the ref at the remote. */
  readonly ref: string;
  /** What the ref has to be now; null: it must not exist. Without it git's own rule holds: no ref loses history. */
  readonly expected?: string | null;
  /** The commit that the source was written upon, where the caller wrote it: what git need not be asked about. */
  readonly parent?: string | null;
}

/**
 * Why a push was refused: somebody else was faster (`race`: read again and retry), a tag of that name is there already
 * (`exists`), or a rule or hook of the server says no (`denied`).
 */
export interface PushRefusal {
  readonly ok: false;
  readonly reason: 'race' | 'exists' | 'denied';
  /** The refs that were refused for this reason. */
  readonly refs: readonly string[];
  /** The server's words, without credentials. */
  readonly detail: string;
}

export type PushResult = { readonly ok: true } | PushRefusal;

/** Server-side words for "the ref is not what you saw", of git itself, GitHub, GitLab and Gitea. */
const RACE =
  /stale info|fetch first|non-fast-forward|needs force|cannot lock ref|failed to update ref|failed to lock|incorrect old value|reference already exists|is at [0-9a-f]+ but expected|unable to resolve reference/i;
const EXISTS = /already exists/i;
/** Refs that were in order but went down with the others. */
const BYSTANDER = /atomic (?:push|transaction) failed/i;

/**
 * Pushes all refs or none, in one atomic push. Never forces: a ref that would lose history is refused. Hooks, followed
 * tags, signing and submodules stay out of it.
 *
 * Throws E_GIT_NO_REMOTE, E_GIT_AUTH, E_GIT_UNREACHABLE, E_GIT_FAILED (among them: a server without atomic pushes).
 */
export async function pushRefs(git: Git, remote: string, items: readonly PushItem[]): Promise<PushResult> {
  await requireRemote(git, remote);
  for (const item of items) {
    if (typeof item.expected === 'string' && item.expected === item.parent) continue;
    // A lease alone would let git rewind the ref that is expected; with this check it can only be moved forward.
    if (typeof item.expected === 'string' && !(await descends(git, item.source, item.expected))) {
      return { ok: false, reason: 'race', refs: [item.ref], detail: `${item.source} is not built on ${item.expected}` };
    }
  }
  const args = [
    ...STREAMED,
    // A mirror would be pushed to with all refs or none.
    ...(git.knownRemotes.has(remote) ? ['-c', `remote.${remote}.mirror=false`] : []),
    'push',
    '--porcelain',
    // A single ref needs no server that can do it: not all can.
    ...(items.length > 1 ? ['--atomic'] : []),
    '--no-verify',
    '--no-follow-tags',
    '--no-signed',
    '--recurse-submodules=no',
    ...items
      .filter((item) => item.expected !== undefined)
      .map((item) => `--force-with-lease=${item.ref}:${item.expected ?? ''}`),
    '--',
    remote,
    ...items.map((item) => `${item.source}:${item.ref}`),
  ];
  const outcome = await git.attempt(args);
  if (outcome.code === 0) return { ok: true };
  const refused = refusals(outcome.stdout.toString('utf8'));
  if (refused.length === 0) throw gitFailure({ folder: git.folder, args, ...outcome, remote });
  return classify(refused, gitDetail(outcome.stderr));
}

interface RefusedRef {
  readonly ref: string;
  readonly why: string;
}

/** The lines `!\tsource:ref\t[rejected] (why)` of a porcelain push. */
function refusals(porcelain: string): RefusedRef[] {
  const refused: RefusedRef[] = [];
  for (const line of porcelain.split('\n')) {
    const [flag, refs, summary] = line.split('\t');
    if (flag !== '!' || refs === undefined || summary === undefined) continue;
    refused.push({ ref: refs.slice(refs.indexOf(':') + 1), why: withoutCredentials(summary) });
  }
  return refused;
}

function classify(refused: readonly RefusedRef[], detail: string): PushRefusal {
  const causes = refused.filter(({ why }) => !BYSTANDER.test(why));
  const told = causes.length > 0 ? causes : refused;
  const refs = (which: readonly RefusedRef[]) => which.map(({ ref }) => ref);
  const words = (which: readonly RefusedRef[]) => which.map(({ ref, why }) => `${ref}: ${why}`).join('; ');
  const denied = told.filter(({ why }) => !RACE.test(why) && !EXISTS.test(why));
  if (denied.length > 0 && causes.length > 0) {
    return { ok: false, reason: 'denied', refs: refs(denied), detail: `${words(denied)} ${detail}`.trim() };
  }
  const existing = told.filter(({ why }) => EXISTS.test(why) && !RACE.test(why));
  if (existing.length > 0) return { ok: false, reason: 'exists', refs: refs(existing), detail: words(existing) };
  return { ok: false, reason: 'race', refs: refs(told), detail: words(told) };
}

async function descends(git: Git, commit: string, ancestor: string): Promise<boolean> {
  const outcome = await git.attempt(['merge-base', '--is-ancestor', ancestor, commit]);
  if (outcome.code === 0) return true;
  if (outcome.code === 1) return false;
  throw assayError('E_GIT_UNKNOWN_COMMIT', { commit: ancestor, reason: gitDetail(outcome.stderr) });
}
