import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { createObjectStore } from '../../../lib/stores/bucket/object-store.ts';
import { createRetry, type RetryPorts } from '../../../lib/stores/requests/retry.ts';
import { createS3Bucket } from '../../../lib/stores/s3/s3-bucket.ts';
import { type S3Options, s3Options } from '../../../lib/stores/s3/s3-options.ts';
import type { Store, TransferOptions } from '../../../lib/stores/store.ts';
import { type ObjectServer, S3_KEYS, startObjectServer } from '../object-servers.ts';

export const BUCKET = 'team-bucket';

/** The SDK itself, to look at the server with other eyes than the store's. */
export function s3Client(endpoint: string): S3Client {
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: S3_KEYS });
}

export async function createBucket(endpoint: string): Promise<void> {
  const client = s3Client(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
}

/** A server with the bucket, which keeps every version of its objects where that is wanted. */
export async function startBucket(options: { readonly versions?: boolean } = {}): Promise<ObjectServer> {
  const server = await startObjectServer('versitygw');
  await createBucket(server.endpoint);
  if (options.versions === true) await keepVersions(server.endpoint);
  return server;
}

/** Has the bucket keep every version of its objects, or no longer. */
export async function keepVersions(endpoint: string, Status: 'Enabled' | 'Suspended' = 'Enabled'): Promise<void> {
  const client = s3Client(endpoint);
  await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status } }));
  client.destroy();
}

export const freshPrefix = (): string => `team/${randomUUID()}`;

/** The options of a DVC remote for a server on loopback. */
export function s3Remote(endpoint: string): ReadonlyMap<string, string> {
  return new Map([
    ['endpointurl', endpoint],
    ['region', 'us-east-1'],
    ['access_key_id', S3_KEYS.accessKeyId],
    ['secret_access_key', S3_KEYS.secretAccessKey],
  ]);
}

/** The same as lines of DVC's configuration, for the remote of a name. */
export function s3RemoteConfig(name: string, endpoint: string, path: string, more: readonly string[] = []): string {
  const settings = [...s3Remote(endpoint)].map(([key, value]) => `${key} = ${value}`);
  const lines = [
    `['remote "${name}"']`,
    ...[`url = s3://${BUCKET}${path}`, ...settings, ...more].map((line) => `    ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

export interface S3StoreSettings extends TransferOptions {
  readonly partBytes?: number;
  readonly rangeBytes?: number;
  readonly options?: Partial<S3Options>;
  readonly retry?: RetryPorts;
}

/** A store that tries again without waiting: what is tested is what it does, not how long it waits. */
export function s3Store(endpoint: string, prefix: string, settings: S3StoreSettings = {}): Store {
  const { options, retry: ports, ...transfer } = settings;
  const { signal } = transfer;
  const retry = createRetry({ sleep: async () => {}, signal, ...ports });
  const location = s3Options(`s3://${BUCKET}/${prefix}`, s3Remote(endpoint));
  const bucket = createS3Bucket({ ...location, ...options }, { retry, signal, connections: 32 });
  // Pieces as small as S3 allows, so that objects of a few megabytes are large ones.
  const pieces = { partBytes: 8 * 1024 * 1024, rangeBytes: 8 * 1024 * 1024 };
  return createObjectStore(bucket, { ...pieces, ...transfer, retry });
}
