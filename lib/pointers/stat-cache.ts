import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../canonical-json.ts';
import { type FileStamp, isSettled, stampText } from './file-stamp.ts';

/** Digests of files that did not change, by path, of one scope: a tracked folder, or all tracked single files. */
export interface StatScope {
  /** The address that this very file had when it was last read. */
  get(path: string, stamp: FileStamp): string | undefined;
  /** Remembers an address, unless the file could still change without a new time stamp. */
  set(path: string, stamp: FileStamp, md5: string): void;
  /** Remembers files that nobody but this process could have changed until `nowNs`, by the clock of their file system. */
  setMade(files: Iterable<MadeFile>, nowNs: bigint): void;
  /** Forgets every path that is not among these: they have gone. */
  retain(paths: { has(path: string): boolean }): void;
}

/** A file that was written with known bytes, in a place that is nobody else's. */
export interface MadeFile {
  readonly path: string;
  /** Looked at before anybody else could find it. */
  readonly stamp: FileStamp;
  readonly md5: string;
}

export interface StatCache {
  scope(name: string): StatScope;
  /** Writes the scopes that changed; does nothing where nothing can be written. */
  save(): void;
}

/** Scopes kept; the ones that were not used for longest go first. */
const MAX_SCOPES = 2_000;
/** Files of one scope that are remembered: about 150 MB of text. */
const MAX_ENTRIES = 1_000_000;

/**
 * A scope's file is canonical JSON with the keys `digest`, `entries` and `schema`. It is read by these pieces, because every
 * command reads it: the digest is that of the text of `entries`, so what stands between them is what was written.
 */
const HEAD = '{"digest":"';
const MIDDLE = '","entries":';
const TAIL = ',"schema":"assay/stat-cache/2"}\n';
/** Bytes of `sha256:<64 hex>`. */
const DIGEST_BYTES = 71;
/** Path, stamp and address, one after the other. */
const FIELDS = 3;

interface Known {
  readonly stamp: string;
  readonly md5: string;
}

/**
 * The persistent memory of which file has which address, so that unchanged files are not read again. A file that is
 * missing, damaged or of another version is as good as none. Each scope is a file of its own, written whole under a
 * temporary name, so two processes at once never see half of one; the later writer's memory stays.
 *
 * An address is remembered only when the file was last changed before the clock of the file system's present tick: a
 * change within the same tick would keep size, time and inode (git's racy rule, by nanoseconds). A change whose time of
 * last change was set back is known by the time of the inode, except in files with several names.
 *
 * @param folder where the scopes lie; undefined, or one that cannot be written to, remembers nothing
 */
export function openStatCache(folder: string | undefined): StatCache {
  const scopes = new Map<string, ReturnType<typeof openScope>>();
  const nowNs = folder === undefined ? undefined : fileSystemTime(folder);
  return {
    scope(name) {
      const open =
        scopes.get(name) ?? openScope(folder === undefined ? undefined : join(folder, fileName(name)), nowNs);
      scopes.set(name, open);
      return open;
    },
    save() {
      if (folder === undefined || nowNs === undefined) return;
      for (const scope of scopes.values()) scope.save();
      forgetOldest(folder);
    },
  };
}

function openScope(file: string | undefined, nowNs: bigint | undefined): StatScope & { save(): void } {
  const known = file === undefined ? new Map<string, Known>() : readScope(file);
  let changed = false;
  return {
    get(path, stamp) {
      const found = known.get(path);
      return found !== undefined && found.stamp === stampText(stamp) ? found.md5 : undefined;
    },
    set(path, stamp, md5) {
      if (nowNs === undefined || !isSettled(stamp.mtimeNs, nowNs, stamp.ctimeNs) || known.size >= MAX_ENTRIES) return;
      known.set(path, { stamp: stampText(stamp), md5 });
      changed = true;
    },
    setMade(files, madeBy) {
      if (nowNs === undefined) return;
      for (const { path, stamp, md5 } of files) {
        if (!isSettled(stamp.mtimeNs, madeBy, stamp.ctimeNs) || known.size >= MAX_ENTRIES) continue;
        known.set(path, { stamp: stampText(stamp), md5 });
        changed = true;
      }
    },
    retain(paths) {
      for (const path of known.keys()) {
        if (paths.has(path)) continue;
        known.delete(path);
        changed = true;
      }
    },
    save() {
      if (file !== undefined && changed) writeScope(file, known);
      changed = false;
    },
  };
}

function readScope(file: string): Map<string, Known> {
  const known = new Map<string, Known>();
  const entries = entriesIn(file);
  for (let at = 0; at + FIELDS <= entries.length; at += FIELDS) {
    const [path, stamp, md5] = [entries[at], entries[at + 1], entries[at + 2]];
    if (typeof path !== 'string' || typeof stamp !== 'string' || typeof md5 !== 'string') return new Map();
    known.set(path, { stamp, md5 });
  }
  return known;
}

/** What a file remembers; nothing where it is missing or not as it was written: then files are read again, and it is written anew. */
function entriesIn(file: string): readonly unknown[] {
  try {
    const bytes = readFileSync(file);
    const digest = bytes.toString('latin1', HEAD.length, HEAD.length + DIGEST_BYTES);
    const text = bytes.subarray(HEAD.length + DIGEST_BYTES + MIDDLE.length, bytes.length - TAIL.length);
    // A damaged file must not say that data is unchanged.
    if (!bytes.subarray(-TAIL.length).equals(Buffer.from(TAIL)) || sha256(text) !== digest) return [];
    const entries: unknown = JSON.parse(text.toString('utf8'));
    return Array.isArray(entries) && entries.length <= FIELDS * MAX_ENTRIES ? entries : [];
  } catch {
    return [];
  }
}

function writeScope(file: string, known: ReadonlyMap<string, Known>): void {
  const flat: string[] = [];
  for (const [path, { stamp, md5 }] of known) flat.push(path, stamp, md5);
  const entries = JSON.stringify(flat);
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = openSync(temporary, 'wx');
    try {
      writeAll(handle, Buffer.from(`${HEAD}${sha256(entries)}${MIDDLE}${entries}${TAIL}`));
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch {
    // A full or read-only disk: what cannot be remembered is read again next time.
    removeQuietly(temporary);
  }
}

function writeAll(handle: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}

/** What the file system of a folder calls now, nanoseconds since 1970; undefined where it cannot be written to. */
export function fileSystemTime(folder: string): bigint | undefined {
  const probe = join(folder, `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    closeSync(openSync(probe, 'wx'));
    const { mtimeNs } = lstatSync(probe, { bigint: true });
    return mtimeNs;
  } catch {
    return undefined;
  } finally {
    removeQuietly(probe);
  }
}

function forgetOldest(folder: string): void {
  try {
    const names = readdirSync(folder);
    if (names.length <= MAX_SCOPES) return;
    const ages = names.map((name) => ({ name, used: lstatSync(join(folder, name)).mtimeMs }));
    ages.sort((a, b) => a.used - b.used);
    for (const { name } of ages.slice(0, names.length - MAX_SCOPES)) rmSync(join(folder, name), { force: true });
  } catch {
    // Another process tidied at the same time.
  }
}

function fileName(scope: string): string {
  return `${createHash('sha256').update(scope).digest('hex').slice(0, 32)}.json`;
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It could not be made either.
  }
}
