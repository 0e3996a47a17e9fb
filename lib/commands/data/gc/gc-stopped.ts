import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Git } from '../../../git/git.ts';
import { presentObjects } from '../../../git/read-objects.ts';

/** What git keeps of a merge, a rebase, a cherry-pick or a bisection that waits for its user; no ref need name any of it. */
export interface StoppedWork {
  /** The other sides, and what giving it up goes back to. */
  readonly commits: readonly string[];
  /** What `--autostash` took away until it is done; each is made as an entry of the stash. */
  readonly stashes: readonly string[];
}

/** Source: gitrevisions(7), git-cherry-pick(1), and sequencer.c, builtin/rebase.c and builtin/bisect.c of git. */
const COMMITS = [
  ...['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REBASE_HEAD', 'BISECT_START'],
  ...['sequencer/head', 'rebase-merge/orig-head', 'rebase-apply/orig-head'],
];
const STASHES = ['MERGE_AUTOSTASH', 'rebase-merge/autostash', 'rebase-apply/autostash'];

/** Looks in all work trees of the repository. Commits that git has removed since are left out. */
export async function stoppedWork(git: Git): Promise<StoppedWork> {
  const common = resolve(git.folder, await git.text(['rev-parse', '--git-common-dir']));
  const trees = join(common, 'worktrees');
  const folders = [common, ...(existsSync(trees) ? readdirSync(trees).map((name) => join(trees, name)) : [])];
  const commits = idsIn(folders, COMMITS);
  const stashes = idsIn(folders, STASHES);
  const here = await presentObjects(git, [...commits, ...stashes]);
  const present = (ids: readonly string[]) => ids.filter((id) => here.has(id));
  return { commits: present(commits), stashes: present(stashes) };
}

/** A merge of several branches has a line for each; a bisection that began on a branch has its name. */
function idsIn(folders: readonly string[], names: readonly string[]): string[] {
  const files = folders.flatMap((folder) => names.map((name) => join(folder, name))).filter((file) => existsSync(file));
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  return lines.filter((line) => /^[0-9a-f]{40,64}$/.test(line));
}
