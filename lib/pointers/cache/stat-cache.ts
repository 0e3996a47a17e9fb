import { createHash, randomBytes } from 'node:crypto';
import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../canonical-json.ts';
import { removeQuietly } from '../../stores/folder/remove-quietly.ts';
import { type FileStamp, isSettled } from './file-stamp.ts';
import { writeRemembered } from './remembered-file.ts';

/** Digests of files that did not change, by path, of one scope: a tracked folder, or all tracked single files. */
export interface StatScope {
  /** The address that this very file had when it was last read. */
  get(path: string, stamp: FileStamp): string | undefined;
  /** Remembers an address, unless the file could still change without a new time stamp. */
  set(path: string, stamp: FileStamp, md5: string): void;
  /** Remembers files that nobody but this process could have changed until `nowMs`, by the clock of their file system. */
  setMade(files: Iterable<MadeFile>, nowMs: number): void;
  /** Forgets every path that is not among these: they have gone. */
  retain(paths: { has(path: string): boolean }): void;
  /**
   * The address that the folder has whose files are those remembered, all of them and no others; undefined where it is not
   * known.
   */
  whole(files: number): string | undefined;
  /** Remembers it, where all of so many files are remembered, until one of them changes. */
  setWhole(files: number, md5: string): void;
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

/**
 * Scopes kept, one for each tracked folder; the ones that were not written for longest go first. With fewer than a repository has
 * folders, each command would forget what the next has to read again.
 */
const MAX_SCOPES = 50_000;
/** Files of one scope that are remembered: about 150 MB of text. */
const MAX_ENTRIES = 1_000_000;

/**
 * A scope's file is canonical JSON with the keys `digest`, `entries` and `schema`. It is read by these pieces, because every
 * command reads it: the digest is that of the text of `entries`, so what stands between them is what was written.
 */
const HEAD = '{"digest":"';
const MIDDLE = '","entries":';
const TAIL = ',"schema":"assay/stat-cache/3"}\n';
/** Bytes of `sha256:<64 hex>`. */
const DIGEST_BYTES = 71;
/** `entries`: the whole folder's address or '', then of each file path, size, times in milliseconds, inode and address. */
const FIELDS = 6;

/** A file's stamp and address. */
interface Known extends Omit<FileStamp, 'mode'> {
  readonly md5: string;
}

/**
 * The persistent memory of which file has which address, so that unchanged files are not read again. A file that is
 * missing, damaged or of another version is as good as none. Each scope is a file of its own, written whole under a
 * temporary name, so two processes at once never see half of one; the later writer's memory stays.
 *
 * An address is remembered only when the file was last changed before the clock of the file system's present tick: a
 * change within the same tick would keep size, time and inode (git's racy rule). A change whose time of
 * last change was set back is known by the time of the inode, except in files with several names.
 *
 * @param folder where the scopes lie; undefined, or one that cannot be written to, remembers nothing
 */
export function openStatCache(folder: string | undefined): StatCache {
  const scopes = new Map<string, ReturnType<typeof openScope>>();
  const nowMs = folder === undefined ? undefined : fileSystemTime(folder);
  return {
    scope(name) {
      const open =
        scopes.get(name) ?? openScope(folder === undefined ? undefined : join(folder, fileName(name)), nowMs);
      scopes.set(name, open);
      return open;
    },
    save() {
      if (folder === undefined || nowMs === undefined) return;
      for (const scope of scopes.values()) scope.save();
      forgetOldest(folder);
    },
  };
}

function openScope(file: string | undefined, nowMs: number | undefined): StatScope & { save(): void } {
  const { known, ...read } = file === undefined ? nothingKnown() : readScope(file);
  let { whole } = read;
  let changed = false;
  const change = () => {
    changed = true;
    whole = '';
  };
  const remember = (path: string, { size, mtimeMs, ctimeMs, ino }: FileStamp, md5: string, now: number) => {
    change();
    // What was known of it is not so any more.
    known.delete(path);
    if (!isSettled(mtimeMs, now, ctimeMs) || known.size >= MAX_ENTRIES) return;
    known.set(path, { size, mtimeMs, ctimeMs, ino, md5 });
  };
  return {
    get(path, { size, mtimeMs, ctimeMs, ino }) {
      const found = known.get(path);
      if (found === undefined || found.mtimeMs !== mtimeMs || found.size !== size) return undefined;
      return found.ctimeMs === ctimeMs && found.ino === ino ? found.md5 : undefined;
    },
    set(path, stamp, md5) {
      if (nowMs !== undefined) remember(path, stamp, md5, nowMs);
    },
    setMade(files, madeBy) {
      if (nowMs === undefined) return;
      for (const { path, stamp, md5 } of files) remember(path, stamp, md5, madeBy);
    },
    retain(paths) {
      for (const path of known.keys()) {
        if (paths.has(path)) continue;
        known.delete(path);
        change();
      }
    },
    whole: (files) => (whole === '' || files !== known.size ? undefined : whole),
    setWhole(files, md5) {
      if (files !== known.size || whole === md5) return;
      whole = md5;
      changed = true;
    },
    save() {
      if (file !== undefined && changed) writeScope(file, { whole, known });
      changed = false;
    },
  };
}

/** What one file remembers. */
interface Memory {
  /** The whole folder's address, or ''. */
  readonly whole: string;
  readonly known: Map<string, Known>;
}

function nothingKnown(): Memory {
  return { whole: '', known: new Map() };
}

function readScope(file: string): Memory {
  const known = new Map<string, Known>();
  const entries = entriesIn(file);
  const [whole] = entries;
  for (let at = 1; at + FIELDS <= entries.length; at += FIELDS) {
    const path = entries[at];
    const [size, mtimeMs, ctimeMs, ino] = [entries[at + 1], entries[at + 2], entries[at + 3], entries[at + 4]];
    const md5 = entries[at + 5];
    if (typeof path !== 'string' || typeof md5 !== 'string') return nothingKnown();
    if (typeof size !== 'number' || typeof mtimeMs !== 'number') return nothingKnown();
    if (typeof ctimeMs !== 'number' || typeof ino !== 'number') return nothingKnown();
    known.set(path, { size, mtimeMs, ctimeMs, ino, md5 });
  }
  return { whole: typeof whole === 'string' ? whole : '', known };
}

/**
 * What a file remembers; nothing where it is missing or not as it was written: then files are read again, and it is written
 * anew.
 */
function entriesIn(file: string): readonly unknown[] {
  try {
    const bytes = readFileSync(file);
    const digest = bytes.toString('latin1', HEAD.length, HEAD.length + DIGEST_BYTES);
    const text = bytes.subarray(HEAD.length + DIGEST_BYTES + MIDDLE.length, bytes.length - TAIL.length);
    // A damaged file must not say that data is unchanged.
    if (!bytes.subarray(-TAIL.length).equals(Buffer.from(TAIL)) || sha256(text) !== digest) return [];
    const entries: unknown = JSON.parse(text.toString('utf8'));
    return Array.isArray(entries) && entries.length <= 1 + FIELDS * MAX_ENTRIES ? entries : [];
  } catch {
    return [];
  }
}

function writeScope(file: string, { whole, known }: Memory): void {
  const flat: (string | number)[] = [whole];
  for (const [path, { size, mtimeMs, ctimeMs, ino, md5 }] of known) flat.push(path, size, mtimeMs, ctimeMs, ino, md5);
  const entries = JSON.stringify(flat);
  writeRemembered(file, `${HEAD}${sha256(entries)}${MIDDLE}${entries}${TAIL}`);
}

/** What the file system of a folder calls now, milliseconds since 1970; undefined where it cannot be written to. */
export function fileSystemTime(folder: string): number | undefined {
  const probe = join(folder, `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    closeSync(openSync(probe, 'wx'));
    return lstatSync(probe).mtimeMs;
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
