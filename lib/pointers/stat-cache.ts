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
import { z } from 'zod';
import { canonicalFile, Digest, sha256 } from '../digest.ts';
import { type FileStamp, isSettled, stampText } from './file-stamp.ts';

/** Digests of files that did not change, by path, of one scope: a tracked folder, or all tracked single files. */
export interface StatScope {
  /** The address that this very file had when it was last read. */
  get(path: string, stamp: FileStamp): string | undefined;
  /** Remembers an address, unless the file could still change without a new time stamp. */
  set(path: string, stamp: FileStamp, md5: string): void;
  /** Forgets every path that is not among these: they have gone. */
  retain(paths: { has(path: string): boolean }): void;
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

const ScopeFile = z.strictObject({
  schema: z.literal('assay/stat-cache/1'),
  /** Of the canonical text of `entries`: a damaged file must not say that data is unchanged. */
  digest: Digest,
  /** Path, stamp, address. */
  entries: z.array(z.tuple([z.string(), z.string(), z.string().regex(/^[0-9a-f]{32}$/)])).max(MAX_ENTRIES),
});

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
  try {
    const { entries, digest } = ScopeFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (sha256(JSON.stringify(entries)) !== digest) return new Map();
    return new Map(entries.map(([path, stamp, md5]) => [path, { stamp, md5 }]));
  } catch {
    // Missing or damaged: the files are read again, and it is written anew.
    return new Map();
  }
}

function writeScope(file: string, known: ReadonlyMap<string, Known>): void {
  const entries = [...known].map(([path, { stamp, md5 }]) => [path, stamp, md5]);
  const digest = sha256(JSON.stringify(entries));
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = openSync(temporary, 'wx');
    try {
      writeSync(handle, canonicalFile({ schema: 'assay/stat-cache/1', digest, entries }));
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch {
    // A full or read-only disk: what cannot be remembered is read again next time.
    removeQuietly(temporary);
  }
}

/** What the file system that holds the cache calls now; undefined where it cannot be written to. */
function fileSystemTime(folder: string): bigint | undefined {
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
