import { AssayError, assayError } from '../../errors.ts';
import { readFileAt } from '../../git/read-objects.ts';
import type { ArtifactRecord } from '../../pointers/artifacts/artifact.ts';
import { pullArtifact } from '../../pointers/artifacts/pull-artifact.ts';
import { parseConfigFile } from '../../pointers/config/config-file.ts';
import { ARTIFACT_ROOT } from '../../pointers/object-key.ts';
import type { Project } from '../../project/project.ts';
import { versionPath } from '../../registry/layout.ts';
import type { Snapshot } from '../../registry/snapshot.ts';
import type { Context } from '../context.ts';
import { projectStore } from '../data/store/project-store.ts';

/** Something that was put into the store for a version. */
export interface RegisteredArtifact {
  readonly model: string;
  readonly version: string;
  readonly artifact: ArtifactRecord;
}

/**
 * Brings a registered artifact from the project's store to `target`, every digest checked. Where it is not there because the
 * project had another store when the version was registered, the error says which, and how to move.
 *
 * @throws E_ARTIFACT_*, E_STORE_*
 */
export async function pullRegistered(
  context: Context,
  project: Project,
  { head }: Pick<Snapshot, 'head'>,
  { model, version, artifact }: RegisteredArtifact,
  target: string,
  options: { readonly replace?: boolean } = {},
): Promise<'pulled' | 'present'> {
  const { store, remoteUrl } = await projectStore(context, project);
  try {
    return await pullArtifact(artifact, store, target, options);
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== 'E_STORE_OBJECT_MISSING' || head === null) throw error;
    const then = await storeOfRegistration(context, head, versionPath(model, version));
    if (then === undefined || then === storeOf(remoteUrl)) throw error;
    const { title, location } = store.describe();
    const key = artifact.md5;
    throw assayError('E_STORE_OBJECT_MISSING', { key, store: title, registered: then, present: location }, error);
  }
}

/** The store that the registry's DVC configuration named when a record was written; undefined where that is not known. */
async function storeOfRegistration({ git }: Context, head: string, path: string): Promise<string | undefined> {
  const added = await git.attempt(['log', '-1', '--diff-filter=A', '--format=%H', head, '--', `:/${path}`]);
  const commit = added.stdout.toString('utf8').trim();
  if (added.code !== 0 || commit === '') return undefined;
  const file = '.dvc/config';
  const text = await readFileAt(git, commit, file);
  try {
    const sections = parseConfigFile(text?.toString('utf8') ?? '', file);
    return storeOf(sections.get('remote "assay"')?.get('url')?.value);
  } catch {
    // A hint: what is wrong with that file is told by who reads it for itself.
    return undefined;
  }
}

/** The store by DVC's URL of its artifacts; without one it is the ref, which DVC cannot read. */
function storeOf(remoteUrl: string | undefined): string {
  return remoteUrl === undefined ? 'ref' : remoteUrl.replace(new RegExp(`/${ARTIFACT_ROOT}$`), '');
}
