import { assayError } from '../errors.ts';

/** Words of safe characters, one for each folder and then the object: nothing that a path or a tree could read otherwise. */
const KEY = /^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

/** Returns `key` when every segment is a plain word; keys come from digests, so anything else is a defect. @throws E_STORE_KEY */
export function checkStoreKey(key: string): string {
  if (!KEY.test(key)) throw assayError('E_STORE_KEY', { key });
  return key;
}
