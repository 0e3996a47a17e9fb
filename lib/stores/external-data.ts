import { assayError } from '../errors.ts';
import type { BucketObject, ObjectBucket } from './bucket/object-bucket.ts';
import { objectBytes, RANGE_BYTES, SizeMismatch } from './bucket/object-bytes.ts';
import { type BucketStoreLocation, openBucket } from './open-store.ts';
import { createRetry, type Retry } from './requests/retry.ts';
import type { TransferOptions } from './store.ts';

/** One file of data outside of every repository. */
export interface ExternalFile {
  /** Below the folder, forward slashes; '' for a single file. */
  readonly relpath: string;
  /** Bytes; undefined where nothing tells before they come. */
  readonly size: number | undefined;
  /** What the service calls these bytes. */
  readonly tag: string | undefined;
  /** MD5 of the bytes in hex, where the service knows it; what a list shows for one may be none. */
  readonly md5: string | undefined;
  /** The same as a look at this file tells it, which knows how it is encrypted. */
  digest(): Promise<string | undefined>;
  /** Of a bucket that keeps versions, where they were asked for or a look at the file told. */
  readonly version: string | undefined;
  /**
   * Its bytes, from `start` on.
   *
   * @throws E_STORE_OBJECT_CHANGED as soon as something else is there than what was looked at
   */
  bytes(start?: number): AsyncIterable<Uint8Array>;
}

/** Data at an address: a file, or a folder with all that is below it. */
export interface ExternalData {
  readonly kind: 'file' | 'directory';
  readonly files: readonly ExternalFile[];
}

/** Which versions are meant, in a bucket that keeps them. */
export type WantedVersions =
  /** What is there now, with the versions' names. */
  | 'newest'
  /** One version of a file. */
  | { readonly version: string }
  /** The files of a folder as they were, each with its version. */
  | { readonly files: readonly VersionedName[] };

export interface VersionedName {
  readonly relpath: string;
  readonly version: string | undefined;
  readonly size: number | undefined;
  readonly tag: string | undefined;
}

export interface ExternalOptions extends TransferOptions {
  readonly versions?: WantedVersions | undefined;
}

/** Files of one folder that is brought from an address. */
const MAX_FILES = 1_000_000;

/**
 * Looks at data at an address of object storage or a web server, where no digest names it.
 *
 * @param location of the data itself
 * @throws E_DATA_SOURCE where nothing is, E_STORE_UNVERSIONED and E_STORE_NO_VERSIONS where versions are asked for and none are
 * kept, E_STORE_OBJECT_MISSING for a version that is not there, and the bucket's errors
 */
export async function externalData(
  location: BucketStoreLocation,
  title: string,
  options: ExternalOptions = {},
): Promise<ExternalData> {
  const { above, name } = parentOf(location);
  const retry = createRetry({ signal: options.signal });
  const bucket = openBucket(above, options, retry);
  const { versions } = options;
  if (name === '') throw assayError('E_DATA_SOURCE', { url: title, reason: 'it names no file or folder' });
  if (versions !== undefined && bucket.versions === undefined) {
    throw assayError('E_STORE_UNVERSIONED', { store: bucket.description.title });
  }
  const file = fileOf({ bucket, retry, options });
  if (typeof versions === 'object' && 'files' in versions) {
    const files = versions.files.map(({ relpath, ...known }) => file({ key: `${name}/${relpath}`, ...known }, relpath));
    return { kind: 'directory', files };
  }
  const wanted = typeof versions === 'object' ? versions.version : undefined;
  const found = await bucket.stat(name, wanted);
  if (found !== undefined) {
    if (versions === 'newest') requireVersion(bucket, found);
    // A web server may not tell the size of what it makes on the way.
    const size = location.kind === 'http' && found.size === 0 ? undefined : found.size;
    const condition = found.condition ?? found.tag;
    // Without a version that was asked for, what is there may be replaced while it is read.
    return { kind: 'file', files: [file({ ...found, size, pinned: versions !== undefined, condition }, '')] };
  }
  if (wanted !== undefined) {
    const store = bucket.description.title;
    throw assayError('E_STORE_OBJECT_MISSING', { key: `${name} (version ${wanted})`, store });
  }
  const files: ExternalFile[] = [];
  for await (const object of objectsBelow(bucket, `${name}/`, versions !== undefined)) {
    // Small files come in one answer, which is of one object.
    const condition = object.size > RANGE_BYTES ? (object.condition ?? object.tag) : undefined;
    files.push(file({ ...object, condition, pinned: versions !== undefined }, object.key.slice(name.length + 1)));
    if (files.length > MAX_FILES) {
      throw assayError('E_DATA_SOURCE', { url: title, reason: `it holds more than ${MAX_FILES} files` });
    }
  }
  if (files.length === 0) throw assayError('E_DATA_SOURCE', { url: title, reason: 'nothing is there' });
  return { kind: 'directory', files };
}

