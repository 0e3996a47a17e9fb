import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssayError, assayError, messageOf } from '../../errors.ts';
import { systemCode } from '../../system-code.ts';
import { removeQuietly } from '../folder/remove-quietly.ts';
import { bytesMismatch } from './content-digest.ts';
import { makeFolders } from './make-folders.ts';
import { setMode } from './set-mode.ts';
import { SMALL_FILE_BYTES } from './small-file.ts';
import { OBJECT_MODE, type VerifiedCopy } from './verified-copy.ts';

/** Objects up to this many bytes go through memory whole. */
export const SMALL_OBJECT = SMALL_FILE_BYTES;

export interface VerifiedBytes extends Omit<VerifiedCopy, 'source'> {
  readonly bytes: Uint8Array;
  /** Force them onto the disk: so many small files one by one cost more than everything else together. */
  readonly durable?: boolean;
  /**
   * Where it is written first, in the same folder; a name by chance when left out. The target itself where nobody finds it
   * there yet.
   */
  readonly temporary?: string;
  /** Files that are made in this folder are known to get the mode that they are made with. */
  readonly keepsMode?: boolean;
}

/**
 * Writes a small object that appears under its name only whole and verified, as `copyVerified` does. Unless `durable`, a
 * power cut may take its bytes, as with DVC; unlike there its digest tells before it is used.
 *
 * @throws what `mismatch` makes, E_STORE_WRITE; the target is then as it was
 */
export function placeVerified({
  bytes,
  target,
  expected,
  mode,
  mismatch,
  durable = false,
  temporary = join(dirname(target), `.${randomBytes(12).toString('hex')}.tmp`),
  keepsMode = false,
}: VerifiedBytes): void {
  const found = bytesMismatch(expected, bytes);
  if (found !== undefined) throw mismatch(found);
  try {
    const handle = openNew(temporary, mode);
    try {
      for (let at = 0; at < bytes.byteLength; ) at += writeSync(handle, bytes, at);
      // The process's umask may have taken bits away.
      if (mode === OBJECT_MODE && !keepsMode && (fstatSync(handle).mode & 0o777) !== mode) setMode(handle, mode);
      if (durable) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (temporary !== target) renameSync(temporary, target);
  } catch (error) {
    removeQuietly(temporary);
    if (error instanceof AssayError) throw error;
    throw assayError('E_STORE_WRITE', { path: target, reason: messageOf(error) }, error);
  }
}

/** Opens a new file; its folder is made only where it is missing, which is rare. */
function openNew(path: string, mode: number): number {
  try {
    return openSync(path, 'wx', mode);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    makeFolders(dirname(path));
    return openSync(path, 'wx', mode);
  }
}
