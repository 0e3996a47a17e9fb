import { assayError } from '../../../errors.ts';
import { requireSound } from '../../../pointers/outputs/output-index.ts';
import { targetedOutputs } from '../../../pointers/outputs/output-targets.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { Context } from '../../context.ts';
import type { DataUpdateOutput } from '../data-outputs.ts';
import { withWorkspace } from '../data-workspace.ts';
import { type SourceClones, withClones } from '../source/source-clones.ts';
import { type UpdateHow, updateOneImport } from './update-import.ts';
import { isOfWorktree, updateWorktree } from './update-worktree.ts';

export interface DataUpdateRequest extends UpdateHow {
  readonly targets: readonly string[];
  readonly recursive?: boolean;
}

/**
 * Brings the newest of what was imported, as `dvc update`: the branch's or the address's present state, or `rev`; and what
 * others put into a `worktree` remote. Comments and other keys of pointers stay.
 *
 * @throws E_DATA_NO_IMPORT, E_DATA_NO_REVISION, E_DATA_OPTION, E_DATA_OPTIONS, and as `dataImport` and `dataImportUrl`
 */
export async function dataUpdate(context: Context, request: DataUpdateRequest): Promise<DataUpdateOutput> {
  const { targets, recursive = false, rev, toRemote = false, remote, download = true } = request;
  if (toRemote && !download) throw assayError('E_DATA_OPTIONS', { one: '--to-remote', other: '--no-download' });
  if (remote !== undefined && !toRemote) {
    throw assayError('E_DATA_OPTION', { option: '--remote', reason: 'data go to a remote with --to-remote alone' });
  }
  return withWorkspace(context, {}, async (workspace) => {
    const index = requireSound(await workspace.index());
    const { root, cwd } = workspace;
    const outputs = targetedOutputs(index, targets, { root, cwd, recursive, pathsFirst: true }).map(
      ({ output }) => output,
    );
    const steps = outputs.map((output) => {
      const { import: source, declaredIn: pointer, path } = output;
      if (source === undefined && isOfWorktree(output, workspace.config)) {
        refuseForWorktree(output, request);
        return () => updateWorktree(context, workspace, output, request);
      }
      if (source === undefined) throw assayError('E_DATA_NO_IMPORT', { path, pointer });
      if (source.kind === 'database') throw assayError('E_DATA_DATABASE', { path });
      if (toRemote && source.kind === 'repository') {
        const reason = `"${path}" comes from another repository, which keeps it`;
        throw assayError('E_DATA_OPTION', { option: '--to-remote', reason });
      }
      // Before anything is brought for another target.
      const plain = source.kind === 'url' && source.versionId === undefined && source.fsConfig === undefined;
      if (rev !== undefined && plain) throw assayError('E_DATA_NO_REVISION', { path, url: source.url });
      return (clones: SourceClones) => updateOneImport(context, workspace, output, source, { ...request, clones });
    });
    return withClones(context, async (clones) => {
      const updated: DataUpdateOutput['updated'] = [];
      for (const step of steps) updated.push(await step(clones));
      return { schema: 'assay/data-update/1', updated };
    });
  });
}

function refuseForWorktree({ path }: TrackedOutput, { rev, toRemote, download }: DataUpdateRequest): void {
  const option =
    rev !== undefined ? '--rev' : toRemote === true ? '--to-remote' : download === false ? '--no-download' : undefined;
  if (option === undefined) return;
  throw assayError('E_DATA_OPTION', { option, reason: `"${path}" is no import: the newest of its remote is brought` });
}
