import type { Bucket, StorageOptions } from '@google-cloud/storage';
import { bucketAddress } from '../bucket/bucket-location.ts';
import { checkCredentialFile } from '../requests/credential-file.ts';
import type { GcsOptions } from './gcs-bucket.ts';

/**
 * Opens a bucket through the SDK, with the key file that the options name or its own chain of credentials.
 *
 * @throws E_STORE_OPTION for a key file that does more than hold a key
 */
export async function openGcs(options: GcsOptions): Promise<Bucket> {
  const { keyFile } = options;
  if (keyFile !== undefined) await checkCredentialFile(keyFile, 'google', `the store ${bucketAddress('gs', options)}`);
  const { Storage } = await import('@google-cloud/storage');
  return new Storage(storageOptions(options)).bucket(options.bucket);
}

/** What the SDK is told: no retries of its own, and credentials for Google alone. */
export function storageOptions({ project, keyFile, endpoint }: Omit<GcsOptions, 'bucket' | 'prefix'>): StorageOptions {
  return {
    retryOptions: { autoRetry: false, maxRetries: 0 },
    ...(project === undefined ? {} : { projectId: project }),
    ...(keyFile === undefined ? {} : { keyFilename: keyFile }),
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint, useAuthWithCustomEndpoint: isGoogles(endpoint) }),
  };
}

/**
 * Whether a region's or a private endpoint of Google itself is meant. A token lets in whoever has it, so nobody else gets one,
 * whatever the repository names; the SDK by itself gives none to Google's either.
 */
function isGoogles(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' && hostname.endsWith('.googleapis.com');
}
