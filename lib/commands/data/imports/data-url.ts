import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { assayError } from '../../../errors.ts';
import { keepingDigest, keptIn } from '../../../pointers/cache/keep-data.ts';
import type { Staging } from '../../../pointers/cache/staging.ts';
import { describeData, digestOnly, type FileDigest } from '../../../pointers/checkout/describe-data.ts';
import { byCodePoint } from '../../../pointers/code-point-order.ts';
import type { ImportedFile, ImportSource } from '../../../pointers/formats/dvc-file.ts';
import { dirAddress, renderDirObject } from '../../../pointers/listings/dir-object.ts';
import { taggedTreeAddress } from '../../../pointers/listings/tagged-tree.ts';
import { pathProblem } from '../../../pointers/relative-paths.ts';
import {
  type ExternalData,
  type ExternalFile,
  externalData,
  type WantedVersions,
} from '../../../stores/external-data.ts';
import { inParallel } from '../../../stores/in-parallel.ts';
import type { BucketStoreLocation } from '../../../stores/open-store.ts';
import { withoutSecrets } from '../../../stores/without-secrets.ts';
import type { Context } from '../../context.ts';
import { byteProgress } from '../data-progress.ts';
import type { DataWorkspace } from '../data-workspace.ts';
import { DEFAULT_TRANSFERS } from '../store/data-remote.ts';
import type { ImportedContent } from './keep-import.ts';
import { receiveExternal } from './receive-external.ts';
import { localPath, type UrlLocation, type UrlPlace, urlLocation } from './url-location.ts';

export type UrlSource = Extract<ImportSource, { kind: 'url' }>;

export interface BroughtUrl {
  readonly content: ImportedContent;
  /** The dependency that the pointer names. */
  readonly source: UrlSource;
}

/** What of a workspace, or of another repository, it takes to bring something. */
export type UrlWorkspace = Pick<DataWorkspace, 'root' | 'config' | 'cache' | 'jobs' | 'scopeOf'> & {
  readonly staging: Staging;
};

export interface BringUrlOptions {
  readonly jobs?: number | undefined;
  /** What the pointer says: where the service still calls the bytes so, nothing is brought. */
  readonly known?: UrlSource | undefined;
  /** Which versions; by default what the address says: one that names none, or is not known by versions, is what is there now. */
  readonly versions?: WantedVersions | undefined;
  /** The digest of a folder's file that did not change since, where the cache has it. */
  readonly kept?: ((relpath: string) => string | undefined) | undefined;
}

/**
 * Brings what lies at an address into the cache: an http(s) file, a file or folder of object storage, or one of this machine.
 * `remote://NAME/path` is below a DVC remote, with its endpoint and credentials. What a call that was stopped has brought of a
 * file is gone on with.
 *
 * @returns undefined where it is still what `known` says
 * @throws E_DATA_SOURCE, E_STORE_KIND, E_STORE_OPTION, E_STORE_OBJECT_CHANGED, the bucket's errors
 */
export function bringUrl(
  context: Context,
  workspace: UrlWorkspace,
  place: UrlPlace,
  options: BringUrlOptions & { readonly known?: undefined },
): Promise<BroughtUrl>;
export function bringUrl(
  context: Context,
  workspace: UrlWorkspace,
  place: UrlPlace,
  options: BringUrlOptions,
): Promise<BroughtUrl | undefined>;
export async function bringUrl(
  context: Context,
  workspace: UrlWorkspace,
  place: UrlPlace,
  { jobs = DEFAULT_TRANSFERS, known, versions, kept }: BringUrlOptions,
): Promise<BroughtUrl | undefined> {
  const { url } = place;
  const located = urlLocation(context, workspace, place);
  if (located === undefined) {
    // A copy whatever `cache.type` is: the original is not ours.
    return describeLocal(context, workspace, place, keepingDigest(workspace.cache));
  }
  const title = withoutSecrets(url);
  const progress = byteProgress(context.progress, `bringing ${title}`);
  const asked = versions ?? defaultVersions(located);
  const data = await externalData(located.location, title, { onBytes: progress.onBytes, jobs, versions: asked });
  const source = sourceOf(place, located, data, asked !== undefined);
  if (known !== undefined && isSame(source, known)) return undefined;
  const problem = pathProblem(data.kind === 'file' ? [] : data.files.map(({ relpath }) => relpath), 'contained');
  if (problem !== undefined) throw assayError('E_ARTIFACT_PATH', problem);
  const before = new Map(known?.files?.map((file) => [file.relpath, file.versionId]));
  const keptOf = ({ relpath, version }: ExternalFile) =>
    version !== undefined && before.get(relpath) === version ? kept?.(relpath) : undefined;
  const brought: { relpath: string; md5: string; size: number }[] = [];
  const open: ExternalFile[] = [];
  for (const file of data.files) {
    const md5 = keptOf(file);
    if (md5 === undefined) open.push(file);
    else brought.push({ relpath: file.relpath, md5, size: file.size ?? 0 });
  }
  progress.onTotal(open.reduce((sum, { size = 0 }) => sum + size, 0));
  await inParallel(open, jobs, async (file) => {
    const { relpath } = file;
    const shown = relpath === '' ? title : `${title}/${relpath}`;
    brought.push({ relpath, ...(await receiveExternal(workspace, file, nameOf(title, file), shown)) });
  });
  progress.end();
  const size = brought.reduce((sum, file) => sum + file.size, 0);
  if (data.kind === 'file') {
    const md5 = brought[0]?.md5 ?? '';
    return { content: { folder: false, md5, size, isexec: false }, source: { ...source, size } };
  }
  const listing = renderDirObject(brought);
  const counts = { md5: dirAddress(listing), size, nfiles: brought.length };
  return {
    content: { folder: true, isexec: false, listing, ...counts },
    source: source.files === undefined ? { ...source, ...counts, ...(source.md5 ? { md5: source.md5 } : {}) } : source,
  };
}

