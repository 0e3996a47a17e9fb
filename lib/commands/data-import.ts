import { posix } from 'node:path';
import { resolveCommit } from '../git/status.ts';
import type { Context } from './context.ts';
import { beginDvc } from './data-begin.ts';
import { bringFrom, modernOf, outputOf } from './data-bring.ts';
import type { DataGetRequest } from './data-get.ts';
import type { DataImportOutput } from './data-outputs.ts';
import { withSource } from './data-source.ts';
import { withWorkspace } from './data-workspace.ts';
import { importTarget, keepImport, refuseSecrets } from './keep-import.ts';

/**
 * Brings data of another repository, or files that git keeps there, and remembers where it comes from, as `dvc import`: the
 * pointer names address, path and commit, so everybody gets the same bytes, and they stay that repository's to keep.
 *
 * @throws as `dataGet`, and E_DATA_TARGET_OUTSIDE, E_CHECKOUT_LOSES
 */
export async function dataImport(context: Context, request: DataGetRequest): Promise<DataImportOutput> {
  const { url, rev, force = false } = request;
  refuseSecrets(url);
  await beginDvc(context);
  const path = posix.normalize(request.path).replace(/\/+$/, '');
  return withWorkspace(context, {}, async (workspace) => {
    const place = importTarget(workspace, request.out ?? posix.basename(path), force);
    // A commit and not a work tree as it happens to be: everybody has to get the same again.
    return withSource(context, { url, rev: rev ?? 'HEAD' }, async (from) => {
      const ports = { cache: workspace.cache, stage: workspace.staging.next };
      const brought = await modernOf(await bringFrom(from, path, url, ports), workspace.cache);
      const revLock = from.commit ?? (await resolveCommit(from.git));
      const source = { kind: 'repository', url, path, revLock, ...(rev === undefined ? {} : { rev }) } as const;
      return { ...(await keepImport(workspace, place, outputOf(brought), source, force)), commit: revLock };
    });
  });
}
