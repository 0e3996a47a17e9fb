import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assayError } from '../../../errors.ts';
import { percentDecoded } from '../../../percent-decoded.ts';
import type { SourceOptions } from '../../../pointers/formats/dvc-file.ts';
import type { BucketStoreLocation } from '../../../stores/open-store.ts';
import { withoutSecrets } from '../../../stores/without-secrets.ts';
import type { Context } from '../../context.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { storeLocation } from '../store/store-location.ts';

/** Where data outside of every repository is, as a pointer says it. */
export interface UrlPlace {
  /** An address, `remote://NAME/path`, or a path of this machine. */
  readonly url: string;
  /** Where a relative path starts, absolute. */
  readonly folder: string;
  /** Options of a remote that go before those of `remote://NAME`. */
  readonly fsConfig?: SourceOptions | undefined;
}

export interface UrlLocation {
  readonly location: BucketStoreLocation;
  /** What is brought from there is known by versions: as its options or a version in the address say. */
  readonly versionAware: boolean;
  /** The version in the address. */
  readonly version: string | undefined;
}

/** How clouds name a version at the end of an address, as DVC writes them. */
const VERSIONS: ReadonlyMap<string, { readonly joint: string; readonly form: RegExp }> = new Map([
  ['s3', { joint: '?versionId=', form: /^([^?#]*)\?versionId=([^&#]+)$/ }],
  ['azure', { joint: '?versionid=', form: /^([^?#]*)\?versionid=([^&#]+)$/i }],
  ['gs', { joint: '#', form: /^([^?#]*)#(\d+)$/ }],
]);

function versionsOf(url: string) {
  return VERSIONS.get(/^([a-z0-9]+):\/\//i.exec(url)?.[1]?.toLowerCase() ?? '');
}

/** An address without the version that it names, and that version. */
export function splitVersion(url: string): { readonly url: string; readonly version?: string } {
  const [, plain, version] = versionsOf(url)?.form.exec(url) ?? [];
  return plain === undefined || version === undefined ? { url } : { url: plain, version: percentDecoded(version) };
}

/** An address with a version of what is there, as its cloud writes it. */
export function withVersion(url: string, version: string | undefined): string {
  const known = versionsOf(url);
  return known === undefined || version === undefined ? url : `${url}${known.joint}${version}`;
}

/**
 * The location of an address; undefined for a path of this machine.
 *
 * @throws E_DATA_NO_REMOTE, E_DATA_SOURCE, E_STORE_KIND, E_STORE_LOCATION, E_STORE_OPTION
 */
export function urlLocation(
  context: Pick<Context, 'environment'>,
  { root, config }: Pick<DataWorkspace, 'root' | 'config'>,
  { url, fsConfig = {} }: UrlPlace,
): UrlLocation | undefined {
  const [, name, below = ''] = /^remote:\/\/([^/]+)(\/.*)?$/.exec(url) ?? [];
  const remote = name === undefined ? undefined : config.remoteConfigs.get(name.toLowerCase());
  if (name !== undefined && remote === undefined) {
    throw assayError('E_DATA_NO_REMOTE', { name, known: [...config.remotes.keys()] });
  }
  if (remote === undefined && !/^[a-z][a-z0-9+.-]+:\/\//i.test(url)) return undefined;
  const { url: address, version } = splitVersion(
    remote === undefined ? url : `${remote.url.replace(/\/+$/, '')}${below}`,
  );
  const own = Object.entries(fsConfig).map(([key, value]): [string, string] => [key.toLowerCase(), String(value)]);
  const options = new Map([...(remote?.options ?? []), ...own]);
  const versionAware = version !== undefined || options.get('version_aware')?.toLowerCase() === 'true';
  // They say nothing of how the store is spoken to.
  for (const key of ['version_aware', 'worktree']) options.delete(key);
  const web = remote === undefined && /^https?:\/\//i.test(url);
  const location = web ? webAddress(context, url, root, options) : storeLocation(context, address, root, options);
  if (location.kind === 'ref')
    throw assayError('E_DATA_SOURCE', { url: withoutSecrets(url), reason: 'it is no address' });
  return location.kind === 'folder' ? undefined : { location, versionAware, version };
}

/** A web address may carry a query, which a store's cannot. */
function webAddress(
  context: Pick<Context, 'environment'>,
  url: string,
  root: string,
  options: ReadonlyMap<string, string>,
): BucketStoreLocation {
  const query = url.indexOf('?') === -1 ? url.length : url.indexOf('?');
  const location = storeLocation(context, url.slice(0, query).replace(/#.*$/, ''), root, options);
  if (location.kind !== 'http')
    throw assayError('E_DATA_SOURCE', { url: withoutSecrets(url), reason: 'it is no web address' });
  return { ...location, url: `${location.url}${url.slice(query).replace(/#.*$/, '')}` };
}

/** The path on this machine of what `urlLocation` has no location for. */
export function localPath({ url, folder }: UrlPlace, remotes: ReadonlyMap<string, string>): string {
  const [, name, below = ''] = /^remote:\/\/([^/]+)(\/.*)?$/.exec(url) ?? [];
  if (name !== undefined) return `${remotes.get(name.toLowerCase())}${below}`;
  return /^file:\/\//i.test(url) ? fileURLToPath(url) : resolve(folder, url);
}
