import { resolve } from 'node:path';
import type { Project } from '../../project/project.ts';
import { findVersion } from '../../registry/get.ts';
import type { VersionRecord } from '../../registry/records.ts';
import type { Context } from '../context.ts';
import { hideFromGit } from './hide-from-git.ts';
import { projectRegistry } from './open-registry.ts';
import { pullRegistered } from './registered-artifact.ts';
import { versionRecord } from './registered-model.ts';

export interface GetRequest {
  readonly project: Project;
  /** `MODEL@STAGE`, `MODEL@1.2.0` or `MODEL@latest`. */
  readonly reference: string;
  /** Folder for the model's files; `<model>-<version>` in the working folder, unseen by git, when left out. */
  readonly output?: string | undefined;
  readonly cwd: string;
}

export interface GetResult {
  readonly record: VersionRecord;
  readonly folder: string;
  readonly state: 'pulled' | 'present';
  readonly quarantined: boolean;
}

/** Brings a version's files, every digest checked. Throws E_REGISTRY_REFERENCE, E_REGISTRY_STAGE, E_ARTIFACT_*. */
export async function get(context: Context, request: GetRequest): Promise<GetResult> {
  const snapshot = await projectRegistry(context).read();
  const { state } = snapshot;
  const found = findVersion(state, request.reference);
  const record = found.record ?? versionRecord(state.models.get(found.model), found.model, found.version);
  const name = `${found.model.replaceAll(/[^A-Za-z0-9_-]/g, '-')}-${found.version}`;
  const folder = resolve(request.cwd, request.output ?? name);
  const pulled = await pullRegistered(context, request.project, snapshot, record, folder);
  // A folder that was named is its namer's; this one would be a change of the work tree that nobody asked for.
  if (request.output === undefined) await hideFromGit(context, folder);
  return { record, folder, state: pulled, quarantined: found.quarantined };
}
