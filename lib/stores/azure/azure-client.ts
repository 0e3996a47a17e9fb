import type { TokenCredential } from '@azure/identity';
import type { ContainerClient } from '@azure/storage-blob';
import { assayError, messageOf } from '../../errors.ts';
import { bucketAddress } from '../bucket/bucket-location.ts';
import { type AzureOptions, isByToken, type NamedAccount } from './azure-options.ts';

/**
 * Opens a container through the SDK, with the credentials that the options name or its own chain of them.
 *
 * @throws E_STORE_OPTION for what the SDK cannot make anything of, E_STORE_CREDENTIALS
 */
export async function openAzure(options: AzureOptions): Promise<ContainerClient> {
  const { access } = options;
  const store = `the store ${bucketAddress('azure', options)}`;
  const needsToken = !('connectionString' in access) && isByToken(access);
  const token = needsToken ? await tokenCredential(access, store) : undefined;
  try {
    return await containerOf(options, token);
  } catch {
    // What the SDK says of it may quote it.
    const option = 'connectionString' in access ? 'connection_string' : 'endpointurl';
    throw assayError('E_STORE_OPTION', { option, store, reason: 'it cannot be read' });
  }
}

async function containerOf(
  { access, bucket, serviceTimeoutMs }: AzureOptions,
  token: TokenCredential | undefined,
): Promise<ContainerClient> {
  const sdk = await import('@azure/storage-blob');
  // One attempt: the store's own layer of retries goes around it.
  const retryOptions = { maxTries: 1, ...(serviceTimeoutMs === undefined ? {} : { tryTimeoutInMs: serviceTimeoutMs }) };
  const once = { retryOptions };
  if ('connectionString' in access) {
    return sdk.BlobServiceClient.fromConnectionString(access.connectionString, once).getContainerClient(bucket);
  }
  const { endpoint, account, key, sas } = access;
  const signature = token === undefined && key === undefined ? sas : undefined;
  const address = signature === undefined ? endpoint : `${endpoint}?${signature.replace(/^\?/, '')}`;
  const shared = key === undefined ? new sdk.AnonymousCredential() : new sdk.StorageSharedKeyCredential(account, key);
  return new sdk.BlobServiceClient(address, token ?? shared, once).getContainerClient(bucket);
}

/** The application's, else the SDK's chain (its documentation, "Credential chains"), in its order and without what is left out. */
async function tokenCredential({ application, without = [] }: NamedAccount, store: string): Promise<TokenCredential> {
  const sdk = await import('@azure/identity');
  try {
    if (application !== undefined) {
      return new sdk.ClientSecretCredential(application.tenant, application.client, application.secret);
    }
    if (without.length === 0) return new sdk.DefaultAzureCredential();
    const chain = [
      ...(without.includes('environment') ? [] : [() => new sdk.EnvironmentCredential()]),
      () => new sdk.WorkloadIdentityCredential(),
      ...(without.includes('managed identity') ? [] : [() => new sdk.ManagedIdentityCredential()]),
      ...[() => new sdk.AzureCliCredential(), () => new sdk.AzurePowerShellCredential()],
      () => new sdk.AzureDeveloperCliCredential(),
    ];
    return new sdk.ChainedTokenCredential(...chain.flatMap(ifThere));
  } catch (error) {
    const setting = /\bAZURE_TOKEN_CREDENTIALS\b/.exec(messageOf(error))?.[0];
    const reason =
      setting === undefined ? 'the identity that is named cannot be read' : `${setting} names none that there is`;
    throw assayError('E_STORE_CREDENTIALS', { store, reason });
  }
}

/** Those that are not configured say so already when they are made. */
function ifThere(make: () => TokenCredential): TokenCredential[] {
  try {
    return [make()];
  } catch {
    return [];
  }
}
