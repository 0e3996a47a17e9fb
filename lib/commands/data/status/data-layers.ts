import { openGit } from '../../../git/git.ts';
import { untrackedFiles } from '../../../git/status.ts';
import { type LayerDifference, layerDifference, withListingsOf } from '../../../pointers/listings/layer-difference.ts';
import { requireSound } from '../../../pointers/outputs/output-index.ts';
import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import { foldersOf } from '../../../pointers/outputs/overlapping-outputs.ts';
import type { Context } from '../../context.ts';
import type { DataStatusOutput, LayersOutput } from '../data-outputs.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import { whereNoCommit } from '../where-no-commit.ts';
import { headIndex, listedContents, missingOf, presentContents, sideOf } from './data-sides.ts';

/** What `dvc data status` is asked for. */
export interface DataLayersRequest {
  readonly targets: readonly string[];
  /** Files inside tracked folders, not the folders alone. */
  readonly granular?: boolean;
  /** Tell what is the same everywhere, too. */
  readonly unchanged?: boolean;
  /** Tell the files that neither git nor a pointer tracks, nor git ignores. */
  readonly untracked?: boolean;
  /** Ask the remote for what the pointers name. */
  readonly notInRemote?: boolean;
  readonly remote?: string | undefined;
  readonly jobs?: number | undefined;
}

/**
 * What lies between the last commit's pointers, those of the work tree, and the work tree: DVC's `data status`. Unlike there every
 * file of a folder is looked for in cache and remote, also where only folders are told.
 *
 * @throws E_DATA_NO_REPOSITORY, E_OUTPUT_TARGET, the indexes' problems, E_STORE_READ, E_STORE_SOURCE_CHANGED, the remotes' errors
 */
export async function dataLayers(context: Context, request: DataLayersRequest): Promise<DataStatusOutput> {
  const { targets, granular = false, jobs } = request;
  return withWorkspace(context, { jobs }, async (workspace) => {
    const index = sideOf(requireSound(await workspace.index()), targets, workspace);
    const head = sideOf(await headIndex(context, workspace), targets, workspace);
    for (const [target, error] of index.unknown) {
      // It may be a folder of files that nothing tracks.
      if (head.unknown.has(target) && request.untracked !== true) throw error();
    }
    const present = await presentContents(index.chosen, workspace);
    const pointers = withListingsOf(listedContents(index.chosen, workspace), present);
    const before = withListingsOf(listedContents(head.chosen, workspace), pointers);
    const committed = layerDifference(before, pointers, granular);
    const uncommitted = layerDifference(pointers, present, granular);
    const notInCache = shown(missingOf(index.chosen, workspace.cache), index.chosen, granular);
    const notInRemote =
      request.notInRemote === true ? await missingInRemote(context, workspace, index.chosen, request) : undefined;
    const same = new Set(committed.unchanged);
    const layers: LayersOutput = {
      notInCache,
      ...(notInRemote === undefined ? {} : { notInRemote }),
      committed: changesOf(committed),
      uncommitted: changesOf(uncommitted),
      ...(request.untracked === true ? { untracked: await untrackedBelow(context, workspace, targets) } : {}),
      ...(request.unchanged === true ? { unchanged: uncommitted.unchanged.filter((path) => same.has(path)) } : {}),
    };
    const different = [layers.committed, layers.uncommitted].flatMap((layer) => Object.values(layer));
    const clean = [...different, notInCache, notInRemote ?? []].every((paths) => paths.length === 0);
    return { schema: 'assay/data-status/1', clean, outputs: [], layers };
  });
}

async function missingInRemote(
  context: Context,
  workspace: DataWorkspace,
  chosen: readonly TargetedOutput[],
  { remote, jobs, granular = false }: DataLayersRequest,
): Promise<string[]> {
  const { remoteDifferences } = await import('./remote-differences.ts');
  const differences = await remoteDifferences(context, workspace, chosen, { name: remote, jobs });
  const folders = new Set(chosen.flatMap(({ output }) => (output.md5?.endsWith('.dir') ? [output.path] : [])));
  const gone = differences.filter(({ state }) => state !== 'deleted');
  return shown(
    gone.map(({ path }) => (folders.has(path) ? `${path}/` : path)),
    chosen,
    granular,
  );
}

/** Sorted; without `granular` the folders stand for their files, except where files were asked for. */
function shown(paths: readonly string[], chosen: readonly TargetedOutput[], granular: boolean): string[] {
  if (granular) return [...paths].sort();
  const whole = new Set(
    chosen.flatMap(({ output, inside }) =>
      inside === undefined && output.md5?.endsWith('.dir') ? [`${output.path}/`] : [],
    ),
  );
  const folderOf = (path: string) => {
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      if (whole.has(path.slice(0, end + 1))) return path.slice(0, end + 1);
    }
    return path;
  };
  return [...new Set(paths.map(folderOf))].sort();
}

function changesOf({ added, modified, deleted, renamed, unknown }: LayerDifference): LayersOutput['committed'] {
  return { added, modified, deleted, renamed: [...renamed], unknown };
}

/** Relative to the folder of `.dvc`, as all paths. */
async function untrackedBelow(
  context: Context,
  { root, below }: DataWorkspace,
  targets: readonly string[],
): Promise<string[]> {
  const wanted = new Set(targets.map(below));
  const files = await untrackedFiles(openGit(root, { env: context.environment })).catch(whereNoCommit([]));
  if (wanted.size === 0 || wanted.has('')) return files;
  return files.filter((path) => [path, ...foldersOf(path)].some((one) => wanted.has(one)));
}
