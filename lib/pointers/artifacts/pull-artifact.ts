import { join } from 'node:path';
import { canonicalJson } from '../../digest.ts';
import { AssayError, assayError, hasCode } from '../../errors.ts';
import { inParallel } from '../../stores/in-parallel.ts';
import type { Store } from '../../stores/store.ts';
import { artifactKey } from '../object-key.ts';
import { type ArtifactFile, type ArtifactRecord, checkArtifactRecord, isFolder } from './artifact.ts';
import { describeArtifact } from './describe-artifact.ts';
import { exists, place } from './place.ts';

/** Files brought at a time. */
const PARALLEL_FILES = 4;

/**
 * Brings a registered artifact to `target` (a folder, or a file when the artifact is one): every byte verified by MD5 and
 * SHA-256 before anything is visible there, nothing outside it, all or nothing.
 *
 * @param options.replace exchange what stands at `target`; without it only an equal copy may stand there
 * @returns `present` when an equal copy was there already
 * @throws E_ARTIFACT_RECORD, E_ARTIFACT_DIGEST, E_ARTIFACT_EXISTS, E_STORE_OBJECT_MISSING, E_STORE_READ, E_STORE_WRITE
 */
export async function pullArtifact(
  record: ArtifactRecord,
  store: Store,
  target: string,
  options: { readonly replace?: boolean } = {},
): Promise<'pulled' | 'present'> {
  checkArtifactRecord(record);
  if (await exists(target)) {
    if (await isSame(target, record)) return 'present';
    if (options.replace !== true) throw assayError('E_ARTIFACT_EXISTS', { path: target });
  }
  const bring = async (file: ArtifactFile, to: string) => {
    const { md5, sha256, size } = file;
    await store.read(artifactKey(md5), { md5, sha256, size }, to).catch((error: unknown) => {
      if (!hasCode(error, 'E_STORE_OBJECT_CORRUPT')) throw error;
      throw assayError('E_ARTIFACT_DIGEST', { file: file.path, reason: error.message }, error);
    });
  };
  await place(
    target,
    async (temporary) => {
      const to = (file: ArtifactFile) => (isFolder(record) ? join(temporary, ...file.path.split('/')) : temporary);
      await inParallel(record.files, PARALLEL_FILES, (file) => bring(file, to(file)));
    },
    options,
  );
  return 'pulled';
}

/** Whether exactly this artifact is at `target`; something that cannot be described is something else. */
async function isSame(target: string, record: ArtifactRecord): Promise<boolean> {
  try {
    const found = await describeArtifact(target, record.path);
    return isFolder(found) === isFolder(record) && canonicalJson(contents(found)) === canonicalJson(contents(record));
  } catch (error) {
    if (error instanceof AssayError) return false;
    throw error;
  }
}

function contents(record: ArtifactRecord): { md5: string; sha256: string[] } {
  return { md5: record.md5, sha256: record.files.map((file) => file.sha256) };
}
