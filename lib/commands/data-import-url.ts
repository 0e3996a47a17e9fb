import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { assayError } from '../errors.ts';
import type { Context } from './context.ts';
import { beginDvc } from './data-begin.ts';
import type { DataImportOutput } from './data-outputs.ts';
import { bringUrl, lookAtUrl, pointerFolder } from './data-url.ts';
import { type DataWorkspace, withWorkspace } from './data-workspace.ts';
import { importTarget, keepImport, refuseSecrets } from './keep-import.ts';
import { straightToRemote } from './straight-to-remote.ts';

export interface DataImportUrlRequest {
  /** `https://…`, `s3://…`, `gs://…`, `azure://…`, `remote://NAME/path`, or a path of this machine. */
  readonly url: string;
  /** Where it goes; the address's last part in the present folder when left out. */
  readonly out?: string | undefined;
  readonly force?: boolean;
  readonly jobs?: number | undefined;
  readonly download?: Downloading;
  /** The data go to the remote, neither into the cache nor into the work tree. */
  readonly toRemote?: boolean;
  /** The remote that they go to; the default one when left out. */
  readonly remote?: string | undefined;
}

/** What an import brings: the data, what tells them from others (`--no-download`), or nothing at all (`--no-exec`). */
export type Downloading = 'data' | 'digests' | 'nothing';

/**
 * Brings data from outside of any repository and remembers where it comes from, as `dvc import-url`. What was brought is
 * pushed like data of one's own, so a source that goes away takes nothing with it; `dataUpdate` looks for newer data.
 *
 * @throws E_DATA_SOURCE, E_DATA_EXISTS, E_DATA_TARGET_OUTSIDE, E_STORE_*, E_CHECKOUT_LOSES
 */
export async function dataImportUrl(context: Context, request: DataImportUrlRequest): Promise<DataImportOutput> {
  const { url, force = false, jobs, download = 'data', toRemote = false, remote } = request;
  refuseSecrets(url);
  if (toRemote && download !== 'data') {
    throw assayError('E_DATA_OPTIONS', { one: '--to-remote', other: '--no-download or --no-exec' });
  }
  await beginDvc(context);
  return withWorkspace(context, {}, async (workspace) => {
    const name = posix.basename(url.replace(/[?#].*$/, '').replace(/\/+$/, ''));
    const place = importTarget(workspace, request.out ?? name, force);
    const address = /^[a-z][a-z0-9+.-]+:\/\//i.test(url) || isAbsolute(url);
    const folder = pointerFolder(workspace.root, place.pointer);
    // As DVC writes it: a relative path starts from the pointer, wherever the command was started.
    const from = address
      ? url
      : relative(folder, resolve(join(workspace.root, workspace.cwd), url))
          .split(sep)
          .join('/');
    if (download === 'nothing') {
      const source = { kind: 'url', url: from, hash: 'md5' } as const;
      return keepImport(workspace, place, { source, unseen: true, force });
    }
    if (download === 'digests') {
      const source = await lookAtUrl(context, workspace, from, folder);
      return keepImport(workspace, place, { source, force });
    }
    const bring = async (into: DataWorkspace) => {
      const brought = await bringUrl(context, into, from, folder, { jobs });
      if (brought === undefined) throw assayError('E_DATA_SOURCE', { url: from, reason: 'nothing came' });
      return brought;
    };
    const { content, source } = toRemote
      ? await straightToRemote(context, workspace, { path: place.path, remote, jobs }, bring)
      : await bring(workspace);
    return keepImport(workspace, place, { content, source, force, place: !toRemote });
  });
}
