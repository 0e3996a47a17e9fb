import { lstatSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { assayError } from '../errors.ts';
import type { TargetedOutput } from '../pointers/output-targets.ts';
import { loadProject, PROJECT_FILE } from '../project/project.ts';
import { openStore, type StoreLocation } from '../stores/open-store.ts';
import type { Store } from '../stores/store.ts';
import { withoutSecrets } from '../stores/without-secrets.ts';
import type { Context } from './context.ts';
import type { DataWorkspace } from './data-workspace.ts';
import { storeTree } from './project-store.ts';
import { storeLocation } from './store-location.ts';

export interface RemoteOptions {
  /** The remote of every output, whatever they name. */
  readonly name?: string | undefined;
  readonly jobs?: number | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Outputs with the store that holds their data. */
export interface RemoteGroup {
  readonly store: Store;
  readonly outputs: readonly TargetedOutput[];
}

/** Transfers at a time: as DVC, four for each core, because they wait for the network. */
export const DEFAULT_TRANSFERS = 4 * availableParallelism();

/**
 * The stores of outputs: the remote that was asked for, else each output's own, else DVC's default, else `store:` of
 * assay.yaml. In order of first use.
 *
 * @throws E_DATA_NO_REMOTE, E_DATA_VERSIONED, E_STORE_KIND, E_STORE_LOCATION, E_STORE_OPTION
 */
export async function remoteGroups(
  context: Context,
  workspace: DataWorkspace,
  outputs: readonly TargetedOutput[],
  options: RemoteOptions,
): Promise<RemoteGroup[]> {
  const groups = new Map<string, TargetedOutput[]>();
  refuseVersioned(outputs);
  for (const output of outputs) {
    const name = options.name ?? output.output.remote ?? '';
    groups.set(name, [...(groups.get(name) ?? []), output]);
  }
  const opened: RemoteGroup[] = [];
  for (const [name, members] of groups) {
    opened.push({
      store: await openRemote(context, workspace, { ...options, name: name || undefined }),
      outputs: members,
    });
  }
  return opened;
}

/**
 * What lies at its own path under a version of its own is no object that an address finds: to look for it as one would end in
 * "missing", and to push it as one would leave a pointer that names what is not there.
 */
function refuseVersioned(outputs: readonly TargetedOutput[]): void {
  for (const { output } of outputs) {
    const version = output.cloud ?? output.files?.find((file) => file.cloud !== undefined)?.cloud;
    if (version === undefined && output.files === undefined) continue;
    const remote = version?.remote ?? output.remote ?? 'unknown';
    throw assayError('E_DATA_VERSIONED', { what: `"${output.path}"`, remote });
  }
}

/** The store of a remote by its name; of the default one without. @throws as `remoteGroups` */
export async function openRemote(context: Context, workspace: DataWorkspace, options: RemoteOptions): Promise<Store> {
  const { jobs = DEFAULT_TRANSFERS, onBytes } = options;
  return openStore(await locationOf(context, workspace, options.name), {
    tree: () => storeTree(context),
    log: context.log,
    jobs,
    ...(onBytes === undefined ? {} : { onBytes }),
  });
}

async function locationOf(
  context: Context,
  workspace: DataWorkspace,
  asked: string | undefined,
): Promise<StoreLocation> {
  const { root, config } = workspace;
  const name = asked ?? config.defaultRemote;
  const remote = name === undefined ? undefined : config.remoteConfigs.get(name.toLowerCase());
  if (remote?.versionAware === true) {
    throw assayError('E_DATA_VERSIONED', {
      what: `what is stored in ${withoutSecrets(remote.url)}`,
      remote: remote.name,
    });
  }
  if (remote !== undefined) return storeLocation(context, remote.url, root, remote.options);
  if (name === undefined) {
    const configured = lstatSync(join(root, PROJECT_FILE), { throwIfNoEntry: false })?.isFile()
      ? (await loadProject(root)).config.store
      : undefined;
    if (configured !== undefined) return storeLocation(context, configured, root);
    // A folder beside the data would be no second copy; the repository's own ref is one.
    if (context.defaultStore === 'ref') return { kind: 'ref' };
  }
  throw assayError('E_DATA_NO_REMOTE', { name, known: [...config.remotes.keys()] });
}
