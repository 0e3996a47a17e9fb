import { digestOnly } from '../checkout/describe-data.ts';
import type { DataObject } from '../outputs/output-objects.ts';
import type { ObjectCache } from './object-cache.ts';

/** Whether the cache has an object and its bytes are what its name says; they are read. A damaged one is set aside. */
export async function intactObject({ md5, hash }: DataObject, cache: ObjectCache): Promise<boolean> {
  const stamp = cache.stampOf(md5, hash);
  if (stamp === undefined) return false;
  const listing = md5.endsWith('.dir');
  const digest = digestOnly(listing ? 'md5' : hash);
  const actual = await digest({ relpath: md5, path: cache.pathOf(md5, hash), stamp, link: false }, () => {});
  if (`${actual}${listing ? '.dir' : ''}` === md5) return true;
  cache.setAside(md5, hash);
  return false;
}
