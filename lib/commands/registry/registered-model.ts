import { join } from 'node:path';
import { assayError } from '../../errors.ts';
import type { Project } from '../../project/project.ts';
import type { VersionRecord } from '../../registry/records.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import type { ModelState } from '../../registry/state.ts';
import { stateFolder } from '../../train/run-folder.ts';
import { RunRecord } from '../../train/run-record.ts';
import type { Context } from '../context.ts';
import type { ScoringModel } from '../evaluate/score-model.ts';
import { readDocument } from './open-registry.ts';
import { pullRegistered } from './registered-artifact.ts';

/** A registered version whose files are here. */
export interface RegisteredModel {
  readonly version: VersionRecord;
  readonly run: RunRecord;
  readonly scoring: ScoringModel;
}

/** Brings a registered version: its run from the registry, its files from the store, every digest checked. */
export async function registeredModel(
  context: Context,
  project: Project,
  snapshot: Snapshot,
  version: VersionRecord,
  title: string,
): Promise<RegisteredModel> {
  const { model, artifact } = version;
  const run = await readDocument(context, snapshot, { model, kind: 'runs', digest: version.run }, RunRecord);
  const folder = join(await stateFolder(context.root), 'cache', 'artifacts', artifact.md5);
  await pullRegistered(context, project, snapshot, version, folder, { replace: true });
  return { version, run, scoring: { title, folder, record: run, code: 'commit' } };
}

/** The record of a version. Throws E_VERSION_NONE: a version that only a GTO tag knows has no run to score or compare. */
export function versionRecord(state: ModelState | undefined, model: string, version: string): VersionRecord {
  const record = state?.versions.get(version);
  if (record === undefined) throw assayError('E_VERSION_NONE', { model, wanted: version });
  return record;
}
