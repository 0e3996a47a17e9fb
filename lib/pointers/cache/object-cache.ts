import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setMode } from '../../stores/bytes/set-mode.ts';
import { smallFileBuffer } from '../../stores/bytes/small-file.ts';
import type { UnfinishedFile } from '../../stores/bytes/unfinished-file.ts';
import { OBJECT_MODE } from '../../stores/bytes/verified-copy.ts';
import { createFreshFolders, MAX_WAITING_BYTES } from '../../stores/folder/fresh-folders.ts';
import { chmodGroup, makeFolder } from '../../stores/folder/group-folder.ts';
import type { DirEntry } from '../listings/dir-object.ts';
import { objectKey, type PointerHash } from '../object-key.ts';
import { putAside } from './cache-folder.ts';
import { readCacheNames } from './cache-names.ts';
import { type FileStamp, ownFileStamp, sameStamp } from './file-stamp.ts';
import { checkStillThere, md5OfBytes, readSmallFile, SMALL_FILE } from './hash-file.ts';
import { makeLink } from './make-link.ts';
import { createRecentBytes, type RecentBytes } from './recent-bytes.ts';
import { rescueObjects } from './rescue-objects.ts';
import { openStaging } from './staging.ts';
import { nameUnlessThere, objectWriter, protect, stageLargeFile, writing } from './write-object.ts';

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
  /** The same for one of many: others may find it only after `settle`. */
  insertSoon(bytes: Uint8Array, md5: string): void;
  /** Puts a file's bytes in place, hashed while they are copied, a small one's as `insertSoon`. Gives their address. */
  insertFile(path: string, stamp: FileStamp, onBytes?: (bytes: number) => void): Promise<string> | string;
  /** Gives everything its name that was inserted so far. */
  settle(): void;
  /** Puts the file itself in place, without a copy: it becomes read-only, and one inode with the object. Not where there is one by
   * that name (`there`), nor where the file system makes no such links (`refused`). Throws E_STORE_SOURCE_CHANGED for another file
   * than the one whose address it is. */
  insertLink(file: { readonly path: string; readonly stamp: FileStamp }, md5: string): 'kept' | 'there' | 'refused';
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
  /** Objects that this process brought, verified; for whoever places them next. */
  readonly recent: RecentBytes;
  /** Listings that were read, by their object's path: a command asks for the same one several times. */
  readonly listings: Map<string, readonly DirEntry[]>;
  /** Settles, and removes what is left of this process's unfinished work. */
  close(): void;
}

/** Folder in the cache for damaged objects; DVC's `gc` does not look into names longer than two letters. */
export const DAMAGED_FOLDER = 'assay-damaged';

/**
 * Opens a cache; its folders are made when first written to. Every object appears under its name whole (written under
 * another name, then renamed), so two processes at once, or one that is killed, leave nothing half.
 *
 * Small objects are not forced onto the disk one by one: that costs more than everything else together. What a power cut took
 * of one is found by its digest before it is used, unlike in DVC's cache; its data is still in the work tree or on the remote.
 *
 * @param shared `cache.shared = group`: folders that the whole group can write to
 */
