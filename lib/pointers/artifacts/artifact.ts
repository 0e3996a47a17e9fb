import type { Digest } from '../../digest.ts';
import { assayError } from '../../errors.ts';
import { byCodePoint } from '../code-point-order.ts';
import { dirAddress, renderDirObject } from '../listings/dir-object.ts';
import { MD5_ADDRESS } from '../object-key.ts';
import { pathProblem } from '../relative-paths.ts';

/** One file of an artifact. */
export interface ArtifactFile {
  /** Below the artifact's folder, forward slashes; the file's own name when the artifact is one file. */
  path: string;
  /** Bytes. */
  size: number;
  /** 32 hex digits. */
  md5: string;
  sha256: Digest;
}

/** What a version's bytes are: the plain form of the registry's `ArtifactRecord`. */
export interface ArtifactRecord {
  path: string;
  /** Bytes of all files. */
  size: number;
  /** `<32 hex>` of a file, `<32 hex>.dir` of a folder. */
  md5: string;
  /** Sorted by path, by code point. */
  files: ArtifactFile[];
}

/** The record of a folder with these files; the order they come in does not matter. */
export function folderRecord(path: string, files: readonly ArtifactFile[]): ArtifactRecord {
  const sorted = [...files].sort((a, b) => byCodePoint(a.path, b.path));
  return {
    path,
    size: sorted.reduce((sum, file) => sum + file.size, 0),
    md5: dirAddress(dirObjectOf(sorted)),
    files: sorted,
  };
}

/** The record of one file. */
export function fileRecord(path: string, file: ArtifactFile): ArtifactRecord {
  return { path, size: file.size, md5: file.md5, files: [file] };
}

export function isFolder(record: ArtifactRecord): boolean {
  return record.md5.endsWith('.dir');
}

/** The bytes of the `.dir` object that lists these files. */
export function dirObjectOf(files: readonly ArtifactFile[]): string {
  return renderDirObject(files.map((file) => ({ md5: file.md5, relpath: file.path })));
}

/**
 * Checks that a record says one thing: paths that every system can hold, files that add up to its address and size.
 * Called before anything is read or written for it, because a record comes from a branch that others can push to.
 *
 * @throws E_ARTIFACT_RECORD
 */
export function checkArtifactRecord(record: ArtifactRecord): void {
  const fail = (reason: string) => assayError('E_ARTIFACT_RECORD', { artifact: record.path, reason });
  if (!MD5_ADDRESS.test(record.md5)) throw fail(`"${record.md5}" is no address`);
  const problem = pathProblem(
    record.files.map((file) => file.path),
    'portable',
  );
  if (problem !== undefined) throw fail(`the file name ${JSON.stringify(problem.path)}: ${problem.reason}`);
  for (const { path, size, md5, sha256 } of record.files) {
    const sound =
      Number.isSafeInteger(size) && size >= 0 && /^[0-9a-f]{32}$/.test(md5) && /^sha256:[0-9a-f]{64}$/.test(sha256);
    if (!sound) throw fail(`the file "${path}" has no proper size or digest`);
  }
  const [first] = record.files;
  if (first === undefined) throw fail('it has no files');
  if (!isFolder(record) && (record.files.length !== 1 || first.path.includes('/')))
    throw fail('it is one file with many');
  const expected = isFolder(record) ? folderRecord(record.path, record.files) : fileRecord(record.path, first);
  if (expected.md5 !== record.md5) throw fail(`its files have the address ${expected.md5}, it says ${record.md5}`);
  if (expected.size !== record.size) throw fail(`its files have ${expected.size} bytes, it says ${record.size}`);
}