interface KnownObject extends Partial<Omit<BucketObject, 'key' | 'size'>> {
  readonly key: string;
  readonly size: number | undefined;
  /** Read by its version, which nothing replaces. */
  readonly pinned?: boolean;
}

function fileOf({ bucket, retry, options }: { bucket: ObjectBucket; retry: Retry; options: ExternalOptions }) {
  return ({ key, size, tag, md5, version, condition, pinned = true }: KnownObject, relpath: string): ExternalFile => ({
    ...{ relpath, size, tag, md5, version },
    digest: async () => (await bucket.stat(key, pinned ? version : undefined))?.md5,
    bytes(start = 0) {
      const which = pinned ? { version } : { tag: start > 0 ? (condition ?? tag) : condition };
      const named = version !== undefined || tag !== undefined || condition !== undefined || md5 !== undefined;
      const arrived = (bytes: number) => options.onBytes?.(bytes, key);
      return unchanged(objectBytes(bucket, key, { retry, size, start, arrived, named, ...which }), key, bucket);
    },
  });
}

/** Another size than what was looked at has is another file. */
async function* unchanged(
  bytes: AsyncIterable<Uint8Array>,
  key: string,
  { description }: ObjectBucket,
): AsyncIterable<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    if (!(error instanceof SizeMismatch)) throw error;
    throw assayError('E_STORE_OBJECT_CHANGED', { key, store: description.title });
  }
}

/** What is below a folder now, markers of folders left out; with versions where they are asked for. */
async function* objectsBelow(bucket: ObjectBucket, prefix: string, versioned: boolean): AsyncIterable<BucketObject> {
  if (bucket.listing === 'none') return;
  const pages = versioned ? bucket.versions?.(prefix) : bucket.list(prefix);
  for await (const { objects } of pages ?? []) {
    for (const object of objects) {
      if (object.key.endsWith('/') || (versioned && object.newest !== true)) continue;
      if (versioned) requireVersion(bucket, object);
      yield object;
    }
  }
}

/** `null` is what S3 calls the one version of a bucket that keeps none. */
function requireVersion(bucket: ObjectBucket, { version }: BucketObject): void {
  if (version === undefined || version === 'null') {
    throw assayError('E_STORE_UNVERSIONED', { store: bucket.description.title });
  }
}

/** The folder that the data lies in, as a location of its own, and the data's name there. */
function parentOf(location: BucketStoreLocation): { above: BucketStoreLocation; name: string } {
  if (location.kind === 'http') {
    // A query may have slashes of its own.
    const slash = location.url.replace(/\?.*$/, '').lastIndexOf('/');
    return { above: { ...location, url: location.url.slice(0, slash) }, name: location.url.slice(slash + 1) };
  }
  const slash = location.prefix.lastIndexOf('/');
  return {
    above: { ...location, prefix: location.prefix.slice(0, Math.max(0, slash)) },
    name: location.prefix.slice(slash + 1),
  };
}
