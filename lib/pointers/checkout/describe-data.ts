import { lstatSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { smallFileBuffer } from '../../stores/bytes/small-file.ts';
import { inParallel } from '../../stores/in-parallel.ts';
import { type FileStamp, isExecutable, stampOf } from '../cache/file-stamp.ts';
import { md5OfBytes, md5OfLargeFile, readSmallFile, SMALL_FILE } from '../cache/hash-file.ts';
import type { StatScope } from '../cache/stat-cache.ts';
import { dirAddress, renderDirObject } from '../listings/dir-object.ts';
import type { PointerHash } from '../object-key.ts';
import { type Ignored, type ScannedFile, type SkippedEntry, scanTree } from './scan-tree.ts';

export interface DataFile extends ScannedFile {
  /** 32 hex digits, by the hash that was asked for. */
  readonly md5: string;
}

/** What lies in the work tree at the path of an output. */
export interface WorkData {
  readonly kind: 'file' | 'directory';
  /** `<32 hex>`, with `.dir` for a folder. */
  readonly md5: string;
  /** Bytes of all files. */
  readonly size: number;
  /** A single file has its own name as path. */
  readonly files: readonly DataFile[];
  /** Folders below the top; empty ones too. */
  readonly folders: readonly string[];
  readonly skipped: readonly SkippedEntry[];
  /** Of a single file. */
  readonly isexec: boolean;
  /** The bytes of a folder's `.dir` object, where they had to be made. */
  readonly listing?: string;
}

/** Gives a file's address; it may keep the bytes on the way. */
export type FileDigest = (file: ScannedFile, onBytes: (bytes: number) => void) => Promise<string> | string;

export interface DescribeDataOptions {
  /** Remembered addresses; what it does not know is digested. */
  readonly scope: StatScope;
  readonly digest: FileDigest;
  /** Large files under way at a time. */
  readonly jobs: number;
  readonly ignored?: Ignored | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Told once, before anything is read: the bytes that have to be. */
  readonly onTotal?: ((bytes: number) => void) | undefined;
}

/**
 * The data at `path` with the address of every file, or undefined when nothing (or nothing that can be tracked) is there.
 *
 * @throws E_STORE_READ, E_STORE_SOURCE_CHANGED, E_ARTIFACT_PATH, and what `digest` throws
 */
export async function describeData(path: string, options: DescribeDataOptions): Promise<WorkData | undefined> {
  const own = lstatSync(path, { throwIfNoEntry: false });
  const link = own?.isSymbolicLink() === true;
  const stats = link ? statSync(path, { throwIfNoEntry: false }) : own;
  if (stats?.isFile()) {
    const file: ScannedFile = { relpath: basename(path), path, stamp: stampOf(stats), link };
    const [only] = (await digestFiles([file], { ...options, key: () => path })).files;
    if (only === undefined) return undefined;
    const isexec = isExecutable(file.stamp);
    return { kind: 'file', md5: only.md5, size: file.stamp.size, files: [only], folders: [], skipped: [], isexec };
  }
  if (!stats?.isDirectory()) return undefined;
  const tree = scanTree(path, options.ignored);
  const { files, allKnown } = await digestFiles(tree.files, { ...options, key: (file) => file.relpath });
  // As many files as are remembered, and each of them known: those are they.
  const remembered = allKnown ? options.scope.whole(files.length) : undefined;
  return {
    kind: 'directory',
    ...(remembered === undefined ? addressed(files, options.scope) : { md5: remembered }),
    size: files.reduce((sum, file) => sum + file.stamp.size, 0),
    files,
    folders: tree.folders,
    skipped: tree.skipped,
    isexec: false,
  };
}

/** A folder's listing, and its address, to be remembered until one of its files changes, comes or goes. */
function addressed(files: readonly DataFile[], scope: StatScope): { md5: string; listing: string } {
  scope.retain(new Set(files.map((file) => file.relpath)));
  const listing = renderDirObject(files);
  const md5 = dirAddress(listing);
  scope.setWhole(files.length, md5);
  return { md5, listing };
}

interface DigestOptions extends DescribeDataOptions {
  /** The name of a file in the scope. */
  readonly key: (file: ScannedFile) => string;
}

async function digestFiles(
  files: readonly ScannedFile[],
  options: DigestOptions,
): Promise<{ files: DataFile[]; allKnown: boolean }> {
  const { scope, digest, jobs, key, onBytes = () => {}, onTotal } = options;
  const addresses = files.map((file) => scope.get(key(file), file.stamp));
  const open = [...files.entries()].filter(([index]) => addresses[index] === undefined);
  onTotal?.(open.reduce((sum, [, file]) => sum + file.stamp.size, 0));
  const keep = (index: number, file: ScannedFile, md5: string) => {
    addresses[index] = md5;
    scope.set(key(file), file.stamp, md5);
  };
  const large: [number, ScannedFile][] = [];
  for (const [index, file] of open) {
    if (file.stamp.size > SMALL_FILE) {
      large.push([index, file]);
      continue;
    }
    const md5 = digest(file, onBytes);
    // Most of them are known at once, without a turn of the event loop.
    keep(index, file, typeof md5 === 'string' ? md5 : await md5);
  }
  await inParallel(large, Math.max(1, Math.min(jobs, large.length)), async ([index, file]) =>
    keep(index, file, await digest(file, onBytes)),
  );
  const digested: DataFile[] = [];
  for (const [index, { relpath, path, stamp, link }] of files.entries()) {
    const md5 = addresses[index];
    if (md5 !== undefined) digested.push({ relpath, path, stamp, link, md5 });
  }
  return { files: digested, allKnown: open.length === 0 };
}

/** Reads and hashes, keeps nothing. */
export function digestOnly(hash: PointerHash): FileDigest {
  // As large as the first file: whoever asks for ten thousand outputs of one file each would make as many large ones.
  let buffer: Buffer = Buffer.alloc(0);
  return (file, onBytes) => {
    const { size } = file.stamp;
    if (size > SMALL_FILE) return md5OfLargeFile(file.path, file.stamp, { hash, onBytes });
    if (buffer.length <= size) buffer = buffer.length === 0 ? Buffer.allocUnsafe(size + 1) : smallFileBuffer();
    const bytes = readSmallFile(file.path, file.stamp, buffer);
    onBytes(bytes.byteLength);
    return md5OfBytes(bytes, hash);
  };
}

/** The stamp of what is at a path now, links followed. */
export function stampAt(path: string): FileStamp | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : stampOf(stats);
}
