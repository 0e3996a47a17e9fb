import { assayError } from '../../errors.ts';
import { dirAddress, renderDirObject } from '../../pointers/dir-object.ts';
import type { ObjectCache } from '../../pointers/object-cache.ts';
import type { TrackedOutput } from '../../pointers/tracked-output.ts';

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
    const stamp = cache.stampOf(md5, brought.hash);
    if (stamp === undefined) throw assayError('E_CACHE_MISSING', { object: md5 });
    files.push({ relpath, md5: await cache.insertFile(cache.pathOf(md5, brought.hash), stamp) });
  }
  return { ...brought, hash: 'md5', files };
}

/** Brought data as the output that it becomes. */
export function outputOf({ files, md5, size, isexec }: BroughtData) {
  const folder = !(files.length === 1 && files[0]?.relpath === '');
  if (!folder) return { folder, md5: files[0]?.md5 ?? md5, size, isexec };
  const listing = renderDirObject(files);
  return { folder, md5: dirAddress(listing), size, isexec: false, nfiles: files.length, listing };
}
