import type { ContainerClient } from '@azure/storage-blob';
import type { AzureOptions } from './azure-options.ts';

/** Opens a container through the SDK, with the credentials that the options name or its own chain of them. */
export async function openAzure({ access, bucket }: AzureOptions): Promise<ContainerClient> {
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
