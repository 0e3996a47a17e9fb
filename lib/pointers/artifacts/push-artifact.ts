import { join } from 'node:path';
import type { Store, StoreObject, WriteSummary } from '../../stores/store.ts';
import { artifactKey } from '../object-key.ts';
import { type ArtifactRecord, checkArtifactRecord, dirObjectOf, isFolder } from './artifact.ts';

/**
 * Stores a described artifact below `<store>/assay/`: its files first, then the `.dir` that names them, because DVC takes
 * a `.dir` for the promise that everything in it is there. What is in the store already is not sent again.
 *
 * @param target the folder or file that `record` describes
 * @throws E_ARTIFACT_RECORD, E_STORE_SOURCE_CHANGED when a file is no longer what the record says, and the store's errors
 */
export async function pushArtifact(target: string, record: ArtifactRecord, store: Store): Promise<WriteSummary> {
  checkArtifactRecord(record);
  const folder = isFolder(record);
  const files = new Map<string, StoreObject>(
    record.files.map(({ path, size, md5, sha256 }) => [
      md5,
      {
        key: artifactKey(md5),
        expected: { md5, sha256, size },
        source: { file: folder ? join(target, ...path.split('/')) : target },
      },
    ]),
  );
  return store.write([...files.values()], folder ? [dirObject(record)] : []);
}

function dirObject(record: ArtifactRecord): StoreObject {
  const bytes = Buffer.from(dirObjectOf(record.files));
  return {
    key: artifactKey(record.md5),
    expected: { md5: record.md5.slice(0, -'.dir'.length), size: bytes.byteLength },
    source: { bytes },
  };
}
