import {
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { AssayError, assayError, messageOf } from '../errors.ts';
import { smallFileBuffer } from '../stores/small-file.ts';
import type { UnfinishedFile } from '../stores/unfinished-file.ts';
import { OBJECT_MODE } from '../stores/verified-copy.ts';
import { chmodGroup, namesOf } from './cache-folder.ts';
import type { DirEntry } from './dir-object.ts';
import { type FileStamp, sameStamp, stampOf } from './file-stamp.ts';
import { md5OfBytes, md5OfLargeFile, readSmallFile, SMALL_FILE } from './hash-file.ts';
import { objectKey, type PointerHash } from './object-key.ts';
import { openStaging } from './staging.ts';

/** DVC's local cache: `files/md5/ab/cdef…`, and `ab/cdef…` for what DVC 2 left there. */
export interface ObjectCache {
  readonly folder: string;
  pathOf(md5: string, hash?: PointerHash): string;
  /** Stamp of an object; undefined when there is none. Says nothing about its bytes. */
  stampOf(md5: string, hash?: PointerHash): FileStamp | undefined;
  /** Whether there is an object by that name. Reads folders instead of looking at every object. */
  has(md5: string, hash?: PointerHash): boolean;
  /** Puts bytes in place under their address, unless the same ones are there. */
  insertBytes(bytes: Uint8Array, md5: string): void;
  /** Puts a file's bytes in place, hashed while they are copied. Gives their address. */
  insertFile(path: string, stamp: FileStamp, onBytes?: (bytes: number) => void): Promise<string>;
  /** Puts the file itself in place, without a copy: it becomes read-only, and one inode with the object. */
  insertLink(path: string, md5: string): void;
  /** Puts in place what `bring` writes, whole and verified, to the path that it is given, or the bytes that it gives instead.
   * A file beside it may hold what an interrupted call brought, and keeps what this one brings if it fails. */
  receive(
    md5: string,
    hash: PointerHash,
    bring: (path: string, unfinished: UnfinishedFile) => Promise<Uint8Array | undefined> | Promise<void>,
  ): Promise<void>;
  /** Whether this process brought the object, verified, and it is still that file. */
  isReceived(md5: string, hash: PointerHash, stamp: FileStamp): boolean;
  /** Takes a damaged object out of use. It may be the only copy of an edit made through a link, so it is kept aside. False where
   * the cache cannot be written to. */
  setAside(md5: string, hash?: PointerHash): boolean;
  remove(md5: string, hash?: PointerHash): void;
  /** Listings that were read, by their object's path: a command asks for the same one several times. */
  readonly listings: Map<string, readonly DirEntry[]>;
  /** Removes what is left of this process's unfinished work. */
  close(): void;
}

/** Folder in the cache for damaged objects; DVC's `gc` does not look into names longer than two letters. */
const ASIDE = 'assay-damaged';

/**
 * Opens a cache; its folders are made when first written to. Every object appears under its name whole (written under
 * another name, then renamed), so two processes at once, or one that is killed, leave nothing half.
 *
 * Small objects are not forced onto the disk one by one: that costs more than everything else together. After a power
 * cut one may have lost its bytes, as with DVC; unlike there it is found by its digest before it is used, and the data
 * that it was copied from is still in the work tree or the remote.
 *
 * @param shared `cache.shared = group`: folders that the whole group can write to
 */
export function openObjectCache(folder: string, { shared = false }: { readonly shared?: boolean } = {}): ObjectCache {
  const staging = openStaging(join(folder, 'assay-tmp'));
  const names = { md5: new Map<string, Set<string>>(), 'md5-dos2unix': new Map<string, Set<string>>() };
  const listings = new Map<string, readonly DirEntry[]>();
  const received = new Map<string, FileStamp>();
  const [buffer, other] = [smallFileBuffer(), smallFileBuffer()];
  /** Whether files of the staging folder get the mode that they are made with, once that was looked at. */
  let keepsMode: boolean | undefined;
  const pathOf = (md5: string, hash: PointerHash = 'md5') => `${folder}/${objectKey(md5, hash)}`;
  const prefixOf = (md5: string, hash: PointerHash) => pathOf(md5, hash).slice(0, 1 - md5.length);

  /** Names in one of the cache's folders, without the two letters that are the folder's. */
  function namesIn(md5: string, hash: PointerHash): Set<string> {
    const prefix = md5.slice(0, 2);
    let known = names[hash].get(prefix);
    if (known === undefined) {
      known = new Set(namesOf(prefixOf(md5, hash)));
      names[hash].set(prefix, known);
    }
    return known;
  }

  function found(md5: string, hash: PointerHash): FileStamp | undefined {
    const stats = lstatSync(pathOf(md5, hash), { bigint: true, throwIfNoEntry: false });
    return stats?.isFile() ? stampOf(stats) : undefined;
  }

  const listed = (md5: string, hash: PointerHash) => namesIn(md5, hash).has(md5.slice(2));

  /** Gives a whole staged file its name. */
  function settle(staged: string, md5: string, hash: PointerHash): void {
    const prefix = prefixOf(md5, hash);
    const known = namesIn(md5, hash);
    writing(pathOf(md5, hash), () => {
      if (known.size === 0) {
        const made = mkdirSync(prefix, { recursive: true });
        if (made !== undefined && shared) chmodGroup(prefix);
      }
      renameSync(staged, pathOf(md5, hash));
    });
    known.add(md5.slice(2));
  }

  function forget(md5: string, hash: PointerHash): void {
    names[hash].get(md5.slice(0, 2))?.delete(md5.slice(2));
    listings.delete(pathOf(md5, hash));
  }

  function isIntact(md5: string, bytes: Uint8Array): boolean {
    const stamp = listed(md5, 'md5') ? found(md5, 'md5') : undefined;
    if (stamp?.size !== bytes.byteLength) return false;
    if (stamp.size > SMALL_FILE) return md5OfBytes(bytes, 'md5') === md5.slice(0, 32);
    try {
      return readSmallFile(pathOf(md5), stamp, other).equals(bytes);
    } catch {
      return false;
    }
  }

  function insertBytes(bytes: Uint8Array, md5: string): void {
    if (isIntact(md5, bytes)) return;
    const staged = staging.next();
    writing(pathOf(md5), () => {
      const handle = openSync(staged, 'wx', OBJECT_MODE);
      try {
        for (let at = 0; at < bytes.byteLength; ) at += writeSync(handle, bytes, at);
        // The process's umask may take bits away, or the folder's own list of access rights: the same for all files in it.
        keepsMode ??= (fstatSync(handle).mode & 0o777) === OBJECT_MODE;
        if (!keepsMode) fchmodSync(handle, OBJECT_MODE);
        if (md5.endsWith('.dir')) fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    });
    settle(staged, md5, 'md5');
  }

  async function insertLarge(path: string, stamp: FileStamp, onBytes?: (bytes: number) => void): Promise<string> {
    const staged = staging.next();
    const file = await open(staged, 'wx', OBJECT_MODE).catch((error: unknown) => {
      throw unwritable(staged, error);
    });
    let md5: string;
    try {
      const write = async (chunk: Buffer) => {
        for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
      };
      const onChunk = (chunk: Buffer) => write(chunk).catch((error) => Promise.reject(unwritable(folder, error)));
      md5 = await md5OfLargeFile(path, stamp, { hash: 'md5', onBytes, onChunk });
      await file.chmod(OBJECT_MODE);
      await file.sync();
    } catch (error) {
      rmSync(staged, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    settle(staged, md5, 'md5');
    return md5;
  }

  return {
    folder,
    listings,
    pathOf,
    stampOf: (md5, hash = 'md5') => found(md5, hash),
    has: (md5, hash = 'md5') => listed(md5, hash),
    insertBytes,
    async insertFile(path, stamp, onBytes) {
      if (stamp.size > SMALL_FILE) return insertLarge(path, stamp, onBytes);
      const bytes = readSmallFile(path, stamp, buffer);
      const md5 = md5OfBytes(bytes, 'md5');
      insertBytes(bytes, md5);
      onBytes?.(bytes.byteLength);
      return md5;
    },
    insertLink(path, md5) {
      const staged = staging.next();
      writing(pathOf(md5), () => {
        linkSync(path, staged);
        const handle = openSync(staged, 'r');
        try {
          fchmodSync(handle, OBJECT_MODE);
        } finally {
          closeSync(handle);
        }
      });
      settle(staged, md5, 'md5');
    },
    async receive(md5, hash, bring) {
      const staged = staging.next();
      const unfinished = staging.unfinished(`${hash}-${md5}`);
      const bytes = await Promise.resolve(bring(staged, unfinished)).catch((error: unknown) => {
        staging.leave(unfinished);
        throw error;
      });
      if (bytes instanceof Uint8Array) return insertBytes(bytes, md5);
      writing(staged, () => chmodSync(staged, OBJECT_MODE));
      settle(staged, md5, hash);
      const stamp = found(md5, hash);
      if (stamp !== undefined) received.set(pathOf(md5, hash), stamp);
    },
    isReceived(md5, hash, stamp) {
      const known = received.get(pathOf(md5, hash));
      return known !== undefined && sameStamp(known, stamp);
    },
    setAside(md5, hash = 'md5') {
      try {
        mkdirSync(join(folder, ASIDE), { recursive: true });
        renameSync(pathOf(md5, hash), join(folder, ASIDE, md5));
      } catch {
        // What matters more is that the object is damaged, and that whoever asked says so.
        return false;
      }
      forget(md5, hash);
      return true;
    },
    remove(md5, hash = 'md5') {
      writing(pathOf(md5, hash), () => rmSync(pathOf(md5, hash), { force: true }));
      forget(md5, hash);
    },
    close: () => staging.close(),
  };
}

function writing(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw error instanceof AssayError ? error : unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): Error {
  return assayError('E_STORE_WRITE', { path, reason: messageOf(error) }, error);
}
