import { lstatSync } from 'node:fs';
import { MD5_ADDRESS, type PointerHash } from '../object-key.ts';
import { namesOf } from './cache-folder.ts';
import type { ObjectCache } from './object-cache.ts';

/** The objects that a cache holds, those of DVC 3 if not said otherwise, and when they last changed, milliseconds since 1970. */
export function cachedObjects(
  { folder: root }: ObjectCache,
  hash: PointerHash = 'md5',
): { readonly md5: string; readonly changedMs: number }[] {
  const folder = hash === 'md5' ? `${root}/files/md5` : root;
  const objects: { md5: string; changedMs: number }[] = [];
  for (const prefix of namesOf(folder)) {
    if (!/^[0-9a-f]{2}$/.test(prefix)) continue;
    for (const rest of namesOf(`${folder}/${prefix}`)) {
      const md5 = `${prefix}${rest}`;
      if (!MD5_ADDRESS.test(md5)) continue;
      const found = lstatSync(`${folder}/${prefix}/${rest}`, { throwIfNoEntry: false });
      if (found !== undefined) objects.push({ md5, changedMs: found.ctimeMs });
    }
  }
  return objects;
}
