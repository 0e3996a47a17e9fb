import { lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { assayError } from '../../../errors.ts';
import { openObjectCache } from '../../../pointers/cache/object-cache.ts';
import { openPlacer } from '../../../pointers/cache/place-object.ts';
import { openStaging } from '../../../pointers/cache/staging.ts';
import { openStatCache } from '../../../pointers/cache/stat-cache.ts';
import { realFolders } from '../../../pointers/checkout/real-folder.ts';
import { STAGING_FOLDER } from '../../../pointers/checkout/work-staging.ts';
import { dirAddress, renderDirObject } from '../../../pointers/listings/dir-object.ts';
import { removedAfter } from '../../../removed-after.ts';
import { removeIfEmpty } from '../../../stores/folder/remove-if-empty.ts';
import type { Context } from '../../context.ts';
import type { DataImportOutput } from '../data-outputs.ts';
import { bringFrom } from './data-bring.ts';
import { type SourceName, withSource } from './data-source.ts';
import { refuseLoss } from './refuse-loss.ts';

/** `url` is a folder, or a git address. */
export interface DataGetRequest extends SourceName {
  /** In that repository: what a pointer tracks, or a part of it. */
  readonly path: string;
  /** Where it goes; the last part of `path` in the present folder when left out. */
  readonly out?: string | undefined;
  readonly force?: boolean;
  readonly jobs?: number | undefined;
}

/**
 * Brings data of another repository here, without a pointer, as `dvc get`. It appears whole or not at all.
 *
 * @throws E_DATA_EXISTS, E_DATA_FOLDER_STAYS, E_DATA_NOT_TRACKED, E_DATA_SOURCE, the stores' errors
 */
export async function dataGet(context: Context, request: DataGetRequest): Promise<DataImportOutput> {
  const normal = posix.normalize(request.path).replace(/\/+$/, '');
  // The whole repository has a name of its own alone.
  const path = normal === '.' ? '' : normal;
  const out = request.out ?? posix.basename(path === '' ? resolve(context.root, request.url) : path);
  const target = resolve(context.root, out);
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined && request.force !== true)
    throw assayError('E_DATA_EXISTS', { path: out });
  mkdirSync(dirname(target), { recursive: true });
  // On the same disk, so that the last step is a renaming. What a killed call left there goes.
  const place = join(dirname(target), STAGING_FOLDER);
  const beside = openStaging(place);
  const scratch = beside.next();
  mkdirSync(scratch);
  const bring = () =>
    withSource(context, request, async (source) => {
      const cache = openObjectCache(join(scratch, 'cache'));
      const staging = openStaging(join(scratch, 'staging'));
      const { md5, hash, isexec, files, size } = await bringFrom(source, path, request.url, {
        cache,
        stage: staging.next,
        jobs: request.jobs,
      });
      const placer = openPlacer(cache, { types: ['copy'], verified: openStatCache(undefined).scope('') });
      const staged = join(scratch, 'data');
      const single = files.length === 1 && files[0]?.relpath === '';
      const folders = realFolders(staged, request.url);
      if (!single) mkdirSync(staged);
      for (const file of files) {
        const slash = file.relpath.lastIndexOf('/');
        if (slash !== -1) folders.make(file.relpath.slice(0, slash));
        await placer.make({ md5: file.md5, hash, isexec }, single ? staged : `${staged}/${file.relpath}`);
      }
      if (request.force === true) {
        refuseLoss({ target, shown: out, folder: !single, cwd: context.root });
        rmSync(target, { recursive: true, force: true });
      }
      renameSync(staged, target);
      const address = single ? (files[0]?.md5 ?? md5) : dirAddress(renderDirObject(files));
      const facts = { schema: 'assay/data-import/1', path: out, md5: address, size, files: files.length } as const;
      return { ...facts, ...(source.commit === undefined ? {} : { commit: source.commit }) };
    });
  return removedAfter(scratch, bring, () => {
    beside.close();
    removeIfEmpty(place);
  });
}
