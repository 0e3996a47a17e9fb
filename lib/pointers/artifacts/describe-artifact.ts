import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { assayError, messageOf } from '../../errors.ts';
import { inParallel } from '../../stores/in-parallel.ts';
import { digestContent } from '../md5.ts';
import type { PointerHash } from '../object-key.ts';
import { pathProblem } from '../relative-paths.ts';
import { type ArtifactFile, type ArtifactRecord, fileRecord, folderRecord } from './artifact.ts';

/** Files hashed at a time: hashing leaves one core free for the rest. */
const PARALLEL_FILES = 4;

/**
 * Describes a folder (or one file) as an artifact: every file with its size, MD5 and SHA-256, and DVC's address of the whole.
 * Empty folders have no place in it, as in DVC. A link counts as the file it leads to, if that is in the folder too.
 *
 * @param target folder or file on this machine
 * @param path what the record calls it; the last part of `target` when left out
 * @throws E_ARTIFACT_MISSING, E_ARTIFACT_EMPTY, E_ARTIFACT_LINK, E_ARTIFACT_PATH (a name that not every system can hold),
 *   E_STORE_READ
 */
export async function describeArtifact(target: string, path = basename(target)): Promise<ArtifactRecord> {
  const record = await describeContent(target, path, { links: 'inside' });
  if (record.files.length === 0) throw assayError('E_ARTIFACT_EMPTY', { path: target });
  const problem = pathProblem(
    record.files.map((file) => file.path),
    'portable',
  );
  if (problem !== undefined) throw assayError('E_ARTIFACT_PATH', problem);
  return record;
}

export interface DescribeOptions {
  /** `inside`: links may only lead to files of the same folder. `anywhere`: DVC's own links lead into its cache. */
  readonly links: 'inside' | 'anywhere';
  readonly hash?: PointerHash;
}

/** As `describeArtifact`, for any names and for DVC 2's addresses too. */
export async function describeContent(target: string, path: string, options: DescribeOptions): Promise<ArtifactRecord> {
  const found = await stat(target).catch((error: unknown) => {
    throw assayError('E_ARTIFACT_MISSING', { path: target }, error);
  });
  if (found.isFile()) {
    const digest = await digestContent(target, options.hash);
    return fileRecord(path, { path: basename(path), ...digest });
  }
  if (!found.isDirectory())
    throw assayError('E_ARTIFACT_LINK', { path: target, reason: 'it is no file and no folder' });
  const files: ArtifactFile[] = [];
  await inParallel(await filePaths(target, options.links), PARALLEL_FILES, async (file) => {
    const digest = await digestContent(join(target, file), options.hash);
    files.push({ path: file, ...digest });
  });
  return folderRecord(path, files);
}

async function filePaths(folder: string, links: DescribeOptions['links']): Promise<string[]> {
  const root = await realpath(folder);
  const paths: string[] = [];
  async function walk(below: string): Promise<void> {
    const here = join(folder, below);
    const entries = await readdir(here, { withFileTypes: true }).catch((error: unknown) => {
      throw assayError('E_STORE_READ', { path: here, reason: messageOf(error) }, error);
    });
    for (const entry of entries) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else {
        if (entry.isSymbolicLink()) await checkLink(join(folder, path), root, links);
        else if (!entry.isFile()) {
          throw assayError('E_ARTIFACT_LINK', { path: join(folder, path), reason: 'it is no file and no folder' });
        }
        paths.push(path);
      }
    }
  }
  await walk('');
  return paths;
}

/** A link out of the folder would publish a file that nobody meant to; one to a folder would vanish for DVC. */
async function checkLink(path: string, root: string, links: DescribeOptions['links']): Promise<void> {
  const goal = await realpath(path).catch((error: unknown) => {
    throw assayError('E_ARTIFACT_LINK', { path, reason: 'it is a link to nothing' }, error);
  });
  if (links === 'inside' && !goal.startsWith(root + sep)) {
    throw assayError('E_ARTIFACT_LINK', { path, reason: 'it is a link that leads out of the folder' });
  }
  if (!(await lstat(goal)).isFile()) {
    throw assayError('E_ARTIFACT_LINK', { path, reason: 'it is a link to something that is no file' });
  }
}
