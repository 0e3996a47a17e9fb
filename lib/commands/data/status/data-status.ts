import { assayError } from '../../../errors.ts';
import { outputStatus } from '../../../pointers/checkout/output-status.ts';
import type { Context } from '../../context.ts';
import type { DataStatusOutput } from '../data-outputs.ts';
import { byteProgress } from '../data-progress.ts';
import type { Revisions } from '../data-revisions.ts';
import { type TargetScope, workTargets } from '../data-targets.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';

export interface DataStatusRequest extends TargetScope {
  readonly targets: readonly string[];
  /** Ask the repositories that data were imported from whether they have something newer. */
  readonly updates?: boolean;
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
 * @throws E_DATA_OPTION, E_DATA_NO_REPOSITORY, E_OUTPUT_TARGET, the index's problems, E_STORE_READ
 */
export async function dataStatus(context: Context, request: DataStatusRequest): Promise<DataStatusOutput> {
  const { targets, cloud = false, updates: looked = false, jobs } = request;
  return withWorkspace(context, { jobs }, async (workspace) => {
    if (cloud) return statusOfRemotes(context, workspace, request);
    const [revision] = Object.entries(request.revisions ?? {}).flatMap(([name, asked]) => (asked ? [name] : []));
    if (revision !== undefined) {
      const option = `--${revision.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      throw assayError('E_DATA_OPTION', { option, reason: 'only --cloud looks at other commits' });
    }
    const chosen = await workTargets(workspace, targets, request);
    const imported = looked && chosen.some(({ output }) => output.import?.kind === 'repository');
    const updates = imported
      ? await (await import('../imports/import-updates.ts')).importUpdates(context, workspace.root, chosen)
      : new Map<string, string>();
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
      const update = updates.get(output.path);
      outputs.push({
        path: output.path,
        declaredIn: output.declaredIn,
        state: status.state,
        ...(update === undefined ? {} : { update }),
        ...(changes === undefined
          ? {}
          : { changes: { added: [...changes.added], modified: [...changes.modified], deleted: [...changes.deleted] } }),
      });
    }
    const clean = updates.size === 0 && outputs.every(({ state }) => state === 'unchanged');
    return { schema: 'assay/data-status/1', clean, outputs };
  });
}

/** What cache and remotes do not both have. */
async function statusOfRemotes(
  context: Context,
  workspace: DataWorkspace,
  { targets, revisions, remote, jobs, ...scope }: DataStatusRequest,
): Promise<DataStatusOutput> {
  const [{ remoteDifferences }, { revisionOutputs }] = await Promise.all([
    import('./remote-differences.ts'),
    import('../data-revisions.ts'),
  ]);
  const wanted = await revisionOutputs(context, workspace, targets, { ...scope, ...revisions });
  const cloud = await remoteDifferences(context, workspace, wanted, { name: remote, jobs });
  return { schema: 'assay/data-status/1', clean: cloud.length === 0, outputs: [], cloud };
}
