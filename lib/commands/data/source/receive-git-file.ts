import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AssayError, assayError } from '../../../errors.ts';
import type { Git } from '../../../git/git.ts';
import { openBlob } from '../../../git/read-objects.ts';
import type { ObjectCache } from '../../../pointers/cache/object-cache.ts';
import { placeFile } from '../../../pointers/cache/place-file.ts';
import type { LfsPointer } from './lfs-pointer.ts';

export interface GitFilePorts {
  readonly cache: ObjectCache;
  /** A new path for a file that is not whole yet. */
  readonly stage: () => string;
  /** What DVC makes of symbolic links: a file of a link's text. */
  readonly linkTexts?: boolean | undefined;
}

interface Received {
  readonly staged: string;
  readonly md5: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Brings a large blob into a cache, streamed; returns its MD5. @throws E_GIT_*, E_STORE_WRITE */
export async function receiveBlob(git: Git, id: string, { cache, stage }: GitFilePorts): Promise<string> {
  const { staged, md5 } = await receive(openBlob(git, id), stage());
  await placeFile(cache, md5, staged);
  return md5;
}

/**
 * Brings the bytes of a file of Git LFS into a cache, by the program of that name, from where its repository's remote keeps
 * them; returns their MD5. What came is held against the pointer.
 *
 * @param path for messages
 * @throws E_DATA_LFS, E_STORE_WRITE
 */
export async function receiveLfsFile(
  git: Git,
  { path, pointer, expected }: { readonly path: string; readonly pointer: Buffer; readonly expected: LfsPointer },
  { cache, stage }: GitFilePorts,
): Promise<string> {
  // Whoever clones without LFS's files sets that variable; here they are what was asked for.
  const smudge = git.stream(['lfs', 'smudge'], { input: pointer, env: { GIT_LFS_SKIP_SMUDGE: '0' } });
  const { staged, md5, sha256, size } = await receive(smudge, stage()).catch((error: unknown) => {
    if (!(error instanceof AssayError) || !error.code.startsWith('E_GIT_')) throw error;
    throw assayError('E_DATA_LFS', { path, reason: error.message }, error);
  });
  if (sha256 !== expected.sha256 || size !== expected.size) {
    await rm(staged, { force: true });
    throw assayError('E_DATA_LFS', { path, reason: 'git lfs gave other bytes than the file names' });
  }
  await placeFile(cache, md5, staged);
  return md5;
}

/** A stream's bytes in a new file, with their digests. */
async function receive(source: Readable, staged: string): Promise<Received> {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  let size = 0;
  await pipeline(
    source,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        md5.update(chunk);
        sha256.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(staged, { flags: 'wx' }),
  );
  return { staged, md5: md5.digest('hex'), sha256: sha256.digest('hex'), size };
}
