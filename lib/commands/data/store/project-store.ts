import { join, relative, resolve } from 'node:path';
import { assayError } from '../../../errors.ts';
import { type DvcConfig, remoteIn } from '../../../pointers/config/dvc-config.ts';
import { ARTIFACT_ROOT } from '../../../pointers/object-key.ts';
import type { Project } from '../../../project/project.ts';
import { openStore, type StoreLocation } from '../../../stores/open-store.ts';
import type { Store } from '../../../stores/store.ts';
import { STATE_FOLDER } from '../../../train/run-folder.ts';
import type { Context } from '../../context.ts';
import { dvcFolderOf } from './dvc-folder.ts';
import { repositoryConfig } from './repository-config.ts';
import { requireCheckedOut } from './require-checked-out.ts';
import { storeLocation } from './store-location.ts';
import { storeTree } from './store-tree.ts';

/** The folder store of a repository that names none. */
export const DEFAULT_STORE = join(STATE_FOLDER, 'store');

/** Where a project's bytes are, and what DVC is told of it (undefined: DVC cannot read this store). */
export interface ProjectStore {
  readonly store: Store;
  readonly remoteUrl: string | undefined;
}

/**
 * The store of assay.yaml, else DVC's default remote, else the context's default. Both set and different is an error:
 * nobody could tell where an artifact is (design §6). Throws E_DATA_NOT_CHECKED_OUT, E_STORE_CONFLICT, E_STORE_KIND,
 * E_STORE_LOCATION, E_STORE_OPTION.
 */
export async function projectStore(context: Context, project: Project): Promise<ProjectStore> {
  const configured = project.config.store;
  const dvc = await repositoryConfig(context, dvcFolderOf(project.root));
  const named = remoteIn(dvc);
  const remote = named?.url;
  if (configured !== undefined && remote !== undefined && !samePlace(project.root, configured, remote)) {
    throw assayError('E_STORE_CONFLICT', { configured, dvc: remote });
  }
  if (configured === undefined && remote === undefined) await requireCheckedOut(context, project.root);
  const location = storeLocation(
    context,
    configured ?? remote ?? (context.defaultStore === 'ref' ? 'ref' : DEFAULT_STORE),
    project.root,
    // Both name the same place here, so what DVC knows of it (endpoint, region, profile …) holds for either.
    named?.options,
  );
  const store = openStore(location, { tree: () => storeTree(context), log: context.log });
  return { store, remoteUrl: remoteUrl(location, store) };
}

/** Where DVC finds the registered artifacts of a store; undefined for the ref, which it cannot read. */
function remoteUrl(location: StoreLocation, store: Store): string | undefined {
  if (location.kind === 'ref') return undefined;
  return location.kind === 'folder'
    ? join(location.path, ARTIFACT_ROOT)
    : `${store.describe().location}/${ARTIFACT_ROOT}`;
}

/** Where DVC keeps a project's data. */
export interface DvcStores {
  /** The folder whose `.dvc` holds for it. */
  readonly top: string;
  readonly config: DvcConfig;
  /** A remote by its name, the default one without; undefined where there is none. */
  readonly storeFor: (name: string | undefined) => Store | undefined;
}

/** @throws E_DATA_NOT_CHECKED_OUT, and as `readDvcConfig` */
export async function dvcStores(context: Context, project: Project): Promise<DvcStores> {
  const top = dvcFolderOf(project.root);
  const config = await repositoryConfig(context, top);
  if (config.remoteConfigs.size === 0 && project.config.store === undefined) {
    await requireCheckedOut(context, project.root);
  }
  const storeFor = (name: string | undefined) => {
    const remote = remoteIn(config, name);
    // Where `push-data` sends them in a repository that names nothing.
    const unnamed = project.config.store ?? (context.defaultStore === 'ref' ? 'ref' : undefined);
    const address = (name ?? config.defaultRemote) === undefined ? unnamed : remote?.url;
    if (address === undefined) return undefined;
    const location = storeLocation(context, address, project.root, remote?.options);
    return openStore(location, { tree: () => storeTree(context), log: context.log });
  };
  return { top, config, storeFor };
}

function samePlace(root: string, one: string, other: string): boolean {
  return one === other || relative(resolve(root, one), resolve(root, other)) === '';
}
