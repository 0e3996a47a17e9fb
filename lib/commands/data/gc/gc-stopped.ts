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

/**
 * Refs without a folder: git has them where its other refs are, which are files or a table (`extensions.refStorage`). Source:
 * gitrevisions(7), git-cherry-pick(1), git-update-ref(1).
 */
const COMMIT_REFS = ['CHERRY_PICK_HEAD', 'REBASE_HEAD'];
const STASH_REFS = ['MERGE_AUTOSTASH'];
/** Always files. Source: gitglossary(7) "pseudoref", sequencer.c, builtin/rebase.c and builtin/bisect.c of git. */
const COMMIT_FILES = [
  'MERGE_HEAD',
  'BISECT_START',
  'sequencer/head',
  'rebase-merge/orig-head',
  'rebase-apply/orig-head',
];
const STASH_FILES = ['rebase-merge/autostash', 'rebase-apply/autostash'];

/** Looks in all work trees of the repository. Commits that git has removed since are left out. */
export async function stoppedWork(git: Git): Promise<StoppedWork> {
  const common = resolve(git.folder, await git.text(['rev-parse', '--git-common-dir']));
  const names = existsSync(join(common, 'worktrees')) ? readdirSync(join(common, 'worktrees')) : [];
  const trees = ['main-worktree', ...names.map((name) => `worktrees/${name}`)];
  const folders = [common, ...names.map((name) => join(common, 'worktrees', name))];
  const here = async (files: readonly string[], refs: readonly string[]) => [
    ...(await presentObjects(git, [
      ...idsIn(folders, files),
      ...trees.flatMap((tree) => refs.map((ref) => `${tree}/${ref}`)),
    ])),
  ];
  return { commits: await here(COMMIT_FILES, COMMIT_REFS), stashes: await here(STASH_FILES, STASH_REFS) };
}

/** A merge of several branches has a line for each; a bisection that began on a branch has its name. */
function idsIn(folders: readonly string[], names: readonly string[]): string[] {
  const files = folders.flatMap((folder) => names.map((name) => join(folder, name))).filter((file) => existsSync(file));
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  return lines.filter((line) => /^[0-9a-f]{40,64}$/.test(line));
}
