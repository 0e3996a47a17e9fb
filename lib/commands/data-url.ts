import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { assayError } from '../errors.ts';
import { describeData, digestOnly, type FileDigest } from '../pointers/describe-data.ts';
import { dirAddress, renderDirObject } from '../pointers/dir-object.ts';
import type { ImportSource } from '../pointers/dvc-file.ts';
import { keepingDigest, keptIn } from '../pointers/keep-data.ts';
import { pathProblem } from '../pointers/relative-paths.ts';
import { externalData } from '../stores/external-data.ts';
import { inParallel } from '../stores/in-parallel.ts';
import type { BucketStoreLocation } from '../stores/open-store.ts';
import { withoutSecrets } from '../stores/without-secrets.ts';
import type { Context } from './context.ts';
import { byteProgress } from './data-progress.ts';
import { DEFAULT_TRANSFERS } from './data-remote.ts';
import type { DataWorkspace } from './data-workspace.ts';
import type { ImportedContent } from './keep-import.ts';
import { placeFile } from './place-file.ts';
import { storeLocation } from './store-location.ts';

type UrlSource = Extract<ImportSource, { kind: 'url' }>;

export interface BroughtUrl {
  readonly content: ImportedContent;
  /** The dependency that the pointer names. */
  readonly source: UrlSource;
}

/**
 * Brings what lies at an address into the cache: an http(s) file, a file or folder of object storage, or one of this machine.
 * `remote://NAME/path` is below a DVC remote, with its endpoint and credentials.
 *
 * @param folder that a relative path starts from, absolute
 * @param known what the pointer says: where the service still calls the bytes so, nothing is brought
 * @returns undefined where they are still the same
 * @throws E_DATA_SOURCE, E_STORE_KIND, E_STORE_OPTION, the bucket's errors
 */
export async function bringUrl(
  context: Context,
  workspace: DataWorkspace,
  url: string,
  folder: string,
  { jobs, known }: { readonly jobs?: number | undefined; readonly known?: UrlSource | undefined } = {},
): Promise<BroughtUrl | undefined> {
  const location = addressOf(context, workspace, url);
  if (location === undefined) {
    const { cache, staging } = workspace;
    // A copy whatever `cache.type` is: the original is not ours.
    const digest = keepingDigest({ cache, types: ['copy'], staging });
    return describeLocal(context, workspace, url, folder, digest);
  }
  const title = withoutSecrets(url);
  const progress = byteProgress(context.progress, `bringing ${title}`);
  const data = await externalData(location, title, { onBytes: progress.onBytes, jobs: jobs ?? DEFAULT_TRANSFERS });
  const [only] = data.files;
  const same = only?.tag !== undefined && only.tag === (known?.etag ?? known?.checksum) && only.size === known?.size;
  if (data.kind === 'file' && same) return undefined;
  progress.onTotal(data.files.reduce((sum, { size = 0 }) => sum + size, 0));
  const problem = pathProblem(data.kind === 'file' ? [] : data.files.map(({ relpath }) => relpath), 'contained');
  if (problem !== undefined) throw assayError('E_ARTIFACT_PATH', problem);
  const { cache, staging } = workspace;
  const brought: { relpath: string; md5: string }[] = [];
  let size = 0;
  await inParallel(data.files, jobs ?? DEFAULT_TRANSFERS, async ({ relpath, bytes }) => {
    const staged = staging.next();
    const hash = createHash('md5');
    await pipeline(
      bytes(),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          size += chunk.byteLength;
          yield chunk;
        }
      },
      createWriteStream(staged, { flags: 'wx' }),
    );
    const md5 = hash.digest('hex');
    await placeFile(cache, md5, staged);
    brought.push({ relpath, md5 });
  });
  progress.end();
  if (data.kind === 'file') {
    const md5 = brought[0]?.md5 ?? '';
    return {
      content: { folder: false, md5, size, isexec: false },
      source: { kind: 'url', url, ...tagOf(location, only?.tag), size, hash: 'md5' },
    };
  }
  const listing = renderDirObject(brought);
  const md5 = dirAddress(listing);
  const counts = { md5, size, nfiles: brought.length };
  return {
    content: { folder: true, isexec: false, listing, ...counts },
    source: { kind: 'url', url, ...counts, hash: 'md5' },
  };
}

/**
 * What tells the data at an address from others, without bringing them: the service's name of a file, the digest of what is on
 * this machine. A folder of object storage has neither, only its size.
 *
 * @throws as `bringUrl`
 */
