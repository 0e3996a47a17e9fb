import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { assayError } from '../errors.ts';
import type { Context } from './context.ts';
import { beginDvc } from './data-begin.ts';
import type { DataImportOutput } from './data-outputs.ts';
import { bringUrl, pointerFolder } from './data-url.ts';
import { withWorkspace } from './data-workspace.ts';
import { importTarget, keepImport, refuseSecrets } from './keep-import.ts';

export interface DataImportUrlRequest {
  /** `https://…`, `s3://…`, `gs://…`, `azure://…`, `remote://NAME/path`, or a path of this machine. */
  readonly url: string;
  /** Where it goes; the address's last part in the present folder when left out. */
  readonly out?: string | undefined;
  readonly force?: boolean;
  readonly jobs?: number | undefined;
}

/**
 * Brings data from outside of any repository and remembers where it comes from, as `dvc import-url`. What was brought is
 * pushed like data of one's own, so a source that goes away takes nothing with it; `dataUpdate` looks for newer data.
 *
 * @throws E_DATA_SOURCE, E_DATA_EXISTS, E_DATA_TARGET_OUTSIDE, E_STORE_*, E_CHECKOUT_LOSES
 */
export async function dataImportUrl(context: Context, request: DataImportUrlRequest): Promise<DataImportOutput> {
  const { url, force = false, jobs } = request;
  refuseSecrets(url);
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
    const brought = await bringUrl(context, workspace, from, folder, { jobs });
    if (brought === undefined) throw assayError('E_DATA_SOURCE', { url: from, reason: 'nothing came' });
    return keepImport(workspace, place, brought.content, brought.source, force);
  });
}
