import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalFile, type Digest, digestOf } from '../../digest.ts';
import { describeArtifact } from '../../pointers/artifacts/describe-artifact.ts';
import { pushArtifact } from '../../pointers/artifacts/push-artifact.ts';
import type { Project } from '../../project/project.ts';
import { documentPath } from '../../registry/layout.ts';
import { StoredPredictions } from '../../registry/records.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import { stateFolder } from '../../train/run-folder.ts';
import type { Context } from '../context.ts';
import { projectStore } from '../data/store/project-store.ts';
import { readDocument } from '../registry/open-registry.ts';
import { pullRegistered } from '../registry/registered-artifact.ts';
import type { HoldoutRows } from './holdout-rows.ts';
import type { FindStored } from './score-available.ts';
import { predictionsDigest } from './score-model.ts';

/** Name of the file of scores: 64-bit floats, little-endian, in ascending order of id. */
const SCORES_FILE = 'predictions.f64';

/** The predictions of one version on one holdout are kept once, under this name. */
function predictionsKey(version: string, holdout: Digest): Digest {
  return digestOf({ version, holdout });
}

/** Predictions to be kept with a version. */
export interface Kept {
  readonly version: string;
  readonly scores: Float64Array;
}

/**
 * Keeps what versions predicted on a holdout, so that they can be compared with where they cannot be scored again: bytes
 * to the store, a document with their digests for the registry. Returns the documents, by path.
 */
export async function keepPredictions(
  context: Context,
  project: Project,
  model: string,
  { facts }: Pick<HoldoutRows, 'facts'>,
  kept: readonly Kept[],
): Promise<Map<string, string>> {
  const documents = new Map<string, string>();
  if (facts.rows === 0) return documents;
  const { store } = await projectStore(context, project);
  for (const { version, scores } of kept) {
    const folder = await mkdtemp(join(await stateFolder(context.root), 'predictions-'));
    try {
      const file = join(folder, SCORES_FILE);
      await writeFile(file, new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength));
      const artifact = await describeArtifact(file);
      await pushArtifact(file, artifact, store);
      const document: StoredPredictions = {
        schema: 'assay/stored-predictions/1',
        model,
        version,
        holdout: facts.digest,
        rows: facts.rows,
        predictions: predictionsDigest(scores),
        artifact,
      };
      const path = documentPath(model, 'predictions', predictionsKey(version, facts.digest));
      documents.set(path, canonicalFile(document));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return documents;
}

/** Finds predictions that were kept of a version on the very same examples, their bytes verified. */
export function findPredictions(
  context: Context,
  project: Project,
  snapshot: Snapshot | undefined,
  model: string,
): FindStored {
  return async (version, { facts }) => {
    const place = { model, kind: 'predictions', digest: predictionsKey(version, facts.digest) } as const;
    const path = documentPath(place.model, place.kind, place.digest);
    if (snapshot === undefined || !snapshot.state.paths.has(path)) return undefined;
    const document = await readDocument(context, snapshot, place, StoredPredictions);
    const file = join(await stateFolder(context.root), 'cache', 'predictions', document.artifact.md5);
    await pullRegistered(context, project, snapshot, document, file, { replace: true });
    const bytes = await readFile(file);
    const scores = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    return predictionsDigest(scores) === document.predictions ? scores : undefined;
  };
}
