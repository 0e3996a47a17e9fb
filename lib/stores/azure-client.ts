import type { ContainerClient } from '@azure/storage-blob';
import { assayError } from '../errors.ts';
import type { AzureOptions } from './azure-options.ts';
import { bucketAddress } from './bucket-location.ts';

/**
 * Opens a container through the SDK, with the credentials that the options name or its own chain of them.
 *
 * @throws E_STORE_OPTION for what the SDK cannot make anything of
 */
export async function openAzure(options: AzureOptions): Promise<ContainerClient> {
  try {
    return await containerOf(options);
  } catch {
    // What the SDK says of it may quote it.
    const option = 'connectionString' in options.access ? 'connection_string' : 'endpointurl';
    const store = `the store ${bucketAddress('azure', options)}`;
    throw assayError('E_STORE_OPTION', { option, store, reason: 'it cannot be read' });
  }
}

async function containerOf({ access, bucket }: AzureOptions): Promise<ContainerClient> {
  const sdk = await import('@azure/storage-blob');
  // One attempt: the store's own layer of retries goes around it.
  const once = { retryOptions: { maxTries: 1 } };
  if ('connectionString' in access) {
    return sdk.BlobServiceClient.fromConnectionString(access.connectionString, once).getContainerClient(bucket);
  }
  const { endpoint, account, key, sas, anonymous } = access;
  if (sas !== undefined) {
    return new sdk.BlobServiceClient(`${endpoint}?${sas.replace(/^\?/, '')}`, undefined, once).getContainerClient(
      bucket,
    );
  }
  const credential =
    key !== undefined
      ? new sdk.StorageSharedKeyCredential(account, key)
      : anonymous === true
        ? new sdk.AnonymousCredential()
        : new (await import('@azure/identity')).DefaultAzureCredential();
  return new sdk.BlobServiceClient(endpoint, credential, once).getContainerClient(bucket);
}
