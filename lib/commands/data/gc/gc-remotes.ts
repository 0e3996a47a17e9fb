import { type ErrorCode, hasCode } from '../../../errors.ts';
import { objectKey } from '../../../pointers/object-key.ts';
import type { TrackedOutput } from '../../../pointers/outputs/tracked-output.ts';
import type { Store } from '../../../stores/store.ts';
import type { Context } from '../../context.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { goesTo, openRemote, type RemoteOptions, remoteOf } from '../store/data-remote.ts';
import type { UsedOutput } from './gc-used.ts';

/**
 * Addresses of what is used and would be lost with the cache: what the remote of one of the outputs that use it does not have.
 * Data that no remote keeps by content count as lost (imports of other repositories, versions of a bucket, what is not pushed,
 * remotes that are configured no more), and so do the work tree's where `cache.type` may have made links to them. Listings of
 * folders stay: they are small, and without them the next collection could not tell what is used.
 *
 * @throws E_DATA_NO_REMOTE where no remote is set, the store's errors
 */
export async function lackedByRemotes(
  context: Context,
  workspace: DataWorkspace,
  used: readonly UsedOutput[],
  { name: asked, jobs }: Pick<RemoteOptions, 'name' | 'jobs'>,
): Promise<Set<string>> {
  const { config } = workspace;
  const lacked = new Set<string>();
  const keep = (addresses: Iterable<string>) => {
    for (const address of addresses) lacked.add(address);
  };
  const links = config.cacheTypes.includes('symlink');
  const groups = new Map<string, UsedOutput[]>();
  for (const one of used) {
    const { output, addresses, present } = one;
    const name = (asked ?? remoteOf(output, config) ?? config.defaultRemote)?.toLowerCase() ?? '';
    const remote = config.remoteConfigs.get(name);
    const elsewhere = output.import?.kind === 'repository' || !output.push || remote?.versionAware === true;
    const unknown = asked === undefined && name !== '' && remote === undefined;
    if (elsewhere || unknown || !goesTo(output, asked) || (present && links)) keep(addresses);
    else groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  for (const [name, outputs] of groups) {
    const store = await openRemote(context, workspace, { name: name === '' ? undefined : name, jobs });
    const keys = new Map<string, string>();
    for (const { output, addresses } of outputs) {
      keep(addresses.filter((address) => address.endsWith('.dir')));
      for (const address of addresses) keys.set(objectKey(address, output.hash), address);
    }
    const there = await store.existing([...keys.keys()]);
    keep([...keys].flatMap(([key, address]) => (there.has(key) ? [] : [address])));
  }
  return lacked;
}

/** Where no listing can be brought from; that it is missing is told then. */
const NO_REMOTE: readonly ErrorCode[] = ['E_DATA_NO_REMOTE', 'E_DATA_VERSIONED'];

/** Where listings are brought from that no cache has: the remote that is collected, else each output's own. */
export function listingRemotes(
  context: Context,
  workspace: DataWorkspace,
  { asked, jobs }: { readonly asked?: Store; readonly jobs?: number | undefined },
): (output: TrackedOutput) => Promise<Store | undefined> {
  const opened = new Map<string, Promise<Store | undefined>>();
  const open = async (name: string) => {
    try {
      return await openRemote(context, workspace, { name: name === '' ? undefined : name, jobs });
    } catch (error) {
      if (hasCode(error, ...NO_REMOTE)) return undefined;
      throw error;
    }
  };
  return async (output) => {
    if (asked !== undefined) return asked;
    const name = remoteOf(output, workspace.config) ?? '';
    const store = opened.get(name) ?? open(name);
    opened.set(name, store);
    return store;
  };
}
