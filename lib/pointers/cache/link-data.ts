import { rmSync, symlinkSync } from 'node:fs';
import { AssayError } from '../../errors.ts';
import { setMode } from '../../stores/bytes/set-mode.ts';
import { OBJECT_MODE } from '../../stores/bytes/verified-copy.ts';
import { digestOnly, type FileDigest } from '../checkout/describe-data.ts';
import { moveInto } from '../checkout/move-into.ts';
import type { ScannedFile } from '../checkout/scan-tree.ts';
import type { WorkStaging } from '../checkout/work-staging.ts';
import type { LinkType } from '../config/dvc-config.ts';
import { isOneFile } from './file-stamp.ts';
import { checkStillThere } from './hash-file.ts';
import { keepingDigest } from './keep-data.ts';
import { makeLink } from './make-link.ts';
import type { ObjectCache } from './object-cache.ts';
import { beforeCopy, type ObjectPlacer } from './place-object.ts';
import { writing } from './write-object.ts';

export interface LinkPorts {
  readonly cache: ObjectCache;
  readonly types: readonly LinkType[];
  /** Makes links of these types. */
  readonly placer: ObjectPlacer;
  /** On the work tree's disks. */
  readonly staging: WorkStaging;
}

const WRITABLE = 0o222;

/**
 * As `keepingDigest`, for a `cache.type` that begins with a link: the file itself moves into the cache and the work tree gets
 * the link, so nothing is there twice. A file whose bytes the cache has becomes a link to those, which others may share.
 */
export function linkingDigest({ cache, types, placer, staging }: LinkPorts): FileDigest {
  const hashOnly = digestOnly('md5');
  const copy = keepingDigest(cache);
  // A clone is a file of its own: the work tree's stays. Where nothing can be cloned, the next kind of link is meant.
  let [first, next] = beforeCopy(types);
  let linking = first !== undefined;
  const settleKind = (path: string): void => {
    if (first !== 'reflink') return;
    if (next === undefined || makesClones(path, staging)) linking = false;
    [first, next] = [next, undefined];
  };

  /** False where the cache has no such bytes. */
  async function linkTo(md5: string, file: ScannedFile): Promise<boolean> {
    // Most are new: the names of a folder are read once.
    const object = cache.has(md5) ? cache.stampOf(md5) : undefined;
    if (object === undefined) return false;
    if (object.ino === file.stamp.ino && isOneFile(cache.pathOf(md5), file.path)) {
      // Linked before. Whoever made it writable has seen that it was safe; from now on it is not.
      if ((object.mode & WRITABLE) !== 0) writing(file.path, () => setMode(file.path, OBJECT_MODE));
      return true;
    }
    const staged = staging.nextTo(file.path);
    try {
      await placer.make({ md5, hash: 'md5', isexec: false }, staged);
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      if (error.code === 'E_CACHE_MISSING' || error.code === 'E_CACHE_CORRUPT') return false;
      // On another disk, and copies are not wanted: the file is as good.
      if (error.code === 'E_LINK_TYPE') return true;
      throw error;
    }
    checkStillThere(file);
    writing(file.path, () => moveInto(staged, file.path));
    return true;
  }

  async function keepLinked(file: ScannedFile, onBytes: (bytes: number) => void): Promise<string> {
    const md5 = await hashOnly(file, onBytes);
    if (await linkTo(md5, file)) return md5;
    const moved = cache.insertLink(file, md5);
    if (moved === 'kept') {
      if (first === 'symlink') replaceByLink(file, cache.pathOf(md5), staging);
      return md5;
    }
    // Another process has put it there since, which gives the same link.
    if (moved === 'there' && (await linkTo(md5, file))) return md5;
    if (moved === 'refused') linking = false;
    return copy(file, () => {});
  }

  // A link leads to an object already, or to a file of the user's that must not become one.
  return (file, onBytes) => {
    if (linking) settleKind(file.path);
    return !linking || file.link || file.stamp.size === 0 ? copy(file, onBytes) : keepLinked(file, onBytes);
  };
}

/** Whether this file system clones files; tried with one. */
function makesClones(path: string, staging: WorkStaging): boolean {
  const staged = staging.nextTo(path);
  if (writing(staged, () => makeLink('reflink', path, staged, false)) !== 'made') return false;
  rmSync(staged);
  return true;
}

function replaceByLink(file: ScannedFile, object: string, staging: WorkStaging): void {
  writing(file.path, () => {
    const staged = staging.nextTo(file.path);
    symlinkSync(object, staged);
    checkStillThere(file);
    moveInto(staged, file.path);
  });
}
