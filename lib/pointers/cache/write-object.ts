import { closeSync, constants, fstatSync, fsyncSync, linkSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { AssayError, assayError, hasCode, messageOf } from '../../errors.ts';
import { setMode } from '../../stores/bytes/set-mode.ts';
import { READ_AT_ONCE } from '../../stores/bytes/small-file.ts';
import { OBJECT_MODE } from '../../stores/bytes/verified-copy.ts';
import { systemCode } from '../../system-code.ts';
import { type FileStamp, sameStamp, stampOf } from './file-stamp.ts';
import { checkUnchanged, md5OfLargeFile } from './hash-file.ts';
import { makeLink } from './make-link.ts';

/** Writes bytes to a new file with the mode of objects. `durable`: they are on the disk when it is done. */
export type WriteObject = (path: string, bytes: Uint8Array, durable: boolean) => void;

/** For one cache: what is learned of its file system at the first object holds for all. */
export function objectWriter(): WriteObject {
  /** Whether new files get the mode that they are made with, once that was looked at. */
  let keepsMode: boolean | undefined;
  return (path, bytes, durable) => {
    const handle = openSync(path, 'wx', OBJECT_MODE);
    try {
      for (let at = 0; at < bytes.byteLength; ) at += writeSync(handle, bytes, at);
      // The process's umask may take bits away, or the folder's own list of access rights: the same for all files in it.
      keepsMode ??= (fstatSync(handle).mode & 0o777) === OBJECT_MODE;
      if (!keepsMode) setMode(handle, OBJECT_MODE);
      if (durable) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  };
}

/**
 * Copies a large file to a new one with the mode of objects, hashed on the way, and onto the disk. Gives its address. Where the
 * file system clones files (btrfs, XFS, APFS), its bytes are there once, as with DVC.
 *
 * @throws E_STORE_WRITE, E_STORE_READ, E_STORE_SOURCE_CHANGED; nothing is left then
 */
export async function stageLargeFile(
  path: string,
  stamp: FileStamp,
  staged: string,
  onBytes?: (bytes: number) => void,
): Promise<string> {
  return isCloned(path, stamp, staged)
    ? finishClone(path, stamp, staged, onBytes)
    : stageCopy(path, stamp, staged, onBytes);
}

/** False too where something is wrong with the file or the disk: the copy that is made instead says what. */
function isCloned(path: string, stamp: FileStamp, staged: string): boolean {
  try {
    // A pipe that somebody put in its place would be waited for.
    return sameStamp(stampOf(statSync(path)), stamp) && makeLink('reflink', path, staged, false) === 'made';
  } catch {
    return false;
  }
}

/** Nobody else writes to a clone: it is what the file was when it was made. */
async function finishClone(
  path: string,
  stamp: FileStamp,
  staged: string,
  onBytes: ((bytes: number) => void) | undefined,
): Promise<string> {
  try {
    const now = writing(staged, () => stampOf(statSync(path)));
    checkUnchanged(path, stamp, now, now.size);
    writing(staged, () => forceOntoDisk(staged));
    return await md5OfLargeFile(staged, stampOf(statSync(staged)), { hash: 'md5', onBytes });
  } catch (error) {
    rmSync(staged, { force: true });
    throw error;
  }
}

/** A file of ours, as an object. */
function forceOntoDisk(path: string): void {
  const handle = openSync(path, READ_AT_ONCE);
  try {
    setMode(handle, OBJECT_MODE);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

async function stageCopy(
  path: string,
  stamp: FileStamp,
  staged: string,
  onBytes: ((bytes: number) => void) | undefined,
): Promise<string> {
  const file = await open(staged, 'wx', OBJECT_MODE).catch((error: unknown) => {
    throw unwritable(staged, error);
  });
  try {
    const write = async (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
    };
    const onChunk = (chunk: Buffer) => write(chunk).catch((error) => Promise.reject(unwritable(staged, error)));
    const md5 = await md5OfLargeFile(path, stamp, { hash: 'md5', onBytes, onChunk });
    setMode(file.fd, OBJECT_MODE);
    await file.sync();
    return md5;
  } catch (error) {
    rmSync(staged, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Makes a file that is to be an object read-only. @throws what the file system says, also of a symbolic link */
export function protect(path: string): void {
  const handle = openSync(path, READ_AT_ONCE | constants.O_NOFOLLOW);
  try {
    setMode(handle, OBJECT_MODE);
  } finally {
    closeSync(handle);
  }
}

/**
 * Moves a file to its name. Unlike a renaming it leaves one that is there, and that one's other names: false. `staged` is gone
 * then as well.
 */
export function nameUnlessThere(staged: string, target: string): boolean {
  try {
    linkSync(staged, target);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(staged);
  }
}

/** What a file system refuses, as an error of the catalogue. @throws E_STORE_WRITE, and what `action` throws of the catalogue */
export function writing<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof AssayError ? error : unwritable(path, error);
  }
}

export function unwritable(path: string, error: unknown): Error {
  return assayError('E_STORE_WRITE', { path, reason: messageOf(error) }, error);
}

/** Whether a folder was not moved because one that is not empty is there by now. */
export function isInTheWay(error: unknown): boolean {
  const cause = hasCode(error, 'E_STORE_WRITE') ? error.cause : undefined;
  return ['ENOTEMPTY', 'EEXIST'].includes(systemCode(cause) ?? '');
}
