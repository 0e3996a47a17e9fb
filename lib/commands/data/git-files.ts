import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { assayError } from '../../errors.ts';
import type { Git } from '../../git/git.ts';
import { listSizedFiles, openBlob, readBlobs } from '../../git/read-objects.ts';
import { resolveCommit } from '../../git/status.ts';
import { md5 as md5Of } from '../../pointers/md5.ts';
import type { ObjectCache } from '../../pointers/object-cache.ts';
import { dvcIgnored } from './dvc-ignored.ts';
import { placeFile } from './place-file.ts';

/** Blobs up to this many bytes are read together, this many at a time. */
const SMALL_BYTES = 256 * 1024;
const TOGETHER = 256;

/** What tells DVC of data is no data, below a folder that is brought. Source: dvc/fs/dvc.py `_is_dvc_file`. */
const POINTERS = /(^|\/)([^/]*\.dvc|dvc\.yaml|\.dvcignore)$/;

/** A file that git keeps, now an object of a cache too. */
export interface GitFile {
  /** From the repository's top. */
  readonly path: string;
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
  readonly isexec: boolean;
}

export interface GitFilePorts {
  readonly cache: ObjectCache;
  /** A new path for a file that is not whole yet. */
  readonly stage: () => string;
}

/**
 * Brings what git keeps at `path` of a commit (a file, or everything below a folder) into a cache, as DVC's `get` and
 * `import` do: without pointers and what `.dvcignore` hides. Links are left out as well: they lead to what may not be brought.
 *
 * @throws E_GIT_*, E_DVC_IGNORE, E_STORE_WRITE
 */
export async function bringGitFiles(
  { git, commit }: { readonly git: Git; readonly commit: string | undefined },
  path: string,
  { cache, stage }: GitFilePorts,
): Promise<GitFile[]> {
  const all = await listSizedFiles(git, commit ?? (await resolveCommit(git)));
  const below = all.filter(
    (file) => file.path === path || ((path === '' || file.path.startsWith(`${path}/`)) && !POINTERS.test(file.path)),
  );
  const ignored = await dvcIgnored(git, all);
  const wanted = below.filter((file) => file.mode !== '120000' && (file.path === path || !ignored(file.path)));
  const digests = new Map<string, string>();
  const small = [...new Set(wanted.filter(({ size }) => size <= SMALL_BYTES).map(({ id }) => id))];
  for (let from = 0; from < small.length; from += TOGETHER) {
    for (const [id, bytes] of await readBlobs(git, small.slice(from, from + TOGETHER))) {
      const md5 = md5Of(bytes);
      cache.insertBytes(bytes, md5);
      digests.set(id, md5);
    }
  }
  for (const { id } of wanted) {
    if (digests.has(id)) continue;
    const hash = createHash('md5');
    const staged = stage();
    await pipeline(
      openBlob(git, id),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(staged, { flags: 'wx' }),
    );
    const md5 = hash.digest('hex');
    await placeFile(cache, md5, staged);
    digests.set(id, md5);
  }
  return wanted.map(({ path: file, id, size, mode }) => {
    const md5 = digests.get(id);
    if (md5 === undefined) throw assayError('E_GIT_FAILED', { command: 'cat-file', status: 'no blob', detail: id });
    return { path: file, md5, size, isexec: mode === '100755' };
  });
}
