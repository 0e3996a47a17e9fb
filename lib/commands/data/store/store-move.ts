import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { assayError } from '../../../errors.ts';
import type { DvcConfig } from '../../../pointers/config/dvc-config.ts';
import { loadProject, PROJECT_FILE } from '../../../project/project.ts';
import { removedAfter } from '../../../removed-after.ts';
import { moveStore } from '../../../stores/move-store.ts';
import { openStore, type StoreLocation } from '../../../stores/open-store.ts';
import type { Store, StoreDescription } from '../../../stores/store.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import type { Context } from '../../context.ts';
import type { StoreMoveOutput } from '../data-outputs.ts';
import { byteProgress } from '../data-progress.ts';
import { DEFAULT_TRANSFERS } from './data-remote.ts';
import { dvcRoot } from './dvc-folder.ts';
import { DEFAULT_STORE } from './project-store.ts';
import { repositoryConfig } from './repository-config.ts';
import { copyRuns, isRunKey, runPlace } from './run-places.ts';
import { storeLocation } from './store-location.ts';
import { storeTree } from './store-tree.ts';

export interface StoreMoveRequest {
  /** A location as `store:` takes it, or the name of a DVC remote, whose options then count. */
  readonly to: string;
  /** The same; the project's store when left out. */
  readonly from?: string | undefined;
  readonly jobs?: number | undefined;
}

/**
 * Copies every object of a store to another, data, registered models and DVC's run cache, verified on both sides. The source is left as it
 * is, and so is the configuration: what was moved is used from the commit on that names the new store. A move that was
 * interrupted goes on where it stopped.
 *
 * @throws E_STORE_SAME, E_STORE_KIND, E_STORE_LOCATION, E_STORE_OPTION, E_STORE_OBJECT_CORRUPT, the stores' errors
 */
export async function storeMove(context: Context, request: StoreMoveRequest): Promise<StoreMoveOutput> {
  const { to, from, jobs = DEFAULT_TRANSFERS } = request;
  const dvcFolder = dvcRoot(context.root);
  const dvc = dvcFolder === undefined ? undefined : await repositoryConfig(context, dvcFolder);
  const open = (location: StoreLocation): Store =>
    openStore(location, { tree: () => storeTree(context), log: context.log, jobs });
  const places = {
    from: from === undefined ? await presentStore(context, dvc) : named(context, from, dvc),
    to: named(context, to, dvc),
  };
  const [source, target] = [open(places.from), open(places.to)];
  const [one, other] = [source.describe(), target.describe()];
  if (one.kind === other.kind && one.location === other.location) {
    throw assayError('E_STORE_SAME', { store: one.location });
  }
  const progress = byteProgress(context.progress, `moving to ${other.location}`);
  const temporary = await temporaryFolder('store');
  return removedAfter<StoreMoveOutput>(temporary, async () => {
    const { onTotal, onBytes } = progress;
    const except = folderInside(one, other);
    const moved = await moveStore(source, target, temporary, { jobs, onTotal, onBytes, except });
    const { copied, copiedBytes, present } = moved;
    const others = moved.unaddressed.filter((key) => !isRunKey(key));
    // Behind what the runs name.
    const runs =
      others.length === moved.unaddressed.length ? undefined : await moveRuns(context, places.from, places.to, jobs);
    const unaddressed = runs === undefined ? moved.unaddressed : others;
    if (copied + present + moved.unaddressed.length === 0) {
      context.log.warning(`nothing is in ${one.location}: look whether it is the store that was meant (--from)`);
    }
    return {
      schema: 'assay/store-move/1',
      from: one.location,
      to: other.location,
      copied,
      copiedBytes,
      present,
      unaddressed: [...unaddressed],
      ...(runs === undefined ? {} : { runs }),
    };
  }).finally(progress.end);
}

/** DVC's run cache, from one store to another; undefined, with a warning, where one of them holds none. */
async function moveRuns(context: Context, from: StoreLocation, to: StoreLocation, jobs: number) {
  const source = runPlace(context, from, jobs);
  const target = source && runPlace(context, to, jobs);
  return target && copyRuns(context, source, target, jobs);
}

/** Where in a store another one lies, as between a bucket and a folder of it; undefined for one that lies elsewhere. */
function folderInside(store: StoreDescription, other: StoreDescription): string | undefined {
  const top = `${store.location.replace(/\/+$/, '')}/`;
  return store.kind === other.kind && other.location.startsWith(top) ? other.location.slice(top.length) : undefined;
}

function named(context: Context, text: string, dvc: DvcConfig | undefined): StoreLocation {
  const remote = dvc?.remoteConfigs.get(text.toLowerCase());
  if (remote !== undefined) return storeLocation(context, remote.url, context.root, remote.options);
  // An address that a remote has as well is that remote, with its endpoint and region.
  const same = [...(dvc?.remoteConfigs.values() ?? [])].find(({ url }) => url.replace(/\/+$/, '') === text);
  return storeLocation(context, text, context.root, same?.options);
}

/** What the project's store is; without any setting the one that was used so far: the folder of a laptop, else CI's ref. */
async function presentStore(context: Context, dvc: DvcConfig | undefined): Promise<StoreLocation> {
  const { root } = context;
  const isProject = lstatSync(join(root, PROJECT_FILE), { throwIfNoEntry: false })?.isFile() === true;
  const configured = isProject ? (await loadProject(root)).config.store : undefined;
  const remote = dvc?.defaultRemote;
  if (configured !== undefined) return named(context, configured, dvc);
  if (remote !== undefined) return named(context, remote, dvc);
  const folder = join(root, DEFAULT_STORE);
  const used = lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  return used ? { kind: 'folder', path: folder } : { kind: 'ref' };
}
