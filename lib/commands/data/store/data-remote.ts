import { availableParallelism } from 'node:os';
import { assayError } from '../../../errors.ts';
import { type DvcConfig, remoteIn } from '../../../pointers/config/dvc-config.ts';
import type { TargetedOutput } from '../../../pointers/outputs/output-targets.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { VersionedStore } from '../../../stores/bucket/versioned-store.ts';
import { openStore, openVersionedStore, type StoreLocation } from '../../../stores/open-store.ts';
import type { Store } from '../../../stores/store.ts';
import { withoutSecrets } from '../../../stores/without-secrets.ts';
import type { Context } from '../../context.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { unnamedRemote } from '../source/unnamed-remote.ts';
import { storeLocation } from './store-location.ts';

export interface RemoteOptions {
  /** The remote to use instead of the default one. Outputs that name another are left out, as in DVC: theirs is meant to be it. */
  readonly name?: string | undefined;
  readonly jobs?: number | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Outputs with the store that holds their data. */
export interface RemoteGroup {
  readonly store: Store;
  /** Transfers at a time. */
  readonly jobs: number;
  readonly outputs: readonly TargetedOutput[];
}

/** Outputs with the version-aware remote that holds their files at their own paths. */
export interface VersionedGroup {
  /** The remote's name. */
  readonly remote: string;
  /** Whether the versions that pointers keep under a remote's name are this remote's. */
  readonly owns: (remote: string) => boolean;
  readonly store: VersionedStore;
  /** Transfers at a time. */
  readonly jobs: number;
  readonly outputs: readonly TargetedOutput[];
}

/** Transfers at a time: as DVC, four for each core, because they wait for the network. */
export const DEFAULT_TRANSFERS = 4 * availableParallelism();

/**
 * The stores of outputs: the remote that was asked for, without those that name another; else each output's own, else DVC's
 * default, else `store:` of assay.yaml. In order of first use.
 *
 * @throws E_DATA_NO_REMOTE, E_STORE_KIND, E_STORE_LOCATION, E_STORE_OPTION, E_STORE_NO_VERSIONS
 */
export async function remoteGroups(
  context: Context,
  workspace: DataWorkspace,
  outputs: readonly TargetedOutput[],
  options: RemoteOptions,
): Promise<{ readonly plain: RemoteGroup[]; readonly versioned: VersionedGroup[] }> {
  const groups = new Map<string, TargetedOutput[]>();
  const meant = outputs.filter(({ output }) => goesTo(output, options.name));
  if (meant.length < outputs.length) {
    const count = outputs.length - meant.length;
    const what = count === 1 ? 'output is left out: its pointer names' : 'outputs are left out: their pointers name';
    context.log.info(`${count} ${what} another remote`);
  }
  for (const output of meant) {
    const name = options.name ?? remoteOf(output.output, workspace.config) ?? '';
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [output]);
    else members.push(output);
  }
  const plain: RemoteGroup[] = [];
  const versioned: VersionedGroup[] = [];
  for (const [name, members] of groups) {
    const own = { ...options, name: name || undefined };
    const jobs = jobsOf(workspace.config, own);
    const store = openVersioned(context, workspace.root, workspace.config, own);
    if (store === undefined) plain.push({ store: await openRemote(context, workspace, own), jobs, outputs: members });
    else versioned.push({ ...store, outputs: members });
  }
  return { plain, versioned };
}

/** Whether an output may be sent to a remote that was asked for, or brought from it. */
export function goesTo({ remote }: Pick<TrackedOutput, 'remote'>, asked: string | undefined): boolean {
  return asked === undefined || remote === undefined || remote.toLowerCase() === asked.toLowerCase();
}

/** What an output's pointer says of its remote: its setting, else where its versions are. */
export function remoteOf(
  { remote, cloud, files }: Pick<TrackedOutput, 'remote' | 'cloud' | 'files'>,
  config: DvcConfig,
): string | undefined {
  if (remote !== undefined) return remote;
  const version = cloud ?? files?.find((file) => file.cloud !== undefined)?.cloud;
  const name = version?.remote.toLowerCase();
  return name !== undefined && config.remoteConfigs.get(name)?.versionAware === true ? name : undefined;
}

/** A version-aware remote by its name, the default one without; undefined for one that is not. @throws E_STORE_NO_VERSIONS */
export function openVersioned(
  context: Pick<Context, 'environment'>,
  root: string,
  config: DvcConfig,
  { name: asked, jobs: wanted, onBytes }: RemoteOptions,
): Omit<VersionedGroup, 'outputs'> | undefined {
  const jobs = jobsOf(config, { name: asked, jobs: wanted });
  const remote = remoteIn(config, asked);
  if (remote?.versionAware !== true) return undefined;
  const location = storeLocation(context, remote.url, root, remote.options);
  return {
    remote: remote.name,
    // A remote that was renamed since leaves its old name in pointers: DVC does not ask for it either.
    owns: (other) => other.toLowerCase() === remote.name || !config.remoteConfigs.has(other.toLowerCase()),
    store: openVersionedStore(location, remote.name, { jobs, onBytes }),
    jobs,
  };
}

/** Transfers at a time with a remote: as many as were asked for, else as its option says. */
function jobsOf(config: DvcConfig, { name, jobs }: Pick<RemoteOptions, 'name' | 'jobs'>): number {
  return jobs ?? remoteIn(config, name)?.jobs ?? DEFAULT_TRANSFERS;
}

/** The store of a remote by its name; of the default one without. @throws as `remoteGroups`, E_DATA_VERSIONED */
export async function openRemote(context: Context, workspace: DataWorkspace, options: RemoteOptions): Promise<Store> {
  const { onBytes } = options;
  const jobs = jobsOf(workspace.config, options);
  const location = await remoteLocation(context, workspace, options.name);
  // Only a store that is a ref needs git.
  const tree = location.kind === 'ref' ? (await import('./store-tree.ts')).storeTree(context) : undefined;
  return openStore(location, {
    ...(tree === undefined ? {} : { tree: () => tree }),
    log: context.log,
    jobs,
    ...(onBytes === undefined ? {} : { onBytes }),
  });
}

/** Where a remote is, by its name; the default one without. @throws as `openRemote` */
export async function remoteLocation(
  context: Context,
  workspace: DataWorkspace,
  asked: string | undefined,
): Promise<StoreLocation> {
  const location = await knownLocation(context, workspace, asked);
  if (location !== undefined) return location;
  const { config } = workspace;
  throw assayError('E_DATA_NO_REMOTE', { name: asked ?? config.defaultRemote, known: [...config.remotes.keys()] });
}

/** As `remoteLocation`, of any repository; undefined where there is no such remote. @throws E_DATA_VERSIONED */
export async function knownLocation(
  context: Context,
  { root, config }: Pick<DataWorkspace, 'root' | 'config'>,
  asked: string | undefined,
): Promise<StoreLocation | undefined> {
  const remote = remoteIn(config, asked);
  if (remote === undefined) {
    return (asked ?? config.defaultRemote) === undefined ? unnamedRemote(context, root) : undefined;
  }
  if (!remote.versionAware) return storeLocation(context, remote.url, root, remote.options);
  throw assayError('E_DATA_VERSIONED', {
    what: `what is stored in ${withoutSecrets(remote.url)}`,
    remote: remote.name,
  });
}
