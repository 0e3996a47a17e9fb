import { posix } from 'node:path';
import { assayError } from '../errors.ts';
import { listFiles } from '../git/read-objects.ts';
import { resolveCommit } from '../git/status.ts';
import type { Context } from './context.ts';
import { beginDvc } from './data-begin.ts';
import { bringFrom, modernOf, outputOf } from './data-bring.ts';
import type { DataGetRequest } from './data-get.ts';
import type { Downloading } from './data-import-url.ts';
import type { DataImportOutput } from './data-outputs.ts';
import { type DataSource, withSource } from './data-source.ts';
import { withWorkspace } from './data-workspace.ts';
import { importTarget, keepImport, refuseSecrets } from './keep-import.ts';

/**
 * Brings data of another repository, or files that git keeps there, and remembers where it comes from, as `dvc import`: the
 * pointer names address, path and commit, so everybody gets the same bytes, and they stay that repository's to keep.
 *
 * @throws as `dataGet`, and E_DATA_TARGET_OUTSIDE, E_CHECKOUT_LOSES
 */
export async function dataImport(
  context: Context,
  request: DataGetRequest & { readonly download?: Downloading },
): Promise<DataImportOutput> {
  const { url, rev, force = false, download = 'data' } = request;
  refuseSecrets(url);
  await beginDvc(context);
  const path = posix.normalize(request.path).replace(/\/+$/, '');
  return withWorkspace(context, {}, async (workspace) => {
    const place = importTarget(workspace, request.out ?? posix.basename(path), force);
    const named = { kind: 'repository', url, path, ...(rev === undefined ? {} : { rev }) } as const;
    if (download === 'nothing') return keepImport(workspace, place, { source: named, unseen: true, force });
    // A commit and not a work tree as it happens to be: everybody has to get the same again.
    return withSource(context, { url, rev: rev ?? 'HEAD' }, async (from) => {
      const revLock = from.commit ?? (await resolveCommit(from.git));
      const source = { ...named, revLock };
      if (download === 'digests') {
        await requirePath(from, path, url);
        return { ...(await keepImport(workspace, place, { source, force })), commit: revLock };
      }
      const ports = { cache: workspace.cache, stage: workspace.staging.next };
      const brought = await modernOf(await bringFrom(from, path, url, ports), workspace.cache);
      const content = outputOf(brought);
      return { ...(await keepImport(workspace, place, { content, source, force })), commit: revLock };
    });
  });
}

/** What is not downloaded has to be there all the same. */
async function requirePath({ git, commit, index }: DataSource, path: string, where: string): Promise<void> {
  const within = (one: string) => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/`);
  if (index.outputs.some((output) => within(output.path))) return;
  const kept = await listFiles(git, commit ?? (await resolveCommit(git)));
  if (!kept.some((file) => file.path === path || file.path.startsWith(`${path}/`)))
    throw assayError('E_DATA_NOT_TRACKED', { path, where });
}
