import type { Readable } from 'node:stream';
import { assayError } from '../errors.ts';
import type { Git } from './git.ts';

/** A file of a commit: path from the repository's top with forward slashes, and the id of its bytes. */
export interface TreeFile {
  readonly path: string;
  readonly id: string;
  /** `100644`, `100755` (executable) or `120000` (symbolic link). */
  readonly mode: string;
}

/** With its size in bytes. */
export type SizedFile = TreeFile & { readonly size: number };

/**
 * The files of a commit (or tree), sorted by path; with `under`, those in that folder or that very file.
 * Submodules are left out. A path that the commit does not have gives none.
 */
export async function listFiles(git: Git, commit: string, under?: string): Promise<TreeFile[]> {
  return listed(git, ['--full-tree', commit, ...(under === undefined ? [] : ['--', under])]);
}

/** The files of a commit below the folder that git runs in, their paths from there. */
export function listFolder(git: Git, commit: string): Promise<TreeFile[]> {
  return listed(git, [commit]);
}

/** The files that are staged below the folder that git runs in, their paths from there; without those of a merge that is not done. */
export async function listStaged(git: Git): Promise<TreeFile[]> {
  const out = await git.text(['ls-files', '--stage', '-z']);
  return out.split('\0').flatMap((line) => {
    const [, mode, id, path] = /^(\d+) ([0-9a-f]+) 0\t(.+)$/s.exec(line) ?? [];
    return mode === undefined || mode === '160000' || id === undefined || path === undefined
      ? []
      : [{ mode, id, path }];
  });
}

async function listed(git: Git, what: readonly string[]): Promise<TreeFile[]> {
  const out = await git.text(['ls-tree', '-r', '-z', ...what]);
  const files: TreeFile[] = [];
  for (const line of out.split('\0')) {
    const match = /^(\d+) blob ([0-9a-f]+)\t(.+)$/s.exec(line);
    if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) continue;
    files.push({ mode: match[1], id: match[2], path: match[3] });
  }
  return files;
}

/** The submodules of a commit below the folder that git runs in: paths from there, and the commits that they are at. */
export async function listSubmodules(git: Git, commit: string): Promise<Pick<TreeFile, 'path' | 'id'>[]> {
  const out = await git.text(['ls-tree', '-r', '-z', commit]);
  return out.split('\0').flatMap((line) => {
    const [, id, path] = /^160000 commit ([0-9a-f]+)\t(.+)$/s.exec(line) ?? [];
    return id === undefined || path === undefined ? [] : [{ path, id }];
  });
}

/** As `listFiles`, with each file's size in bytes. Asks a partial clone's remote for the blobs it left out. */
export function listSizedFiles(git: Git, commit: string): Promise<SizedFile[]> {
  return listedSized(git, ['--full-tree', commit]);
}

/** As `listFolder`, with sizes. */
export function listSizedFolder(git: Git, commit: string): Promise<SizedFile[]> {
  return listedSized(git, [commit]);
}

async function listedSized(git: Git, what: readonly string[]): Promise<SizedFile[]> {
  const out = await git.text(['ls-tree', '-r', '-z', '--long', ...what]);
  return out.split('\0').flatMap((line) => {
    const [, mode, id, size, path] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line) ?? [];
    if (mode === undefined || id === undefined || size === undefined || path === undefined) return [];
    return [{ path, id, mode, size: Number(size) }];
  });
}

/** The bytes of one blob, all in memory. Throws E_GIT_FAILED for an id that is no blob. */
export async function readBlob(git: Git, id: string): Promise<Buffer> {
  return git.run(['cat-file', 'blob', id]);
}

/** The bytes of one blob as a stream: for what may be large. The stream fails with E_GIT_* on a missing blob. */
export function openBlob(git: Git, id: string): Readable {
  return git.stream(['cat-file', 'blob', id]);
}

/** The bytes of a file at a commit; null when the commit does not have it. */
export async function readFileAt(git: Git, commit: string, path: string): Promise<Buffer | null> {
  // git takes a path with such a beginning from the folder that it runs in.
  if (!/^\.\.?\//.test(path)) {
    const found = await git.attempt(['cat-file', 'blob', `${commit}:${path}`]);
    if (found.code === 0) return found.stdout;
  }
  // Nothing there, a folder, or no such commit.
  const [file] = await listFiles(git, commit, path);
  return file === undefined || file.path !== path ? null : readBlob(git, file.id);
}

/** The bytes of many small blobs by id, with one process. Throws E_GIT_FAILED when one is missing. */
export async function readBlobs(git: Git, ids: Iterable<string>): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(ids)];
  const blobs = new Map<string, Buffer>();
  if (wanted.length === 0) return blobs;
  const out = await git.run(['cat-file', '--batch'], { input: `${wanted.join('\n')}\n` });
  let offset = 0;
  for (const id of wanted) {
    const lineEnd = out.indexOf('\n', offset);
    const [, type, size] = out.toString('utf8', offset, lineEnd).split(' ');
    if (type !== 'blob' || size === undefined) {
      throw assayError('E_GIT_FAILED', { command: 'cat-file', status: 'no blob', detail: `${id} is ${type}` });
    }
    const begin = lineEnd + 1;
    const end = begin + Number(size);
    blobs.set(id, out.subarray(begin, end));
    offset = end + 1;
  }
  return blobs;
}

/** Which of these objects are in the repository; asks no remote. */
export async function presentObjects(git: Git, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const out = await git.text(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    input: `${ids.join('\n')}\n`,
    env: { GIT_NO_LAZY_FETCH: '1' },
  });
  const present = out.split('\n').filter((line) => !line.endsWith(' missing'));
  return new Set(present.map((line) => line.split(' ')[0] ?? ''));
}
