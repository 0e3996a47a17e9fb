import { constants, copyFile, writeFile } from 'node:fs/promises';
import { assayError } from '../../../errors.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import { digestOnly } from '../../../pointers/checkout/describe-data.ts';
import { dirAddress, parseDirObject, renderDirObject } from '../../../pointers/listings/dir-object.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { ImportedContent } from './keep-import.ts';

/** Data of another repository that is in a cache of ours now. */
export interface BroughtData {
  /** `<32 hex>`, with `.dir` for a folder. */
  readonly md5: string;
  readonly hash: TrackedOutput['hash'];
  readonly isexec: boolean;
  readonly files: readonly { readonly relpath: string; readonly md5: string }[];
  /** Bytes. */
  readonly size: number;
}

/** The same under DVC 3's addresses: what DVC 2 left, hashed with Unix line ends, gets the address of its own bytes. */
export async function modernOf(brought: BroughtData, cache: ObjectCache): Promise<BroughtData> {
  if (brought.hash === 'md5') return brought;
  const files = [];
  for (const { relpath, md5 } of brought.files) {
    const { path, stamp } = objectAt(cache, md5, brought.hash);
    files.push({ relpath, md5: await cache.insertFile(path, stamp) });
  }
  return { ...brought, hash: 'md5', files };
}

/**
 * The same under DVC 2's addresses and at its places, for a pointer that DVC 2 wrote: what comes from git or from an address got
 * those of DVC 3.
 */
async function legacyOf(brought: BroughtData, cache: ObjectCache): Promise<BroughtData> {
  const hash = 'md5-dos2unix';
  if (brought.hash === hash) return brought;
  const digest = digestOnly(hash);
  const files = [];
  for (const file of brought.files) {
    const { path, stamp } = objectAt(cache, file.md5, brought.hash);
    const md5 = await digest({ relpath: file.relpath, path, stamp, link: false }, () => {});
    if (!cache.has(md5, hash)) {
      await cache.receive(md5, hash, (target) => copyFile(path, target, constants.COPYFILE_FICLONE));
    }
    files.push({ relpath: file.relpath, md5 });
  }
  return { ...brought, hash, files };
}

function objectAt(cache: ObjectCache, md5: string, hash: TrackedOutput['hash']) {
  const stamp = cache.stampOf(md5, hash);
  if (stamp === undefined) throw assayError('E_CACHE_MISSING', { object: md5 });
  return { path: cache.pathOf(md5, hash), stamp };
}

/** Brought data as the output that it becomes. */
export function outputOf({ files, md5, size, isexec }: BroughtData) {
  const folder = !(files.length === 1 && files[0]?.relpath === '');
  if (!folder) return { folder, md5: files[0]?.md5 ?? md5, size, isexec };
  const listing = renderDirObject(files);
  return { folder, md5: dirAddress(listing), size, isexec: false, nfiles: files.length, listing };
}

/** What came from an address, as data that were brought. */
export function broughtOf({ md5, size, isexec, listing }: ImportedContent): BroughtData {
  const files = listing === undefined ? [{ relpath: '', md5 }] : parseDirObject(Buffer.from(listing), md5);
  return { md5, hash: 'md5', isexec, files, size };
}

/**
 * Brought data as the output of a pointer whose addresses are of this kind, with a folder's listing in the cache.
 *
 * @throws E_CACHE_MISSING, E_STORE_WRITE
 */
export async function importedAs(
  hash: TrackedOutput['hash'],
  brought: BroughtData,
  cache: ObjectCache,
): Promise<ImportedContent> {
  const content = outputOf(await (hash === 'md5' ? modernOf : legacyOf)(brought, cache));
  const { md5, listing } = content;
  if (listing === undefined) return content;
  if (hash === 'md5') cache.insertBytes(Buffer.from(listing), md5);
  else await cache.receive(md5, hash, (target) => writeFile(target, listing));
  return content;
}