/** What tells one file's bytes from others, for what an interrupted call leaves of it. */
function nameOf(title: string, { relpath, version, tag, size }: ExternalFile): string | undefined {
  if (version === undefined && tag === undefined) return undefined;
  const parts = JSON.stringify([title, relpath, version ?? tag, size ?? null]);
  return `import-${createHash('sha256').update(parts).digest('hex').slice(0, 32)}`;
}

/** The versions that a pointer names: what was imported, whatever is there now. */
export function pinnedVersions({ files, versionId }: UrlSource): WantedVersions | undefined {
  if (files === undefined) return versionId === undefined ? undefined : { version: versionId };
  return { files: files.map(({ relpath, etag: tag, size, versionId: version }) => ({ relpath, tag, size, version })) };
}

/** What an address says of versions by itself. */
function defaultVersions({ versionAware, version }: UrlLocation): WantedVersions | undefined {
  if (version !== undefined) return { version };
  return versionAware ? 'newest' : undefined;
}

/** Whether a service's word, or a digest, says that nothing changed. Where there is neither it may have. */
export function isSame(now: UrlSource, known: UrlSource): boolean {
  if (now.files !== undefined) {
    const before = new Map(known.files?.map((file) => [file.relpath, file.versionId]));
    return now.files.length === before.size && now.files.every((file) => before.get(file.relpath) === file.versionId);
  }
  if (now.md5 !== undefined) return now.md5 === known.md5;
  if (now.versionId !== known.versionId || (now.size ?? known.size) !== known.size) return false;
  const tag = now.etag ?? now.checksum;
  return tag !== undefined && tag === (known.etag ?? known.checksum);
}

/**
 * What tells the data at an address from others, without bringing them: the service's name of a file, the digest of what is on
 * this machine. A folder of object storage is known by the names of its files, or by their versions.
 *
 * @throws as `bringUrl`
 */
export async function lookAtUrl(
  context: Context,
  workspace: DataWorkspace,
  place: UrlPlace,
  versions?: WantedVersions,
): Promise<UrlSource> {
  const located = urlLocation(context, workspace, place);
  if (located === undefined) return (await describeLocal(context, workspace, place, digestOnly('md5'))).source;
  const asked = versions ?? defaultVersions(located);
  const data = await externalData(located.location, withoutSecrets(place.url), { versions: asked });
  const source = sourceOf(place, located, data, asked !== undefined);
  if (data.kind === 'file' || source.files !== undefined) return source;
  const size = data.files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  return { ...source, size, nfiles: data.files.length };
}

/** What a pointer notes of data that were looked at; counts of a folder come when they are known. */
function sourceOf(
  { url, fsConfig }: UrlPlace,
  { location }: UrlLocation,
  { kind, files }: ExternalData,
  versioned: boolean,
): UrlSource {
  const base = { kind: 'url', url, hash: 'md5', ...(fsConfig === undefined ? {} : { fsConfig }) } as const;
  if (kind === 'directory') {
    if (versioned) return { ...base, files: files.map(importedFile).sort(byPath) };
    const md5 = taggedTreeAddress(files);
    return { ...base, ...(md5 === undefined ? {} : { md5 }) };
  }
  const [only] = files;
  // As DVC does, S3's word is noted without being asked for; Google numbers the objects of every bucket.
  const version = versioned || location.kind === 's3' ? only?.version : undefined;
  return {
    ...base,
    ...tagOf(location, only?.tag),
    ...(only?.size === undefined ? {} : { size: only.size }),
    ...(version === undefined || version === 'null' ? {} : { versionId: version }),
  };
}

function importedFile({ relpath, tag, size, version }: ExternalFile): ImportedFile {
  return {
    relpath,
    ...(tag === undefined ? {} : { etag: tag }),
    ...(size === undefined ? {} : { size }),
    ...(version === undefined ? {} : { versionId: version }),
  };
}

function byPath(a: ImportedFile, b: ImportedFile): number {
  return byCodePoint(a.relpath, b.relpath);
}

/** The names that DVC gives them, with a web server's quotes. */
function tagOf({ kind }: BucketStoreLocation, tag: string | undefined): { checksum?: string; etag?: string } {
  return tag === undefined ? {} : kind === 'http' ? { checksum: tag } : { etag: tag };
}

async function describeLocal(
  context: Context,
  workspace: UrlWorkspace,
  place: UrlPlace,
  digest: FileDigest,
): Promise<BroughtUrl> {
  const { cache, jobs, config } = workspace;
  const { url } = place;
  const path = localPath(place, config.remotes);
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

/** Where a pointer's relative addresses start. */
export function pointerFolder(root: string, pointer: string): string {
  return resolve(root, dirname(pointer));
}