export function openObjectCache(folder: string, { shared = false }: { readonly shared?: boolean } = {}): ObjectCache {
  const listings = new Map<string, readonly DirEntry[]>();
  const received = new Map<string, FileStamp>();
  const recent = createRecentBytes();
  const [buffer, other] = [smallFileBuffer(), smallFileBuffer()];
  const writeObject = objectWriter();
  /** Bytes of objects that are in folders without a name yet. */
  let waitingBytes = 0;
  const placeOf = (md5: string, hash: PointerHash = 'md5') => `${folder}/${objectKey(md5, hash)}`;
  const temporary = join(folder, 'assay-tmp');
  const staging = openStaging(temporary, (session) => rescueObjects(session, placeOf, shared), {
    // Whoever is the first of a group makes it for all of them.
    shared: shared ? [join(folder, 'files', 'md5'), temporary] : [],
  });
  const fresh = createFreshFolders((one) => staging.next(`-${one.slice(-2)}`), shared ? chmodGroup : undefined);
  const prefixOf = (md5: string, hash: PointerHash = 'md5') => placeOf(md5, hash).slice(0, 1 - md5.length);
  const namesOf = (hash: PointerHash) =>
    readCacheNames((md5) => {
      // Before the first look, for what a killed process has left.
      staging.tidy();
      return prefixOf(md5, hash);
    });
  const names = { md5: namesOf('md5'), 'md5-dos2unix': namesOf('md5-dos2unix') };

  /** Whoever asks where an object is may be about to read it. */
  function pathOf(md5: string, hash: PointerHash = 'md5'): string {
    if (waitingBytes > 0 && hash === 'md5') settleFresh(prefixOf(md5));
    return placeOf(md5, hash);
  }

  function settleFresh(prefix?: string): void {
    writing(prefix ?? folder, () => fresh.settle(prefix));
    if (prefix === undefined) waitingBytes = 0;
  }

  function found(md5: string, hash: PointerHash): FileStamp | undefined {
    return ownFileStamp(pathOf(md5, hash));
  }

  /** Gives a whole staged file its name. */
  function settle(staged: string, md5: string, hash: PointerHash): void {
    const prefix = prefixOf(md5, hash);
    const target = pathOf(md5, hash);
    writing(target, () => {
      if (!names[hash].hasFolder(md5)) makeFolder(prefix, shared);
      renameSync(staged, target);
    });
    names[hash].add(md5);
  }

  function forget(md5: string, hash: PointerHash): void {
    names[hash].delete(md5);
    listings.delete(pathOf(md5, hash));
  }

  function isIntact(md5: string, bytes: Uint8Array): boolean {
    const stamp = names.md5.has(md5) ? found(md5, 'md5') : undefined;
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
    writing(placeOf(md5, 'md5'), () => writeObject(staged, bytes, md5.endsWith('.dir')));
    settle(staged, md5, 'md5');
  }

  function insertSoon(bytes: Uint8Array, md5: string): void {
    if (isIntact(md5, bytes)) return;
    const standIn = writing(folder, () => fresh.standInFor(prefixOf(md5)));
    if (standIn === undefined) {
      insertBytes(bytes, md5);
      return;
    }
    const path = `${standIn}/${md5.slice(2)}`;
    try {
      writing(path, () => writeObject(path, bytes, false));
    } catch (error) {
      // Half an object must not get its name with the others.
      rmSync(path, { force: true });
      throw error;
    }
    names.md5.add(md5);
    waitingBytes += bytes.byteLength + 1;
    if (waitingBytes > MAX_WAITING_BYTES) settleFresh();
  }

  return {
    folder,
    listings,
    recent,
    pathOf,
    stampOf: (md5, hash = 'md5') => found(md5, hash),
    has: (md5, hash = 'md5') => names[hash].has(md5),
    insertBytes,
    insertSoon,
    settle: () => settleFresh(),
    insertFile(path, stamp, onBytes) {
      if (stamp.size > SMALL_FILE) {
        const staged = staging.next();
        return stageLargeFile(path, stamp, staged, onBytes).then((md5) => {
          settle(staged, md5, 'md5');
          return md5;
        });
      }
      const bytes = readSmallFile(path, stamp, buffer);
      const md5 = md5OfBytes(bytes, 'md5');
      insertSoon(bytes, md5);
      onBytes?.(bytes.byteLength);
      return md5;
    },
    insertLink(file, md5) {
      const staged = staging.next();
      const target = pathOf(md5);
      return writing(target, () => {
        if (makeLink('hardlink', file.path, staged, false) !== 'made') return 'refused';
        if (ownFileStamp(staged)?.ino !== file.stamp.ino) {
          // Another file by now, or every name has an inode of its own there (FUSE): then nothing is seen to be a link.
          rmSync(staged);
          checkStillThere(file);
          return 'refused';
        }
        checkStillThere(file, staged);
        protect(staged);
        if (!names.md5.hasFolder(md5)) makeFolder(prefixOf(md5), shared);
        const kept = nameUnlessThere(staged, target);
        names.md5.add(md5);
        return kept ? 'kept' : 'there';
      });
    },
    async receive(md5, hash, bring) {
      const staged = staging.next();
      const unfinished = staging.unfinished(`${hash}-${md5}`);
      const bytes = await Promise.resolve(bring(staged, unfinished)).catch((error: unknown) => {
        staging.leave(unfinished);
        throw error;
      });
      if (bytes instanceof Uint8Array) {
        recent.keep(md5, bytes);
        return md5.endsWith('.dir') ? insertBytes(bytes, md5) : insertSoon(bytes, md5);
      }
      writing(staged, () => setMode(staged, OBJECT_MODE));
      settle(staged, md5, hash);
      const stamp = found(md5, hash);
      if (stamp !== undefined) received.set(pathOf(md5, hash), stamp);
    },
    isReceived(md5, hash, stamp) {
      const known = received.get(pathOf(md5, hash));
      return known !== undefined && sameStamp(known, stamp);
    },
    setAside(md5, hash = 'md5') {
      const aside = putAside(pathOf(md5, hash), join(folder, DAMAGED_FOLDER), md5);
      if (aside) forget(md5, hash);
      return aside;
    },
    remove(md5, hash = 'md5') {
      writing(pathOf(md5, hash), () => rmSync(pathOf(md5, hash), { force: true }));
      forget(md5, hash);
    },
    close() {
      try {
        settleFresh();
      } catch {
        // Whoever relies on it has settled it before, and has heard of it.
      }
      staging.close();
    },
  };
}
