import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync, type Stats, statSync } from 'node:fs';
import { assayError, messageOf } from '../../errors.ts';
import { placeVerified, SMALL_OBJECT } from '../bytes/place-verified.ts';
import { wholeFile } from '../bytes/reading.ts';
import { readSmallBytes, smallFileBuffer } from '../bytes/small-file.ts';
import { OBJECT_MODE } from '../bytes/verified-copy.ts';
import { sourceTitle } from '../source-title.ts';
import type { StoreObject, TransferOptions } from '../store.ts';
import { createFreshFolders, MAX_WAITING_BYTES } from './fresh-folders.ts';
import { removeIfEmpty } from './remove-if-empty.ts';

/** Writes small objects of a store in a folder. */
export interface SmallObjectWriter {
  /**
   * Writes an object in one go; it may have its name only after `settle`. False where it is there already, undefined where it is
   * not small, or no file as others.
   *
   * @param there whether something has its name
   * @throws E_STORE_SOURCE_CHANGED, E_STORE_READ, E_STORE_WRITE
   */
  write(object: StoreObject, target: string, there: boolean): boolean | undefined;
  /** Gives everything its name that was written so far. @throws E_STORE_WRITE */
  settle(): void;
}

/** Folders without a name yet that a killed process left are taken for dead after this. Milliseconds: two days. */
const STALE_MS = 2 * 24 * 60 * 60 * 1000;
/**
 * Where they are, below the store's root. Hidden, as lists leave out what is hidden; DVC looks into folders with names of two
 * letters only.
 */
const STAND_INS = '.assay-tmp';
/** Their names. */
const STAND_IN = /^[0-9a-f]{24}-[0-9a-f]+$/;

/** @param root the store's */
export function smallObjectWriter(root: string, { signal, onBytes }: TransferOptions): SmallObjectWriter {
  /** Names of files under way; DVC's own have the same form. */
  const token = randomBytes(12).toString('hex');
  let writes = 0;
  /** Folders that a file was made in: what holds of its mode holds of the next one's. */
  const madeIn = new Set<string>();
  const standIns = `${root}/${STAND_INS}`;
  let swept = false;
  let waitingBytes = 0;
  let buffer: Buffer | undefined;
  const fresh = createFreshFolders(
    () => `${standIns}/${token}-${(writes++).toString(16)}`,
    (made) => {
      if (!swept) sweep(standIns, statSync(made).mtimeMs);
      swept = true;
    },
  );

  function settle(): void {
    waitingBytes = 0;
    try {
      fresh.settle();
      // Other processes may be using it.
      if (swept) removeIfEmpty(standIns);
      swept = false;
    } catch (error) {
      const path = error instanceof Error && 'path' in error ? String(error.path) : '';
      throw assayError('E_STORE_WRITE', { path, reason: messageOf(error) }, error);
    }
  }

  function standInFor(folder: string): string | undefined {
    try {
      return fresh.standInFor(folder);
    } catch (error) {
      throw assayError('E_STORE_WRITE', { path: folder, reason: messageOf(error) }, error);
    }
  }

  return {
    write(object, target, there) {
      const { expected, source, key } = object;
      if (expected.size > SMALL_OBJECT) return undefined;
      signal?.throwIfAborted();
      buffer ??= smallFileBuffer();
      // To open a pipe and close it would end its writer.
      if ('file' in source && source.regular !== true && statsOf(source.file) === undefined) return undefined;
      const size = 'file' in source && source.regular === true ? expected.size : undefined;
      const bytes = 'bytes' in source ? source.bytes : readSmallBytes(source.file, buffer, { size });
      if (typeof bytes === 'string') return undefined;
      if (there && statsOf(target)?.size === bytes.byteLength && wholeFile(target).equals(bytes)) return false;
      const folder = parentOf(target);
      // A listing promises that its files are there: it does not come back from a power cut by luck.
      const durable = key.endsWith('.dir');
      const standIn = there || durable ? undefined : standInFor(folder);
      const place = standIn === undefined ? target : `${standIn}${target.slice(folder.length)}`;
      placeVerified({
        bytes,
        target: place,
        expected,
        mode: OBJECT_MODE,
        mismatch: (found) => assayError('E_STORE_SOURCE_CHANGED', { source: sourceTitle(object), ...found }),
        temporary: standIn === undefined ? `${folder}/.${token}${(writes++).toString(16)}.tmp` : place,
        keepsMode: madeIn.has(folder),
        durable,
      });
      madeIn.add(folder);
      onBytes?.(bytes.byteLength, key);
      waitingBytes += standIn === undefined ? 0 : bytes.byteLength;
      if (waitingBytes > MAX_WAITING_BYTES) settle();
      return true;
    },
    settle,
  };
}

/** @param nowMs by the clock of that file system */
function sweep(folder: string, nowMs: number): void {
  for (const name of readdirSync(folder)) {
    if (!STAND_IN.test(name)) continue;
    const path = `${folder}/${name}`;
    const left = lstatSync(path, { throwIfNoEntry: false });
    if (left === undefined || nowMs - left.mtimeMs < STALE_MS) continue;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Another process removes it at the same time, or it is somebody else's.
    }
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Of a file; undefined where there is none. */
export function statsOf(path: string): Stats | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? stats : undefined;
  } catch {
    // A part of the path is a file, or not to be looked into: writing there says what is wrong.
    return undefined;
  }
}
