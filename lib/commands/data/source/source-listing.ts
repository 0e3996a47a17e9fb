import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../../errors.ts';
import { expectedObject } from '../../../pointers/expected-object.ts';
import { parseDirObject } from '../../../pointers/listings/dir-object.ts';
import { objectKey } from '../../../pointers/object-key.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import { removedAfter } from '../../../removed-after.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import type { DataSource } from './data-source.ts';

/** A file of a tracked folder, as far as its listing tells. */
export interface ListedFile {
  /** Below the folder, forward slashes. */
  readonly relpath: string;
  readonly md5?: string;
  /** Bytes; cloud-versioned folders alone tell. */
  readonly size?: number;
}

/**
 * The files of another repository's tracked folder, without their bytes: from its pointer, its cache or its remote. Undefined
 * where none of them has the listing.
 *
 * @throws E_DIR_OBJECT_CORRUPT, and the stores' errors but that it is missing or damaged
 */
export async function sourceListing(
  source: DataSource,
  output: TrackedOutput,
): Promise<readonly ListedFile[] | undefined> {
  const { files, md5, hash } = output;
  if (files !== undefined) return files;
  if (md5 === undefined || !md5.endsWith('.dir')) return undefined;
  const folder = await temporaryFolder('listing');
  return removedAfter(folder, async () => {
    for await (const store of source.stores(output)) {
      const target = join(folder, 'listing');
      try {
        await store.read(objectKey(md5, hash), expectedObject(md5, hash, undefined), target);
        return parseDirObject(await readFile(target), md5);
      } catch (error) {
        const elsewhere = hasCode(error, 'E_STORE_OBJECT_MISSING', 'E_STORE_OBJECT_CORRUPT');
        if (!elsewhere) throw error;
      }
    }
    return undefined;
  });
}

/** Sizes in bytes of the objects that another repository's cache has, by their addresses. */
export function cachedSizes({ config }: DataSource, { hash }: TrackedOutput): (md5: string) => number | undefined {
  return (md5) => statSync(join(config.cache, objectKey(md5, hash)), { throwIfNoEntry: false })?.size;
}