export async function lookAtUrl(
  context: Context,
  workspace: DataWorkspace,
  url: string,
  folder: string,
): Promise<UrlSource> {
  const location = addressOf(context, workspace, url);
  if (location === undefined) return (await describeLocal(context, workspace, url, folder, digestOnly('md5'))).source;
  const { kind, files } = await externalData(location, withoutSecrets(url));
  const [only] = files;
  const size = files.reduce<number | undefined>(
    (sum, file) => (file.size === undefined ? sum : (sum ?? 0) + file.size),
    undefined,
  );
  const counts = { ...(size === undefined ? {} : { size }), hash: 'md5' };
  if (kind === 'directory') return { kind: 'url', url, ...counts, nfiles: files.length };
  return { kind: 'url', url, ...tagOf(location, only?.tag), ...counts };
}

/** The names that DVC gives them, with a web server's quotes. */
function tagOf({ kind }: BucketStoreLocation, tag: string | undefined): { checksum?: string; etag?: string } {
  return tag === undefined ? {} : kind === 'http' ? { checksum: tag } : { etag: tag };
}

/** Undefined for a path of this machine. */
function addressOf(context: Context, { root, config }: DataWorkspace, url: string): BucketStoreLocation | undefined {
  const [, name, below = ''] = /^remote:\/\/([^/]+)(\/.*)?$/.exec(url) ?? [];
  const remote = name === undefined ? undefined : config.remoteConfigs.get(name.toLowerCase());
  if (name !== undefined && remote === undefined) {
    throw assayError('E_DATA_NO_REMOTE', { name, known: [...config.remotes.keys()] });
  }
  if (remote === undefined && !/^[a-z][a-z0-9+.-]+:\/\//i.test(url)) return undefined;
  const address = remote === undefined ? url : `${remote.url.replace(/\/+$/, '')}${below}`;
  if (remote === undefined && /^https?:\/\//i.test(url)) return webAddress(context, url, root);
  const location = storeLocation(context, address, root, withoutVersions(remote?.options));
  if (location.kind === 'ref') throw assayError('E_DATA_SOURCE', { url, reason: 'it is no address' });
  return location.kind === 'folder' ? undefined : location;
}

/** A web address may carry a query, which a store's cannot. */
function webAddress(context: Context, url: string, root: string): BucketStoreLocation {
  const query = url.indexOf('?') === -1 ? url.length : url.indexOf('?');
  const location = storeLocation(context, url.slice(0, query).replace(/#.*$/, ''), root);
  if (location.kind !== 'http') throw assayError('E_DATA_SOURCE', { url, reason: 'it is no web address' });
  return { ...location, url: `${location.url}${url.slice(query).replace(/#.*$/, '')}` };
}

/** The newest version of what is there: where a remote keeps versions, they do not matter to what is brought from it. */
function withoutVersions(options: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  return new Map([...options].filter(([key]) => key !== 'version_aware' && key !== 'worktree'));
}

async function describeLocal(
  context: Context,
  workspace: DataWorkspace,
  url: string,
  folder: string,
  digest: FileDigest,
): Promise<BroughtUrl> {
  const { cache, jobs, config } = workspace;
  const path = localPath(url, folder, config.remotes);
  const progress = byteProgress(context.progress, `bringing ${url}`);
  const data = await describeData(path, {
    scope: keptIn(workspace.scopeOf({ path, hash: 'md5', kind: 'file' }), cache),
    digest,
    jobs,
    ...progress,
  });
  progress.end();
  if (data === undefined) throw assayError('E_DATA_SOURCE', { url, reason: 'nothing is there' });
  const { md5, size, isexec, files } = data;
  const directory = data.kind === 'directory';
  const counts = { md5, size, ...(directory ? { nfiles: files.length } : {}) };
  const listing = directory ? { listing: renderDirObject(files) } : {};
  return {
    content: { folder: directory, isexec: directory ? false : isexec, ...counts, ...listing },
    source: { kind: 'url', url, ...counts, hash: 'md5' },
  };
}

function localPath(url: string, folder: string, remotes: ReadonlyMap<string, string>): string {
  const [, name, below = ''] = /^remote:\/\/([^/]+)(\/.*)?$/.exec(url) ?? [];
  if (name !== undefined) return `${remotes.get(name.toLowerCase())}${below}`;
  return /^file:\/\//i.test(url) ? fileURLToPath(url) : resolve(folder, url);
}

/** Where a pointer's relative addresses start. */
export function pointerFolder(root: string, pointer: string): string {
  return resolve(root, dirname(pointer));
}
