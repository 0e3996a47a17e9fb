import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { AssayError, assayError, messageOf } from '../errors.ts';
import { digestOnly, type FileDigest } from './describe-data.ts';
import type { LinkType } from './dvc-config.ts';
import { makeLink } from './make-link.ts';
import type { ObjectCache } from './object-cache.ts';
import { beforeCopy } from './place-object.ts';
import type { ScannedFile } from './scan-tree.ts';
import type { Staging } from './staging.ts';
import type { StatScope } from './stat-cache.ts';
import { writing } from './write-object.ts';

export interface KeepPorts {
  readonly cache: ObjectCache;
  readonly types: readonly LinkType[];
  /** On the work tree's disk. */
  readonly staging: Staging;
}

/**
 * Gives files their address and keeps their bytes in the cache on the way: read once, hashed and copied. Where `cache.type`
 * begins with a link, the file itself moves into the cache and the work tree gets the link, so nothing is there twice.
 */
export function keepingDigest({ cache, types, staging }: KeepPorts): FileDigest {
  const hashOnly = digestOnly('md5');
  // A clone is a file of its own: the work tree's stays. Where nothing can be cloned, the next kind of link is meant.
  let [first, next] = beforeCopy(types);
  let linking = first !== undefined;
  const settleKind = (path: string): void => {
    if (first !== 'reflink') return;
    if (next === undefined || makesClones(path, staging)) linking = false;
    [first, next] = [next, undefined];
  };
  const keepLinked: FileDigest = async (file, onBytes) => {
    const md5 = await hashOnly(file, onBytes);
    if (intoCache(file, md5, cache)) {
      if (first === 'symlink') replaceByLink(file.path, cache.pathOf(md5), staging);
      return md5;
    }
    linking = false;
    return cache.insertFile(file.path, file.stamp);
  };
  // A link leads to an object already, or to a file of the user's that must not become one.
  return (file, onBytes) => {
    if (linking) settleKind(file.path);
    return !linking || file.link || file.stamp.size === 0
      ? cache.insertFile(file.path, file.stamp, onBytes)
      : keepLinked(file, onBytes);
  };
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

/** Whether this file system clones files; tried with one. */
function makesClones(path: string, staging: Staging): boolean {
  const staged = staging.next();
  if (!writing(staged, () => makeLink('reflink', path, staged, false))) return false;
  rmSync(staged);
  return true;
}

/** False where the cache is on another disk. */
function intoCache(file: ScannedFile, md5: string, cache: ObjectCache): boolean {
  try {
    cache.insertLink(file.path, md5);
    return true;
  } catch (error) {
    if (error instanceof AssayError && error.cause instanceof Error && 'code' in error.cause) {
      if (error.cause.code === 'EXDEV' || error.cause.code === 'EPERM' || error.cause.code === 'EMLINK') return false;
    }
    throw error;
  }
}

function replaceByLink(path: string, object: string, staging: Staging): void {
  try {
    const staged = staging.next();
    symlinkSync(object, staged);
    renameSync(staged, path);
  } catch (error) {
    throw assayError('E_STORE_WRITE', { path, reason: messageOf(error) }, error);
  }
}
