import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { assayError, messageOf } from '../../errors.ts';
import { type FileStamp, stampOf } from '../cache/file-stamp.ts';
import { STAGING_FOLDER } from './work-staging.ts';

/** A file of a tracked folder as it lies in the work tree. */
export interface ScannedFile {
  /** Below the folder, forward slashes. */
  readonly relpath: string;
  /** Where it is. */
  readonly path: string;
  /** Of the file itself, for a link of what it leads to. */
  readonly stamp: FileStamp;
  readonly link: boolean;
}

/** Something in a folder that cannot be tracked, as in DVC: a link to a folder or to nothing, a socket, a device. */
export interface SkippedEntry {
  readonly relpath: string;
  readonly reason: string;
}

export interface ScannedTree {
  readonly files: readonly ScannedFile[];
  /** Folders below the top, parents first; empty ones too. */
  readonly folders: readonly string[];
  readonly skipped: readonly SkippedEntry[];
}

/** Whether a path below the scanned folder is left out (.dvcignore). */
export type Ignored = (relpath: string, directory: boolean) => boolean;

/** Folders within folders: deeper than any path that a system takes. */
const MAX_DEPTH = 1_000;

/**
 * The files of a folder, one look at each. Links to files count as files, because DVC's own links lead into its cache;
 * links to folders are not followed. Synchronous: per file that costs a fifth of what the asynchronous calls cost.
 *
 * @throws E_STORE_READ, E_ARTIFACT_PATH for names that are no text (DVC refuses them too)
 */
export function scanTree(folder: string, ignored: Ignored = () => false): ScannedTree {
  const files: ScannedFile[] = [];
  const folders: string[] = [];
  const skipped: SkippedEntry[] = [];
  const walk = (below: string, depth: number): void => {
    const here = below === '' ? folder : `${folder}/${below}`;
    if (depth > MAX_DEPTH)
      throw assayError('E_STORE_READ', { path: here, reason: `more than ${MAX_DEPTH} folders deep` });
    for (const name of namesIn(here)) {
      if (name === STAGING_FOLDER) continue;
      const relpath = below === '' ? name : `${below}/${name}`;
      const path = `${folder}/${relpath}`;
      if (name.includes('\ufffd')) checkName(here, relpath, name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      // Gone since its name was read.
      if (stats === undefined || ignored(relpath, stats.isDirectory())) continue;
      if (stats.isFile()) {
        files.push({ relpath, path, stamp: stampOf(stats), link: false });
      } else if (stats.isDirectory()) {
        folders.push(relpath);
        walk(relpath, depth + 1);
      } else if (stats.isSymbolicLink()) {
        const goal = followed(path);
        if (goal?.isFile()) files.push({ relpath, path, stamp: stampOf(goal), link: true });
        else skipped.push({ relpath, reason: goal === undefined ? 'a link to nothing' : 'a link to a folder' });
      } else {
        skipped.push({ relpath, reason: 'neither a file nor a folder' });
      }
    }
  };
  walk('', 0);
  return { files, folders, skipped };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw assayError('E_STORE_READ', { path: folder, reason: messageOf(error) }, error);
  }
}

function followed(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** U+FFFD is a character like any other, unless it stands for bytes that are no UTF-8. */
function checkName(folder: string, path: string, name: string): void {
  const bytes = Buffer.from(name);
  if (readdirSync(folder, { encoding: 'buffer' }).some((found) => found.equals(bytes))) return;
  throw assayError('E_ARTIFACT_PATH', { path, reason: 'it is not valid UTF-8' });
}
