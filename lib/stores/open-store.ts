import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assayError, messageOf } from '../errors.ts';
import type { Log } from '../ports.ts';
import { createAzureBucket } from './azure/azure-bucket.ts';
import { type AzureOptions, azureOptions } from './azure/azure-options.ts';
import type { CloudPorts, ObjectBucket } from './bucket/object-bucket.ts';
import { createObjectStore, DEFAULT_JOBS } from './bucket/object-store.ts';
import { tellingAbsence } from './bucket/telling-absence.ts';
import { createVersionedStore, type VersionedStore } from './bucket/versioned-store.ts';
import { createLocalStore } from './folder/local-store.ts';
import { createGcsBucket, type GcsOptions, gcsOptions } from './gcs/gcs-bucket.ts';
import { createHttpBucket } from './http/http-bucket.ts';
import { type HttpOptions, httpOptions } from './http/http-options.ts';
import { createRefStore, type StoreTree } from './ref/ref-store.ts';
import { createRetry, type Retry } from './requests/retry.ts';
import { createS3Bucket } from './s3/s3-bucket.ts';
import { type S3Options, s3Options } from './s3/s3-options.ts';
import type { Store, TransferOptions } from './store.ts';
import { withoutSecrets } from './without-secrets.ts';

/** What the setting `store:` names. */
export type StoreLocation =
  /** `shared`: a group may write to the folders that are made in it. */
  | { readonly kind: 'folder'; readonly path: string; readonly shared?: boolean }
  /** The ref `refs/assay/store` of the repository itself. */
  | { readonly kind: 'ref' }
  | ({ readonly kind: 's3' } & S3Options)
  | ({ readonly kind: 'gs' } & GcsOptions)
  | ({ readonly kind: 'azure' } & AzureOptions)
  /** A web server's folder: read only. */
  | ({ readonly kind: 'http' } & HttpOptions);

/** Two letters and more, so that the drive of a Windows path is not taken for a scheme. */
const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i;

/**
 * Reads a store's location: a folder (absolute, or relative to `root`; it may lie outside), `file://…`, `ref`, or the
 * address of object storage.
 *
 * @param remote options of the DVC remote that names the location: keys in lower case, values as they are in the file
 * @throws E_STORE_KIND for addresses of kinds that this version does not read, E_STORE_LOCATION for what is no
 * location, E_STORE_OPTION
 */
export function parseStoreLocation(
  text: string,
  root: string,
  remote: ReadonlyMap<string, string> = new Map(),
): StoreLocation {
  const location = text.trim();
  if (location === '') throw assayError('E_STORE_LOCATION', { location: text, reason: 'it is empty' });
  if (location === 'ref') return { kind: 'ref' };
  const scheme = SCHEME.exec(location)?.[1]?.toLowerCase();
  if (scheme === 'file') return { kind: 'folder', path: filePath(location) };
  if (scheme === 's3') return { kind: 's3', ...s3Options(location, remote) };
  if (scheme === 'gs') return { kind: 'gs', ...gcsOptions(location, remote) };
  if (scheme === 'azure') return { kind: 'azure', ...azureOptions(location, remote) };
  if (scheme === 'http' || scheme === 'https') return { kind: 'http', ...httpOptions(location, remote) };
  if (scheme !== undefined) throw assayError('E_STORE_KIND', { location: withoutSecrets(location), kind: scheme });
  if (location.startsWith('~')) {
    throw assayError('E_STORE_LOCATION', { location, reason: '~ is not expanded: write the folder out' });
  }
  const shared = remote.get('shared')?.toLowerCase() === 'group';
  return {
    ...{ kind: 'folder', path: isAbsolute(location) ? location : resolve(root, location) },
    ...(shared ? { shared } : {}),
  };
}

export interface StorePorts extends TransferOptions {
  /** Gives the ref's tree; needed where the store is a ref. */
  readonly tree?: () => StoreTree;
  readonly log: Log;
}

/** Opens a store; nothing is read, loaded or made before it is used. */
export function openStore(location: StoreLocation, ports: StorePorts): Store {
  if (location.kind === 'folder') return createLocalStore(location.path, ports, location);
  if (location.kind === 'ref') {
    if (ports.tree === undefined) throw new TypeError('a store that is a ref needs its tree');
    return createRefStore(ports.tree(), ports.log);
  }
  const retry = createRetry({ signal: ports.signal });
  return createObjectStore(openBucket(location, ports, retry), { ...ports, retry });
}

/** A location that is asked over the network. */
export type BucketStoreLocation = Exclude<StoreLocation, { kind: 'folder' | 'ref' }>;

/**
 * Opens a bucket whose files lie at their own paths in versions: DVC's version-aware remotes.
 *
 * @param remote its name, for messages
 * @throws E_STORE_NO_VERSIONS for what has none
 */
export function openVersionedStore(location: StoreLocation, remote: string, ports: TransferOptions): VersionedStore {
  if (location.kind === 'folder' || location.kind === 'ref' || location.kind === 'http') {
    const store = location.kind === 'folder' ? `the folder ${location.path}` : `a store of the kind ${location.kind}`;
    throw assayError('E_STORE_NO_VERSIONS', { store, remote });
  }
  const retry = createRetry({ signal: ports.signal });
  const { jobs = DEFAULT_JOBS } = ports;
  return createVersionedStore(openBucket(location, ports, retry), { ...ports, jobs, retry });
}

/** The bucket of a location by itself, for what no content address names. Nothing is asked before it is used. */
export function openBucket(
  location: BucketStoreLocation,
  { jobs = DEFAULT_JOBS, signal }: TransferOptions,
  retry: Retry,
): ObjectBucket {
  // Ranges and parts of large objects come on top of the objects; more would wait for each other in memory anyway.
  return tellingAbsence(bucketOf(location, { retry, signal, connections: jobs * 2 }));
}

function bucketOf(location: BucketStoreLocation, ports: CloudPorts): ObjectBucket {
  switch (location.kind) {
    case 's3':
      return createS3Bucket(location, ports);
    case 'gs':
      return createGcsBucket(location, ports);
    case 'azure':
      return createAzureBucket(location, ports);
    case 'http':
      return createHttpBucket(location, ports);
  }
}

function filePath(location: string): string {
  try {
    return fileURLToPath(location);
  } catch (error) {
    throw assayError('E_STORE_LOCATION', { location, reason: messageOf(error) }, error);
  }
}
