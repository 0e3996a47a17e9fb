import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assayError, messageOf } from '../errors.ts';
import type { Log } from '../ports.ts';
import { createLocalStore } from './local-store.ts';
import { createObjectStore, DEFAULT_JOBS } from './object-store.ts';
import { createRefStore, type StoreTree } from './ref-store.ts';
import { createRetry } from './retry.ts';
import { createS3Bucket } from './s3-bucket.ts';
import { type S3Options, s3Options } from './s3-options.ts';
import type { Store, TransferOptions } from './store.ts';
import { withoutSecrets } from './without-secrets.ts';

/** What the setting `store:` names. */
export type StoreLocation =
  | { readonly kind: 'folder'; readonly path: string }
  /** The ref `refs/assay/store` of the repository itself. */
  | { readonly kind: 'ref' }
  | ({ readonly kind: 's3' } & S3Options);

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
  if (scheme !== undefined) throw assayError('E_STORE_KIND', { location: withoutSecrets(location), kind: scheme });
  if (location.startsWith('~')) {
    throw assayError('E_STORE_LOCATION', { location, reason: '~ is not expanded: write the folder out' });
  }
  return { kind: 'folder', path: isAbsolute(location) ? location : resolve(root, location) };
}

export interface StorePorts extends TransferOptions {
  /** Gives the ref's tree when the store is a ref. */
  readonly tree: () => StoreTree;
  readonly log: Log;
}

/** Opens a store; nothing is read, loaded or made before it is used. */
export function openStore(location: StoreLocation, ports: StorePorts): Store {
  if (location.kind === 'folder') return createLocalStore(location.path, ports);
  if (location.kind === 'ref') return createRefStore(ports.tree(), ports.log);
  const { jobs = DEFAULT_JOBS, signal } = ports;
  const retry = createRetry({ signal });
  // Ranges and parts of large objects come on top of the objects; more would wait for each other in memory anyway.
  const bucket = createS3Bucket(location, { retry, signal, connections: jobs * 2 });
  return createObjectStore(bucket, { ...ports, retry });
}

function filePath(location: string): string {
  try {
    return fileURLToPath(location);
  } catch (error) {
    throw assayError('E_STORE_LOCATION', { location, reason: messageOf(error) }, error);
  }
}
