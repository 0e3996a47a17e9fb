import { type BucketLocation, bucketLocation } from './bucket-location.ts';
import { remoteOptions } from './remote-options.ts';

/** Where a store in Azure Blob Storage is (`bucket` is the container), and who asks. */
export interface AzureOptions extends BucketLocation {
  readonly access:
    | { readonly connectionString: string }
    | {
        /** `https://<account>.blob.core.windows.net`, or that of an emulator. */
        readonly endpoint: string;
        readonly account: string;
        /** Account key or shared access signature; neither: the chain of `DefaultAzureCredential`. */
        readonly key?: string | undefined;
        readonly sas?: string | undefined;
        readonly anonymous?: boolean | undefined;
      };
}

const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ...['tenant_id', 'client_id', 'client_secret'].map(
    (key) => [key, 'set the environment variables AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET'] as const,
  ),
]);

/** What DVC takes from the environment where its configuration says nothing, by the option that it stands for. */
const ENVIRONMENT = {
  connection_string: 'AZURE_STORAGE_CONNECTION_STRING',
  account_name: 'AZURE_STORAGE_ACCOUNT',
  account_key: 'AZURE_STORAGE_KEY',
  sas_token: 'AZURE_STORAGE_SAS_TOKEN',
} as const;

/** The options of a remote, completed from the environment as DVC does it: one that is set in the file goes first. */
export function withAzureEnvironment(
  remote: ReadonlyMap<string, string>,
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const completed = new Map(remote);
  for (const [option, variable] of Object.entries(ENVIRONMENT)) {
    const value = environment[variable];
    if (value !== undefined && value !== '' && !completed.has(option)) completed.set(option, value);
  }
  return completed;
}

/** Reads `azure://container/folder` with the options of a DVC remote. @throws E_STORE_LOCATION, E_STORE_OPTION */
export function azureOptions(location: string, remote: ReadonlyMap<string, string> = new Map()): AzureOptions {
  const option = remoteOptions(location, remote, UNSUPPORTED);
  const place = bucketLocation(location, 'azure');
  const connectionString = option.text('connection_string');
  if (connectionString !== undefined) return { ...place, access: { connectionString } };
  const account = option.text('account_name');
  if (account === undefined) throw option.bad('account_name', 'it is needed where there is no connection_string');
  return {
    ...place,
    access: {
      account,
      endpoint: option.address('endpointurl') ?? `https://${account}.blob.core.windows.net`,
      key: option.text('account_key'),
      sas: option.text('sas_token'),
      anonymous: option.flag('allow_anonymous_login'),
    },
  };
}
