import type { ExpectedContent } from '../stores/bytes/content-digest.ts';
import { MAX_DIR_OBJECT_BYTES } from './listings/dir-object.ts';
import type { PointerHash } from './object-key.ts';

/**
 * Bytes by which data may be larger than their pointer says, 1 GiB. The digest decides what they are, and a size is at times left
 * behind when a conflict is resolved by hand; but a store that sends without end must not fill the disk.
 */
export const SIZE_SLACK_BYTES = 1024 ** 3;

/**
 * What the bytes of an object have to be that a pointer or a listing names.
 *
 * @param md5 `<32 hex>`, with `.dir` for a listing
 * @param outputBytes size of the whole output, where its pointer says it: no file of it is larger
 */
export function expectedObject(md5: string, hash: PointerHash, outputBytes: number | undefined): ExpectedContent {
  if (md5.endsWith('.dir')) return { md5: md5.slice(0, -'.dir'.length), atMost: MAX_DIR_OBJECT_BYTES };
  return { md5, hash, atMost: outputBytes === undefined ? undefined : outputBytes + SIZE_SLACK_BYTES };
}
