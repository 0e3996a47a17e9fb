import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { assayError } from '../../../errors.ts';
import type { Context } from '../../context.ts';
import { beginDvc } from '../data-begin.ts';
import type { DataAddOutput } from '../data-outputs.ts';
import { type DataWorkspace, withWorkspace } from '../data-workspace.ts';
import { bringUrl } from '../imports/data-url.ts';
import { importTarget, keepImport } from '../imports/keep-import.ts';
import { straightToRemote } from '../imports/straight-to-remote.ts';

export interface DataAddFromRequest {
  /** A path of this machine, or an address: one. */
  readonly targets: readonly string[];
  /** What it becomes here; its own name in the present folder when left out. */
  readonly out?: string | undefined;
  /** The data go to the remote, neither into the cache nor into the work tree. */
  readonly toRemote?: boolean;
  readonly remote?: string | undefined;
  /** False contradicts what this does. */
  readonly commit?: boolean;
  /** True contradicts it as well. */
  readonly glob?: boolean;
  readonly force?: boolean;
  readonly jobs?: number | undefined;
  /** Transfers at a time to the remote. */
  readonly remoteJobs?: number | undefined;
}

/**
 * Adds a copy of what lies elsewhere, as `dvc add --out` and `dvc add --to-remote`: its pointer does not remember where it came
 * from.
 *
 * @throws E_DATA_OPTIONS, and as `dataImportUrl`
 */
export async function dataAddFrom(context: Context, request: DataAddFromRequest): Promise<DataAddOutput> {
  const { targets, toRemote = false, remote, force = false, jobs, remoteJobs = jobs } = request;
  const [target = '', ...more] = targets;
  const option = toRemote ? '--to-remote' : '--out';
  if (more.length > 0) throw assayError('E_DATA_OPTIONS', { one: option, other: 'more than one target' });
  if (request.glob === true) throw assayError('E_DATA_OPTIONS', { one: option, other: '--glob' });
  if (request.commit === false) throw assayError('E_DATA_OPTIONS', { one: option, other: '--no-commit' });
  const begun = await beginDvc(context);
  return withWorkspace(context, { jobs }, async (workspace) => {
    const name = posix.basename(target.replace(/[?#].*$/, '').replace(/\/+$/, ''));
    const place = await importTarget(workspace, request.out ?? name, force || (toRemote && request.out === undefined));
    const from = { url: target, folder: context.root };
    const bring = (into: DataWorkspace) => bringUrl(context, into, from, { jobs });
    const { content } = toRemote
      ? await straightToRemote(context, workspace, { path: place.path, remote, jobs: remoteJobs }, bring)
      : await bring(workspace);
    await keepImport(context, workspace, place, { content, force, place: !toRemote });
    const { md5, size, nfiles = 1 } = content;
    const added = [{ ...place, md5, size, files: nfiles, state: 'new' as const }];
    const ignore = posix.join(posix.dirname(place.path), '.gitignore');
    const hidden = existsSync(join(workspace.root, ignore)) ? [ignore] : [];
    const written = [...begun, place.pointer, ...hidden].sort();
    return { schema: 'assay/data-add/1', added, written };
  });
}
