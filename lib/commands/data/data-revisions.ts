import { type AssayError, hasCode } from '../../errors.ts';
import { openGit } from '../../git/git.ts';
import { readIndex, requireSound } from '../../pointers/outputs/output-index.ts';
import type { TargetedOutput } from '../../pointers/outputs/output-targets.ts';
import type { OutputIndex } from '../../pointers/outputs/tracked-output.ts';
import { type RepositoryTree, workTree } from '../../pointers/repository-tree.ts';
import type { Context } from '../context.ts';
import { type BlobTexts, commitTree } from './commit-tree.ts';
import { type TargetScope, targetsOf, workTargets } from './data-targets.ts';
import type { DataWorkspace } from './data-workspace.ts';

/** Which commits' data are meant beside those of the work tree. */
export interface Revisions {
  /** The tips of local branches. */
  readonly allBranches?: boolean;
  readonly allTags?: boolean;
  /** Every commit of history. */
  readonly allCommits?: boolean;
}

export function hasRevisions({ allBranches, allTags, allCommits }: Revisions): boolean {
  return allBranches === true || allTags === true || allCommits === true;
}

/**
 * The outputs of the work tree and of the commits that are asked for, each content once; work tree first. A target has to be
 * known somewhere. What cannot be read of a commit is a warning, of the work tree an error.
 *
 * @throws E_OUTPUT_TARGET, E_GIT_*, the problems of the work tree's index
 */
export async function revisionOutputs(
  context: Context,
  workspace: DataWorkspace,
  targets: readonly string[],
  request: Revisions & TargetScope,
): Promise<TargetedOutput[]> {
  if (!hasRevisions(request)) return workTargets(workspace, targets, request);
  const { root, cwd } = workspace;
  const commits = await commitsOf(context, workspace, request);
  const git = openGit(workspace.root, { env: context.environment });
  const texts: BlobTexts = new Map();
  const found = new Map<string, TargetedOutput>();
  const unknown = new Map<string, { count: number; error: AssayError }>();
  let indexes = 0;
  const take = async (index: OutputIndex, tree: RepositoryTree) => {
    indexes++;
    for (const one of await outputsOf(index, tree)) {
      const { md5, hash, path, remote, cloud, files } = one.output;
      const key = JSON.stringify([path, hash, md5, remote, one.inside, cloud, files]);
      if (!found.has(key)) found.set(key, one);
    }
  };
  /** Together where all targets are known, which is quicker by far for many. */
  const outputsOf = async (index: OutputIndex, tree: RepositoryTree) => {
    const all = await known(index, tree, targets);
    if (Array.isArray(all)) return all;
    const outputs: TargetedOutput[] = [];
    for (const target of targets) {
      const one = await known(index, tree, [target]);
      if (Array.isArray(one)) outputs.push(...one);
      else unknown.set(target, { count: (unknown.get(target)?.count ?? 0) + 1, error: one });
    }
    return outputs;
  };
  const known = async (index: OutputIndex, tree: RepositoryTree, some: readonly string[]) => {
    try {
      return await targetsOf(index, some, request, { root, cwd, tree });
    } catch (error) {
      if (!hasCode(error, 'E_OUTPUT_TARGET')) throw error;
      return error;
    }
  };
  await take(requireSound(await workspace.index()), workTree(workspace.root));
  const told = new Set<string>();
  for (const commit of commits) {
    const tree = await commitTree(git, commit, { texts });
    const index = await readIndex(workspace.root, { tree });
    // One bad file of long ago must not keep all the others from being sent or brought, and nobody can mend it there.
    for (const { error } of index.problems) {
      if (told.has(error.message)) continue;
      told.add(error.message);
      context.log.warning(
        `left out of the commit ${commit.slice(0, 12)}, and of others that have it: ${error.message}`,
      );
    }
    await take(index, tree);
  }
  for (const { count, error } of unknown.values()) if (count === indexes) throw error;
  return [...found.values()];
}

async function commitsOf(
  context: Context,
  { root }: DataWorkspace,
  { allBranches = false, allTags = false, allCommits = false }: Revisions,
): Promise<string[]> {
  const which = allCommits
    ? ['--all', 'HEAD']
    : ['--no-walk', ...(allBranches ? ['--branches'] : []), ...(allTags ? ['--tags'] : [])];
  const listed = await openGit(root, { env: context.environment }).text(['rev-list', ...which]);
  return listed.split('\n').filter((line) => line !== '');
}
