import { assayError } from '../../../errors.ts';
import type { Git } from '../../../git/git.ts';
import { presentObjects } from '../../../git/read-objects.ts';
import { listRemoteRefs } from '../../../git/remote.ts';
import { isInGit, isShallow, resolveCommit } from '../../../git/status.ts';
import { stoppedWork } from './gc-stopped.ts';

/** What is kept of history beside what is always kept. */
export interface KeptHistory {
  /** Every commit. */
  readonly allCommits?: boolean;
  readonly allBranches?: boolean;
  /** A remote for data is collected too, where others have the data of their branches, tags and experiments. */
  readonly cloud?: boolean;
  /** Every commit of DVC's experiments. */
  readonly allExperiments?: boolean;
  readonly rev?: string | undefined;
  /** How many commits of `rev`, and with `allBranches` of each branch, back from the newest by first parents. */
  readonly num?: number | undefined;
  /** A day, `yyyy-mm-dd`: every commit that was made on it or later. */
  readonly date?: string | undefined;
}

/** Where the day begins first on earth is 14 hours before it does in UTC: whoever means which midnight, theirs is in. */
const EARLIEST_ZONE_SECONDS = 14 * 60 * 60;

/**
 * The commits whose data are kept: whatever is asked for the tips of all refs (branches, also of remotes, tags, experiments),
 * HEAD, all that is stashed, what a merge or a rebase waits with, and what was asked for. None outside of git.
 *
 * @param remote git's, whose branches and tags have to be here; with `cloud` those of all its remotes
 * @throws E_DATA_GC_CLONE for a clone that lacks some of the remote's branches or tags, or of the history that is asked for;
 *   E_GIT_UNKNOWN_COMMIT, E_GIT_NO_REVISION, and as `isInGit`
 */
export async function keptCommits(git: Git, remote: string, kept: KeptHistory): Promise<KeptCommit[]> {
  if (!(await isInGit(git))) return [];
  const { allCommits = false, allBranches = false, allExperiments = false, rev, num = 1, date, cloud } = kept;
  if ((allCommits || date !== undefined || num > 1) && (await isShallow(git))) {
    throw assayError('E_DATA_GC_CLONE', { what: 'its history is cut off' });
  }
  const ids = await allTips(git, remote, cloud === true);
  const head = await git.attempt(['rev-parse', '--verify', '--quiet', 'HEAD']);
  const stopped = await stoppedWork(git);
  const tips = ['--all', ...(head.code === 0 ? ['HEAD'] : []), ...ids, ...stopped.commits];
  const lists = [await revList(git, [...(allCommits ? [] : ['--no-walk']), ...tips])];
  const newest = ['--first-parent', `--max-count=${num}`];
  if (rev !== undefined) lists.push(await revList(git, [...newest, await resolveCommit(git, rev)]));
  if (allBranches && num > 1) {
    for (const branch of await refsBelow(git, ['refs/heads', 'refs/remotes'])) {
      lists.push(await revList(git, [...newest, branch.id]));
    }
  }
  if (date !== undefined) lists.push(await commitsSince(git, tips, date));
  if (allExperiments) lists.push(...(await experimentCommits(git)));
  const commits = new Set(lists.flat());
  const stashed = (await stashedCommits(git, stopped.stashes)).filter(({ commit }) => !commits.has(commit));
  return [...[...commits].map((commit) => ({ commit })), ...stashed];
}

/** Where DVC has its experiments. Source: dvc/repo/experiments/refs.py. */
const EXPERIMENTS = 'refs/exps';

/** A commit whose data are kept. */
export interface KeptCommit {
  readonly commit: string;
  /**
   * The commit that has the rest of the files: what the stash has of files that git did not track is a commit without the
   * others.
   */
  readonly over?: string;
}

/** Git's stash, and DVC's: experiments that wait, those that failed, what applying one put aside. */
const STASH_REFS = [
  'refs/stash',
  ...['stash', 'apply/stash', 'celery/stash', 'celery/failed'].map((ref) => `${EXPERIMENTS}/${ref}`),
];

