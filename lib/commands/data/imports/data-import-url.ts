import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { isInside } from '../../../contained-path.ts';
import { assayError } from '../../../errors.ts';
import type { SourceOptions } from '../../../pointers/formats/dvc-file.ts';
import type { Context } from '../../context.ts';
import { beginDvc, withBegun } from '../data-begin.ts';
import type { DataImportOutput } from '../data-outputs.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import { bringUrl, lookAtUrl, pointerFolder } from './data-url.ts';
import { importTarget, keepImport, refuseSecretOptions, refuseSecrets } from './keep-import.ts';
import { straightToRemote } from './straight-to-remote.ts';
import { urlLocation } from './url-location.ts';

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
  /**
   * The source is a bucket that keeps versions: those are noted, and brought from there again. Implied by a version in the
   * address.
   */
  readonly versionAware?: boolean;
  /** Options of a remote that say how the source is spoken to; the pointer keeps them. */
  readonly fsConfig?: Readonly<Record<string, string>> | undefined;
}

/** What an import brings: the data, what tells them from others (`--no-download`), or nothing at all (`--no-exec`). */
export type Downloading = 'data' | 'digests' | 'nothing';

/**
 * Brings data from outside of any repository and remembers where it comes from, as `dvc import-url`. What was brought is
 * pushed like data of one's own, so a source that goes away takes nothing with it; what a source keeps in versions is not.
 * `dataUpdate` looks for newer data.
 *
 * @throws E_DATA_SOURCE, E_DATA_EXISTS, E_DATA_TARGET_OUTSIDE, E_DATA_SECRET, E_STORE_*, E_CHECKOUT_LOSES
 */
export async function dataImportUrl(context: Context, request: DataImportUrlRequest): Promise<DataImportOutput> {
  const { url, force = false, jobs, download = 'data', toRemote = false, remote } = request;
  refuse(request);
  const begun = await beginDvc(context);
  const imported = await withWorkspace(context, {}, async (workspace) => {
    const name = posix.basename(url.replace(/[?#].*$/, '').replace(/\/+$/, ''));
    const target = await importTarget(workspace, request.out ?? name, force);
    const elsewhere = isAbsolute(url) && !isInside(workspace.root, url);
    const address = /^[a-z][a-z0-9+.-]+:\/\//i.test(url) || elsewhere;
    const folder = pointerFolder(workspace.root, target.pointer);
    // As DVC writes it: a path of the repository starts from the pointer, wherever the command was started.
    const from = address
      ? url
      : relative(folder, resolve(join(workspace.root, workspace.cwd), url))
          .split(sep)
          .join('/');
    const place = { url: from, folder, fsConfig: optionsOf(request) };
    const located = urlLocation(context, workspace, place);
    const versioned = request.versionAware === true || request.fsConfig !== undefined;
    if (located === undefined && versioned) {
      const option = request.versionAware === true ? '--version-aware' : '--fs-config';
      throw assayError('E_DATA_OPTION', { option, reason: `${url} is a path of this machine` });
    }
    const push = located?.versionAware !== true;
    if (toRemote && !push) throw assayError('E_DATA_OPTIONS', { one: '--to-remote', other: '--version-aware' });
    if (download === 'nothing') {
      const { fsConfig } = place;
      const source = { kind: 'url', url: from, hash: 'md5', ...(fsConfig === undefined ? {} : { fsConfig }) } as const;
      return keepImport(context, workspace, target, { source, unseen: true, force });
    }
    if (download === 'digests') {
      const source = await lookAtUrl(context, workspace, place);
      return keepImport(context, workspace, target, { source, force, push });
    }
    const bring = (into: DataWorkspace) => bringUrl(context, into, place, { jobs });
    const { content, source } = toRemote
      ? await straightToRemote(context, workspace, { path: target.path, remote, jobs }, bring)
      : await bring(workspace);
    return keepImport(context, workspace, target, { content, source, force, push, place: !toRemote });
  });
  return withBegun(begun, imported);
}

/** What contradicts itself, and secrets: before anything is made. */
function refuse({ url, download = 'data', toRemote = false, remote, fsConfig = {} }: DataImportUrlRequest): void {
  refuseSecrets(url);
  refuseSecretOptions('--fs-config', fsConfig);
  if (toRemote && download !== 'data') {
    throw assayError('E_DATA_OPTIONS', { one: '--to-remote', other: '--no-download or --no-exec' });
  }
  if (remote !== undefined && !toRemote) {
    throw assayError('E_DATA_OPTION', { option: '--remote', reason: 'data go to a remote with --to-remote alone' });
  }
}

/** As DVC writes them: what was given, then what `--version-aware` stands for. */
function optionsOf({ fsConfig, versionAware = false }: DataImportUrlRequest): SourceOptions | undefined {
  if (fsConfig === undefined && !versionAware) return undefined;
  return { ...fsConfig, ...(versionAware ? { version_aware: true } : {}) };
}
