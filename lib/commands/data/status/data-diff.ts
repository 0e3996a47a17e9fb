import { type SideContents, sidesDifference } from '../../../pointers/listings/content-difference.ts';
import { requireSound } from '../../../pointers/outputs/output-index.ts';
import type { Context } from '../../context.ts';
import type { DataDiffOutput } from '../data-outputs.ts';
import { withWorkspace } from '../data-workspace.ts';
import { headIndex, indexAt, listedContents, missingOf, presentContents, sideOf } from './data-sides.ts';

export interface DataDiffRequest {
  /** Revisions; HEAD and the work tree when left out. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only these outputs, or parts of them; each has to be known on one side. */
  readonly targets?: readonly string[];
  /** Tell the addresses of what differs. */
  readonly hashes?: boolean;
  /** Do not tell what the cache lacks. */
  readonly hideMissing?: boolean;
}

/**
 * What data two revisions, or a revision and the work tree, do not have in common, as `dvc diff`. Against the work tree it also
 * tells what of the revision the cache lacks. Before the first commit, and without git, HEAD has nothing.
 *
 * @throws E_GIT_UNKNOWN_COMMIT, E_GIT_NO_REVISION, E_GIT_NO_COMMIT, E_OUTPUT_TARGET, the indexes' problems
 */
export async function dataDiff(context: Context, request: DataDiffRequest): Promise<DataDiffOutput> {
  const { from = 'HEAD', to, targets = [], hashes = false, hideMissing = false } = request;
  return withWorkspace(context, {}, async (workspace) => {
    const base = from === 'HEAD' ? await headIndex(context, workspace) : await indexAt(context, workspace, from);
    const old = sideOf(base, targets, workspace);
    const now = to === undefined ? requireSound(await workspace.index()) : await indexAt(context, workspace, to);
    const young = sideOf(now, targets, workspace);
    for (const [target, error] of old.unknown) if (young.unknown.has(target)) throw error();
    const before = listedContents(old.chosen, workspace);
    const after =
      to === undefined ? await presentContents(young.chosen, workspace) : listedContents(young.chosen, workspace);
    const { files, folders } = sidesDifference(before, after);
    const missing = to === undefined && !hideMissing ? missingOf(old.chosen, workspace.cache) : undefined;
    const paths = [files, folders].flatMap(({ added, modified, deleted }) => [...added, ...modified, ...deleted]);
    const told = [
      ...[...new Set([...paths, ...(missing ?? [])])].map((path) => ({ from: path, to: path })),
      ...[...files.renamed, ...folders.renamed],
    ];
    return {
      ...{ schema: 'assay/data-diff/1', from, to: to ?? 'workspace', ...files, folders },
      ...(missing === undefined ? {} : { missing }),
      ...(hashes ? { hashes: told.map((one) => hashesOf(one, before, after)) } : {}),
    };
  });
}

function hashesOf(
  { from, to }: { readonly from: string; readonly to: string },
  before: SideContents,
  after: SideContents,
): NonNullable<DataDiffOutput['hashes']>[number] {
  const addressIn = ({ files, folders }: SideContents, path: string) =>
    path.endsWith('/') ? folders.get(path.slice(0, -1)) : files.get(path);
  const [old, young] = [addressIn(before, from), addressIn(after, to)];
  return { path: to, ...(old === undefined ? {} : { old }), ...(young === undefined ? {} : { new: young }) };
}
