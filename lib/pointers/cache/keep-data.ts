import type { FileDigest } from '../checkout/describe-data.ts';
import type { ObjectCache } from './object-cache.ts';
import type { StatScope } from './stat-cache.ts';

/** Gives files their address and keeps their bytes in the cache on the way: read once, hashed and copied. */
export function keepingDigest(cache: ObjectCache): FileDigest {
  return (file, onBytes) => cache.insertFile(file.path, file.stamp, onBytes);
}

/** Addresses that are remembered, of objects that the cache still has. */
export function keptIn(scope: StatScope, cache: ObjectCache): StatScope {
  return {
    ...scope,
    get(path, stamp) {
      const md5 = scope.get(path, stamp);
      return md5 !== undefined && cache.has(md5) ? md5 : undefined;
    },
  };
}
