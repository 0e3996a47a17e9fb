import { openGit } from '../git/git.ts';
import { resolveCommit } from '../git/status.ts';
import { describeData, digestOnly } from '../pointers/describe-data.ts';
import type { ObjectCache } from '../pointers/object-cache.ts';
import { type OutputIndex, readIndex, requireSound } from '../pointers/output-index.ts';
import { outputListingIfAny } from '../pointers/output-listing.ts';
import { commitTree } from './commit-tree.ts';
import type { Context } from './context.ts';
import type { DataDiffOutput } from './data-outputs.ts';
import { type DataWorkspace, withWorkspace } from './data-workspace.ts';

export interface DataDiffRequest {
  /** Revisions; HEAD and the work tree when left out. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Addresses by path, files of folders where they are known. */
type Contents = Map<string, string>;

/**
 * What data two revisions, or a revision and the work tree, do not have in common, as `dvc diff`.
 *
 * @throws E_GIT_UNKNOWN_COMMIT, E_GIT_NO_COMMIT, the indexes' problems
 */
export async function dataDiff(context: Context, { from = 'HEAD', to }: DataDiffRequest): Promise<DataDiffOutput> {
  return withWorkspace(context, {}, async (workspace) => {
    const before = await contentsAt(context, workspace, from);
    const after = to === undefined ? await contentsNow(workspace) : await contentsAt(context, workspace, to);
    return { schema: 'assay/data-diff/1', from, to: to ?? 'workspace', ...difference(before, after) };
  });
}

/** A path that went and one that came with the same content are one renaming. Pure. */
export function difference(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Pick<DataDiffOutput, 'added' | 'modified' | 'deleted' | 'renamed'> {
  const modified = [...after]
    .filter(([path, md5]) => before.has(path) && before.get(path) !== md5)
    .map(([path]) => path);
  const gone = [...before.keys()].filter((path) => !after.has(path)).sort();
  const come = [...after.keys()].filter((path) => !before.has(path)).sort();
  const byContent = new Map<string, string[]>();
  for (const path of come)
    byContent.set(after.get(path) ?? '', [...(byContent.get(after.get(path) ?? '') ?? []), path]);
  const renamed: { from: string; to: string }[] = [];
  for (const path of gone) {
    const to = byContent.get(before.get(path) ?? '')?.shift();
    if (to !== undefined) renamed.push({ from: path, to });
  }
  const moved = new Set(renamed.flatMap(({ from, to }) => [`- ${from}`, `+ ${to}`]));
  return {
    added: come.filter((path) => !moved.has(`+ ${path}`)),
    modified: modified.sort(),
    deleted: gone.filter((path) => !moved.has(`- ${path}`)),
    renamed,
  };
}

async function contentsAt(context: Context, { root, cache }: DataWorkspace, revision: string): Promise<Contents> {
  const git = openGit(root, { env: context.environment });
  const commit = await resolveCommit(git, revision);
  const index = requireSound(await readIndex(root, { tree: await commitTree(git, commit) }));
  return contentsOf(index, cache);
}

function contentsOf({ outputs }: OutputIndex, cache: ObjectCache): Contents {
  const contents: Contents = new Map();
  for (const { path, md5, hash, files } of outputs) {
    if (md5 === undefined) continue;
    const entries = md5.endsWith('.dir') ? outputListingIfAny(cache, { md5, hash, files }) : undefined;
    if (entries === undefined) contents.set(md5.endsWith('.dir') ? `${path}/` : path, md5);
    for (const entry of entries ?? []) contents.set(`${path}/${entry.relpath}`, entry.md5);
  }
  return contents;
}

async function contentsNow(workspace: DataWorkspace): Promise<Contents> {
  const contents: Contents = new Map();
  for (const output of requireSound(await workspace.index()).outputs) {
    const { path, hash } = output;
    const data = await describeData(`${workspace.root}/${path}`, {
      scope: workspace.scopeOf(output),
      digest: digestOnly(hash),
      jobs: workspace.jobs,
      ignored: await workspace.ignoredIn(path),
    });
    for (const file of data?.files ?? [])
      contents.set(data?.kind === 'directory' ? `${path}/${file.relpath}` : path, file.md5);
  }
  return contents;
}