/**
 * The ref of a stash names the newest entry alone; those before it are in its log. Each is up to three commits: the work
 * tree's, and as its second and third parent the index' and that of files that git did not track. Source: git-stash(1),
 * "DISCUSSION".
 */
async function stashedCommits(git: Git, putAside: readonly string[]): Promise<KeptCommit[]> {
  const ids = new Set(putAside);
  for (const { ref, id } of await refsBelow(git, STASH_REFS)) {
    for (const entry of [id, ...(await revList(git, ['--walk-reflogs', ref, '--']))]) ids.add(entry);
  }
  if (ids.size === 0) return [];
  const lines = await revList(git, ['--no-walk', '--parents', ...ids]);
  return lines.flatMap((line) => {
    const [entry, , index, untracked] = line.split(' ');
    if (entry === undefined || index === undefined) return [];
    const commits = [{ commit: entry }, { commit: index }];
    return untracked === undefined ? commits : [...commits, { commit: untracked, over: entry }];
  });
}

/**
 * What the clone's remotes have by now. Where data on a remote are to go, all of git's remotes are asked, whatever they are called: a
 * fork's branches and those of what it was made from use the same data.
 */
async function allTips(git: Git, remote: string, cloud: boolean): Promise<string[]> {
  const remotes = (await git.text(['remote'])).split('\n').filter((name) => name !== '');
  const tips: string[] = [];
  for (const name of remotes) if (cloud || name === remote) tips.push(...(await remoteTips(git, name, cloud)));
  return tips;
}

/** Experiments are on git's remote where `dvc exp push` was used; no clone has them by itself. */
async function remoteTips(git: Git, remote: string, experiments: boolean): Promise<string[]> {
  const patterns = ['refs/heads/*', 'refs/tags/*', ...(experiments ? [`${EXPERIMENTS}/*`] : [])];
  const refs = await listRemoteRefs(git, remote, patterns);
  const ids = [...new Set(refs.map((ref) => ref.id))];
  const here = await presentObjects(git, ids);
  const missing = refs.find((ref) => !here.has(ref.id));
  if (missing !== undefined) throw assayError('E_DATA_GC_CLONE', { what: `${missing.ref} of ${remote} is not here` });
  return ids;
}

/** By the time that git notes for the committer; git's own --since ends at the first older commit, even before newer ones. */
async function commitsSince(git: Git, tips: readonly string[], date: string): Promise<string[]> {
  const start = Date.parse(`${date}T00:00:00Z`) / 1000 - EARLIEST_ZONE_SECONDS;
  const listed = await git.text(['rev-list', '--timestamp', ...tips]);
  return listed.split('\n').flatMap((line) => {
    const [seconds, id] = line.split(' ');
    return id !== undefined && Number(seconds) >= start ? [id] : [];
  });
}

/**
 * DVC keeps an experiment's commits on a ref that is named after the commit that it began at. Source:
 * dvc/repo/experiments/refs.py.
 */
async function experimentCommits(git: Git): Promise<string[][]> {
  const lists: string[][] = [];
  for (const { ref, id } of await refsBelow(git, [EXPERIMENTS])) {
    const [, head, tail] = /^refs\/exps\/([0-9a-f]{2})\/([0-9a-f]{38})\//.exec(ref) ?? [];
    const baseline = head === undefined || tail === undefined ? [] : [`${head}${tail}`];
    const here = await presentObjects(git, baseline);
    lists.push(await revList(git, [id, ...baseline.filter((one) => here.has(one)).map((one) => `^${one}`)]));
  }
  return lists;
}

async function refsBelow(git: Git, folders: readonly string[]): Promise<{ ref: string; id: string }[]> {
  const listed = await git.text(['for-each-ref', '--format=%(objecttype) %(objectname) %(refname)', ...folders]);
  return listed.split('\n').flatMap((line) => {
    const [type, id = '', ref = ''] = line.split(' ');
    return type === 'commit' ? [{ ref, id }] : [];
  });
}

async function revList(git: Git, args: readonly string[]): Promise<string[]> {
  return (await git.text(['rev-list', ...args])).split('\n').filter((line) => line !== '');
}
