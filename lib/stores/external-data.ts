import { assayError } from '../errors.ts';
import { objectBytes } from './object-bytes.ts';
import { type BucketStoreLocation, openBucket } from './open-store.ts';
import { createRetry } from './retry.ts';
import type { TransferOptions } from './store.ts';

/** One file of data outside of every repository. */
export interface ExternalFile {
  /** Below the folder, forward slashes; '' for a single file. */
  readonly relpath: string;
  /** Bytes; undefined where nothing tells before they come. */
  readonly size: number | undefined;
  /** What the service calls these bytes. */
  readonly tag: string | undefined;
  bytes(): AsyncIterable<Uint8Array>;
}

/** Data at an address: a file, or a folder with all that is below it. */
export interface ExternalData {
  readonly kind: 'file' | 'directory';
  readonly files: readonly ExternalFile[];
}

/** Files of one folder that is brought from an address. */
const MAX_FILES = 1_000_000;

/**
 * Looks at data at an address of object storage or a web server, where no digest names it.
 *
 * @param location of the data itself
 * @throws E_DATA_SOURCE where nothing is, and the bucket's errors
 */
export async function externalData(
  location: BucketStoreLocation,
  title: string,
  options: TransferOptions = {},
): Promise<ExternalData> {
  const { above, name } = parentOf(location);
  const retry = createRetry({ signal: options.signal });
  const bucket = openBucket(above, options, retry);
  const file = (key: string, relpath: string, size: number | undefined, tag: string | undefined): ExternalFile => ({
    relpath,
    size,
    tag,
    bytes: () => objectBytes(bucket, key, { retry, size, arrived: (bytes) => options.onBytes?.(bytes, key) }),
  });
  if (name === '') throw assayError('E_DATA_SOURCE', { url: title, reason: 'it names no file or folder' });
  const found = await bucket.stat(name);
  // A web server may not tell the size of what it makes on the way.
  const size = location.kind === 'http' && found?.size === 0 ? undefined : found?.size;
  if (found !== undefined) return { kind: 'file', files: [file(name, '', size, found.tag)] };
  const files: ExternalFile[] = [];
  if (bucket.listing !== 'none') {
    for await (const { objects } of bucket.list(`${name}/`)) {
      for (const { key, size: bytes, tag } of objects) {
        if (!key.endsWith('/')) files.push(file(key, key.slice(name.length + 1), bytes, tag));
      }
      if (files.length > MAX_FILES) {
        throw assayError('E_DATA_SOURCE', { url: title, reason: `it holds more than ${MAX_FILES} files` });
      }
    }
  }
  if (files.length === 0) throw assayError('E_DATA_SOURCE', { url: title, reason: 'nothing is there' });
  return { kind: 'directory', files };
}

/** The folder that the data lies in, as a location of its own, and the data's name there. */
function parentOf(location: BucketStoreLocation): { above: BucketStoreLocation; name: string } {
  if (location.kind === 'http') {
    const slash = location.url.lastIndexOf('/');
    return { above: { ...location, url: location.url.slice(0, slash) }, name: location.url.slice(slash + 1) };
  }
  const slash = location.prefix.lastIndexOf('/');
  return {
    above: { ...location, prefix: location.prefix.slice(0, Math.max(0, slash)) },
    name: location.prefix.slice(slash + 1),
  };
}
