import { closeSync, fstatSync, lstatSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { AssayError, assayError } from '../../errors.ts';
import { refusesModes, setMode } from '../../stores/bytes/set-mode.ts';
import { readSmallBytes, smallFileBuffer } from '../../stores/bytes/small-file.ts';
import { systemCode } from '../../system-code.ts';
import type { LinkType } from '../config/dvc-config.ts';
import type { PointerHash } from '../object-key.ts';
import { type FileStamp, sameStamp, stampOf } from './file-stamp.ts';
import { md5OfBytes, md5OfLargeFile, readSmallFile, SMALL_FILE } from './hash-file.ts';
import { type MadeLink, makeLink } from './make-link.ts';
import type { ObjectCache } from './object-cache.ts';
import type { StatScope } from './stat-cache.ts';
import { unwritable, writing } from './write-object.ts';

export interface WantedFile {
  /** 32 hex digits. */
  readonly md5: string;
  readonly hash: PointerHash;
  readonly isexec: boolean;
}

/** Makes files of the work tree from the cache's objects. */
export interface ObjectPlacer {
  /**
   * Makes `target`, where nothing is yet, the object's bytes. They are verified: an object that is not what its name
   * says is set aside, and nothing is left at `target`. Gives the stamp of what was made.
   *
   * @throws E_CACHE_MISSING, E_CACHE_CORRUPT, E_LINK_TYPE, E_STORE_READ, E_STORE_WRITE
   */
  make(wanted: WantedFile, target: string): Promise<FileStamp>;
}

/** `unsuited`: this file is better copied. */
type Linked = MadeLink | 'unsuited';

/** Files of a work tree, before the umask. */
const PLAIN = 0o666;
const EXECUTABLE = 0o777;
/** Looks at an object that is another file each time. */
const MAX_LOOKS = 3;

export interface PlacerOptions {
  readonly types: readonly LinkType[];
  /** Objects that were verified before and did not change since: a link to one needs no reading. */
  readonly verified: StatScope;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export function openPlacer(cache: ObjectCache, { types, verified, onBytes = () => {} }: PlacerOptions): ObjectPlacer {
  const buffer = smallFileBuffer();
  /** Kinds that this file system turned down once. */
  const refused = new Set<LinkType>();
  let plainMode: number | undefined;
  const linksAfter = beforeCopy(types).some((type) => type !== 'reflink');

  function objectOf({ md5, hash }: WantedFile): { path: string; stamp: FileStamp } {
    const stamp = cache.stampOf(md5, hash);
    if (stamp === undefined) throw assayError('E_CACHE_MISSING', { object: md5 });
    return { path: cache.pathOf(md5, hash), stamp };
  }

  function corrupt({ md5, hash }: WantedFile, actual: string): AssayError {
    return assayError('E_CACHE_CORRUPT', { object: md5, actual, aside: cache.setAside(md5, hash) });
  }

  async function verify(wanted: WantedFile, path: string, stamp: FileStamp): Promise<void> {
    if (cache.isReceived(wanted.md5, wanted.hash, stamp)) return;
    if (verified.get(wanted.md5, stamp) === wanted.md5) return;
    const actual =
      stamp.size <= SMALL_FILE
        ? md5OfBytes(readSmallFile(path, stamp, buffer), wanted.hash)
        : await md5OfLargeFile(path, stamp, { hash: wanted.hash });
    if (actual !== wanted.md5) throw corrupt(wanted, actual);
    verified.set(wanted.md5, stamp, actual);
  }

  const recentOf = ({ md5, hash }: WantedFile) => (hash === 'md5' ? cache.recent.get(md5) : undefined);

  /** The bytes of a small object in the buffer; undefined for a larger one. A link in the place of an object is none. */
  function smallObject(wanted: WantedFile): Buffer | undefined {
    const recent = recentOf(wanted);
    if (recent !== undefined) return recent;
    const found = readSmallBytes(cache.pathOf(wanted.md5, wanted.hash), buffer, { follow: false });
    if (found === 'missing' || found === 'other') throw assayError('E_CACHE_MISSING', { object: wanted.md5 });
    return found === 'large' ? undefined : found;
  }

  function copySmall(wanted: WantedFile, bytes: Buffer, target: string): FileStamp {
    // What this process brought was verified then, and has not left its memory.
    if (bytes !== recentOf(wanted)) {
      const actual = md5OfBytes(bytes, wanted.hash);
      if (actual !== wanted.md5) throw corrupt(wanted, actual);
    }
    const made = writing(target, () => {
      const handle = openSync(target, 'wx', wanted.isexec ? EXECUTABLE : PLAIN);
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
        return stampOf(fstatSync(handle));
      } finally {
        closeSync(handle);
      }
    });
    onBytes(bytes.length);
    return made;
  }

  /**
   * What was verified on its way into the cache a moment ago is copied by the system, which takes a fifth of the time. False
   * where it cannot, because it copies the mode too and none is kept there.
   */
  async function copyReceived(
    { isexec }: WantedFile,
    path: string,
    stamp: FileStamp,
    target: string,
  ): Promise<boolean> {
    try {
      // Made here for the mode that the umask gives; the copy keeps it.
      closeSync(openSync(target, 'wx', isexec ? EXECUTABLE : PLAIN));
      const { mode } = statSync(target);
      await copyFile(path, target);
      setMode(target, mode & 0o777);
    } catch (error) {
      rmSync(target, { force: true });
      if (refusesModes(error)) return false;
      throw unwritable(target, error);
    }
    onBytes(stamp.size);
    return true;
  }

  async function copyLarge(wanted: WantedFile, path: string, stamp: FileStamp, target: string): Promise<void> {
    const received = cache.isReceived(wanted.md5, wanted.hash, stamp);
    if (received && (await copyReceived(wanted, path, stamp, target))) return;
    const file = await open(target, 'wx', wanted.isexec ? EXECUTABLE : PLAIN).catch((error: unknown) => {
      throw unwritable(target, error);
    });
    let actual: string;
    try {
      const write = async (chunk: Buffer) => {
        for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
      };
      const onChunk = (chunk: Buffer) => write(chunk).catch((error) => Promise.reject(unwritable(target, error)));
      actual = await md5OfLargeFile(path, stamp, { hash: wanted.hash, onBytes, onChunk });
    } catch (error) {
      rmSync(target, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    if (actual === wanted.md5) return;
    rmSync(target, { force: true });
    throw corrupt(wanted, actual);
  }

  /** The mode that a new file gets here: the object's own is read-only. */
  function workMode(near: string): number {
    if (plainMode === undefined) {
      const probe = `${near}.mode`;
      closeSync(openSync(probe, 'wx', PLAIN));
      plainMode = statSync(probe).mode & 0o777;
      rmSync(probe);
    }
    return plainMode;
  }

  /** Works on an object, again where another process put the same bytes in its place meanwhile, as an `add` by links does. */
  async function onObject<T>(wanted: WantedFile, work: (path: string, stamp: FileStamp) => Promise<T>): Promise<T> {
    for (let look = 1; ; look++) {
      const { path, stamp } = objectOf(wanted);
      try {
        return await work(path, stamp);
      } catch (error) {
        const now = cache.stampOf(wanted.md5, wanted.hash);
        if (look === MAX_LOOKS || now === undefined || sameStamp(now, stamp) || !wasReplaced(error)) throw error;
      }
    }
  }

  async function link(type: Exclude<LinkType, 'copy'>, wanted: WantedFile, target: string): Promise<Linked> {
    // Others cannot be executable without the object being so.
    if (wanted.isexec && type !== 'reflink') return 'unsuited';
    return onObject(wanted, async (path, stamp) => {
      await verify(wanted, path, stamp);
      return writing(target, () => {
        const made = makeLink(type, path, target, stamp.size === 0);
        if (made === 'made' && type === 'reflink') {
          const mode = workMode(target);
          setMode(target, wanted.isexec ? mode | ((mode & 0o444) >> 2) : mode);
        }
        return made;
      });
    });
  }

  return {
    async make(wanted, target) {
      let full = false;
      for (const type of types) {
        if (type === 'copy') break;
        // A clone has a life of its own, so small ones are copied where nothing else is wanted, and verified on the way.
        const small = type === 'reflink' && !linksAfter ? smallObject(wanted) : undefined;
        if (small !== undefined) return copySmall(wanted, small, target);
        if (refused.has(type)) continue;
        const linked = await link(type, wanted, target);
        if (linked === 'made') return madeAt(target);
        if (linked === 'refused') refused.add(type);
        full ||= linked === 'full';
      }
      const forbidden = !full && !types.includes('copy') && !types.includes('reflink') && !wanted.isexec;
      if (forbidden) throw assayError('E_LINK_TYPE', { types, path: target });
      const small = smallObject(wanted);
      if (small !== undefined) return copySmall(wanted, small, target);
      await onObject(wanted, (path, stamp) => copyLarge(wanted, path, stamp, target));
      return madeAt(target);
    },
  };
}

/** What is said of a file that became another while it was read, or had lost its last name when it was linked. */
function wasReplaced(error: unknown): boolean {
  if (!(error instanceof AssayError)) return false;
  if (error.code === 'E_STORE_SOURCE_CHANGED') return true;
  const { cause } = error;
  return error.code === 'E_STORE_WRITE' && systemCode(cause) === 'ENOENT';
}

/** The kinds that are tried before a copy is made. */
export function beforeCopy(types: readonly LinkType[]): readonly Exclude<LinkType, 'copy'>[] {
  const copy = types.indexOf('copy');
  return types.slice(0, copy === -1 ? types.length : copy).filter((type) => type !== 'copy');
}

function madeAt(target: string): FileStamp {
  return writing(target, () => stampOf(statSync(target)));
}

/** The stamp of what is at a path itself. */
export function ownStampAt(path: string): FileStamp | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : stampOf(stats);
}
