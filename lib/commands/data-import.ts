import { lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { assayError } from '../errors.ts';
import { resolveCommit } from '../git/status.ts';
import { checkoutOutput } from '../pointers/checkout-output.ts';
import { dirAddress, renderDirObject } from '../pointers/dir-object.ts';
import { addGitignoreEntry, isGitIgnored } from '../pointers/gitignore.ts';
import { pathProblem } from '../pointers/relative-paths.ts';
import { renderDvcFile } from '../pointers/render-dvc-file.ts';
import { workTree } from '../pointers/repository-tree.ts';
import type { Context } from './context.ts';
import { beginDvc } from './data-begin.ts';
import { bringFrom } from './data-bring.ts';
import type { DataGetRequest } from './data-get.ts';
import type { DataImportOutput } from './data-outputs.ts';
import { withSource } from './data-source.ts';
import { withWorkspace } from './data-workspace.ts';

/**
 * Brings data of another repository and remembers where it comes from, as `dvc import`: the pointer names address, path and
 * commit, so everybody gets the same bytes, and they stay that repository's to keep.
 *
 * @throws as `dataGet`, and E_DATA_TARGET_OUTSIDE, E_CHECKOUT_LOSES
 */
export async function dataImport(context: Context, request: DataGetRequest): Promise<DataImportOutput> {
  await beginDvc(context);
  const source = posix.normalize(request.path).replace(/\/+$/, '');
  return withWorkspace(context, {}, async (workspace) => {
    const { root, cache, staging } = workspace;
    const path = workspace.below(request.out ?? posix.basename(source));
    if (path === '' || pathProblem([path], 'contained') !== undefined)
      throw assayError('E_DATA_TARGET_OUTSIDE', { target: path, root });
    const pointer = `${path}.dvc`;
    const there = [path, pointer].find((one) => lstatSync(join(root, one), { throwIfNoEntry: false }) !== undefined);
    if (there !== undefined && request.force !== true) throw assayError('E_DATA_EXISTS', { path: there });
    return withSource(context, request, async (from) => {
      const brought = await bringFrom(from, source, request.url, cache);
      const { isexec, files, size } = brought;
      const folder = !(files.length === 1 && files[0]?.relpath === '');
      const listing = renderDirObject(files);
      const md5 = folder ? dirAddress(listing) : (files[0]?.md5 ?? brought.md5);
      if (folder) cache.insertBytes(Buffer.from(listing), md5);
      const output = {
        ...({
          path,
          declaredIn: pointer,
          kind: folder ? 'directory' : 'file',
          hash: 'md5',
          md5,
          size,
          isexec,
        } as const),
        ...{ cache: true, push: true, persist: false, frozen: true },
      };
      await checkoutOutput(output, await workspace.checkoutPorts(output), { force: request.force === true });
      const revLock = from.commit ?? (await resolveCommit(from.git));
      const { url, rev } = request;
      const text = renderDvcFile({
        frozen: true,
        import: { kind: 'repository', url, path: source, revLock, ...(rev === undefined ? {} : { rev }) },
        outs: [{ path: posix.basename(path), md5, size, isexec, ...(folder ? { nfiles: files.length } : {}) }],
      });
      const staged = staging.next();
      writeFileSync(staged, text, { flush: true });
      renameSync(staged, join(root, pointer));
      if (!(await isGitIgnored(workTree(root), path, folder ? 'directory' : 'file'))) {
        const ignore = join(root, posix.dirname(path), '.gitignore');
        const before = lstatSync(ignore, { throwIfNoEntry: false })?.isFile() ? readFileSync(ignore, 'utf8') : '';
        writeFileSync(ignore, addGitignoreEntry(before, posix.basename(path)));
      }
      return { schema: 'assay/data-import/1', path, md5, size, files: files.length, commit: revLock, pointer };
    });
  });
}
