import { requireSound } from '../pointers/output-index.ts';
import { outputStatus } from '../pointers/output-status.ts';
import { targetedOutputs } from '../pointers/output-targets.ts';
import type { Context } from './context.ts';
import type { DataStatusOutput } from './data-outputs.ts';
import { byteProgress } from './data-progress.ts';
import type { Revisions } from './data-revisions.ts';
import { withWorkspace } from './data-workspace.ts';

export interface DataStatusRequest {
  readonly targets: readonly string[];
  readonly recursive?: boolean;
  /** Hold the cache against the remote instead of the work tree against the pointers. */
  readonly cloud?: boolean;
  /** With `cloud`: the data of these commits too. */
  readonly revisions?: Revisions;
  readonly remote?: string | undefined;
  readonly jobs?: number | undefined;
}

/**
 * What differs: work tree and pointers, or with `cloud` cache and remote.
 *
 * @throws E_DATA_NO_REPOSITORY, E_OUTPUT_TARGET, the index's problems, E_STORE_READ
 */
export async function dataStatus(context: Context, request: DataStatusRequest): Promise<DataStatusOutput> {
  const { targets, recursive = false, cloud = false, remote, jobs } = request;
  return withWorkspace(context, { jobs }, async (workspace) => {
    const chosen = targetedOutputs(requireSound(await workspace.index()), targets, { cwd: workspace.cwd, recursive });
    if (cloud) {
      const [{ remoteGroups }, { cloudStatus }] = await Promise.all([
        import('./data-remote.ts'),
        import('../pointers/cloud-status.ts'),
      ]);
      const { revisionOutputs } = await import('./data-revisions.ts');
      const wanted = await revisionOutputs(context, workspace, targets, { recursive, ...request.revisions });
      const pushed = wanted.filter(({ output }) => output.push && output.import?.kind !== 'repository');
      const differences = [];
      const { plain, versioned } = await remoteGroups(context, workspace, pushed, { name: remote, jobs });
      for (const { store, outputs } of plain) {
        for (const one of (await cloudStatus(outputs, workspace.cache, store)).differences) differences.push(one);
      }
      for (const { store, outputs, owns } of versioned) {
        const { versionsStatus } = await import('../pointers/versions-status.ts');
        for (const one of (await versionsStatus(outputs, workspace.cache, store, owns)).differences) {
          differences.push(one);
        }
      }
      return { schema: 'assay/data-status/1', clean: differences.length === 0, outputs: [], cloud: differences };
    }
    const outputs: DataStatusOutput['outputs'] = [];
    for (const { output } of chosen) {
      const { root, cache } = workspace;
      const progress = byteProgress(context.progress, `reading ${output.path}`);
      const status = await outputStatus(output, {
        root,
        cache,
        scope: workspace.scopeOf(output),
        jobs: workspace.jobs,
        ignored: await workspace.ignoredIn(output.path),
        ...progress,
      });
      progress.end();
      const { changes } = status;
      outputs.push({
        path: output.path,
        declaredIn: output.declaredIn,
        state: status.state,
        ...(changes === undefined
          ? {}
          : { changes: { added: [...changes.added], modified: [...changes.modified], deleted: [...changes.deleted] } }),
      });
    }
    return { schema: 'assay/data-status/1', clean: outputs.every(({ state }) => state === 'unchanged'), outputs };
  });
}
