import { objectKey } from '../../pointers/object-key.ts';
import type { Project } from '../../project/project.ts';
import { createContentHash } from '../../stores/bytes/content-digest.ts';
import type { Store } from '../../stores/store.ts';
import type { Context } from '../context.ts';
import { dvcFolderOf } from '../data/store/dvc-folder.ts';
import { projectStore } from '../data/store/project-store.ts';
import { repositoryConfig } from '../data/store/repository-config.ts';
import { findingsOf } from './doctor-finding.ts';
import type { Finding } from './doctor-output.ts';

const { ok, warn, thrown } = findingsOf('store');

/** Content that is looked for in a store, and written to it where that is asked for. */
const PROBE = Buffer.from('assay doctor\n');

/** The store that models go to: named once, reachable; writable where `write` asks for the try. */
export async function storeFindings(
  context: Context,
  project: Project,
  { write, remote }: { readonly write: boolean; readonly remote: boolean },
): Promise<Finding[]> {
  try {
    const { store } = await projectStore(context, project);
    const { title, kind } = store.describe();
    // The ref is the remote's: without one there is nothing to ask.
    if (kind === 'ref' && !remote)
      return [warn('store', `${title} needs a remote`, 'Add one: git remote add origin URL.')];
    const readOnly = kind === 'http';
    if (write && !readOnly) await tryWriting(store);
    else await store.has(keyOf(PROBE));
    const says = write && !readOnly ? 'can be written to' : 'answers; --write tries whether it can be written to';
    return [ok('store', `${title} ${says}`), ...(await coexistence(context, project, kind))];
  } catch (error) {
    return [thrown('store', error)];
  }
}

function keyOf(bytes: Uint8Array): string {
  return objectKey(digestOf(bytes).md5);
}

function digestOf(bytes: Uint8Array) {
  const hash = createContentHash();
  hash.update(bytes);
  return hash.digest();
}

async function tryWriting(store: Store): Promise<void> {
  const key = keyOf(PROBE);
  const there = await store.has(key);
  await store.write([{ key, expected: digestOf(PROBE), source: { bytes: PROBE } }]);
  if (!there) await store.remove([key]);
}

/** DVC beside us: where its remote is not ours to find, models and data part. */
async function coexistence(context: Context, project: Project, kind: string): Promise<Finding[]> {
  const { remotes, defaultRemote } = await repositoryConfig(context, dvcFolderOf(project.root));
  const { store } = project.config;
  if (defaultRemote !== undefined && store === undefined)
    return [ok('dvc', `models go below assay/ of DVC's default remote "${defaultRemote}"`)];
  if (remotes.size > 0 && defaultRemote === undefined && store === undefined) {
    const [first = ''] = remotes.keys();
    return [
      warn(
        'dvc',
        `DVC has remotes but no default, so models go to ${kind === 'ref' ? 'the ref' : 'a folder of this machine'}`,
        `Set core.remote in .dvc/config to ${first}, or store: in assay.yaml.`,
      ),
    ];
  }
  if (store === undefined && context.defaultStore === 'folder') {
    return [
      ok(
        'where',
        'models go to .assay/store from here, and to the ref refs/assay/store from a job; store: names one place for both',
      ),
    ];
  }
  return [];
}
