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

/** What lets in: a signature whoever has it, and what a key has signed can be passed on to Azure by whoever got it. */
const SECRETS: readonly string[] = ['sas_token', 'account_key'];

/**
 * The options of a remote, completed from the environment as DVC does it: one that is set in the file goes first. What lets in
 * goes from there to Microsoft's own endpoints alone, whatever the repository names.
 */
export function withAzureEnvironment(
  remote: ReadonlyMap<string, string>,
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const endpoint = remote.get('endpointurl');
  const elsewhere = endpoint !== undefined && !isMicrosofts(endpoint);
  const completed = new Map(remote);
  for (const [option, variable] of Object.entries(ENVIRONMENT)) {
    const value = environment[variable];
    if (value === undefined || value === '' || completed.has(option)) continue;
    if (!SECRETS.includes(option) || !elsewhere) completed.set(option, value);
  }
  return completed;
}

/** Where Azure's blobs are, in all of its clouds. Source: Microsoft, "Storage account endpoints", "Compare Azure clouds". */
const MICROSOFTS =
  /\.blob\.(core\.(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net|cloudapi\.de)|storage\.azure\.net)$/;

/** Whether an endpoint is one of Microsoft's own. */
function isMicrosofts(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' && MICROSOFTS.test(hostname);
}

/** Reads `azure://container/folder` with the options of a DVC remote. @throws E_STORE_LOCATION, E_STORE_OPTION */
export function azureOptions(location: string, remote: ReadonlyMap<string, string> = new Map()): AzureOptions {
  const option = remoteOptions(location, remote, UNSUPPORTED);
  const place = bucketLocation(location, 'azure');
  const connectionString = option.text('connection_string');
  if (connectionString !== undefined) return { ...place, access: { connectionString } };
  const account = option.text('account_name');
  if (account === undefined) throw option.bad('account_name', 'it is needed where there is no connection_string');
  // It becomes a part of a host's name: with a slash in it that would be another host.
  if (!/^[a-z0-9-]+$/i.test(account)) throw option.bad('account_name', 'it has letters and digits alone');
  const endpoint = option.address('endpointurl') ?? `https://${account}.blob.core.windows.net`;
  const [key, sas] = [option.text('account_key'), option.text('sas_token')];
  const anonymous = option.flag('allow_anonymous_login');
  if (key === undefined && sas === undefined && anonymous !== true && !isMicrosofts(endpoint)) {
    // The SDK's chain ends in a token, which lets in whoever has it.
    const reason =
      "no token goes to others than Microsoft: set account_key, the remote's own sas_token, or allow_anonymous_login";
    throw option.bad('endpointurl', reason);
  }
  return { ...place, access: { account, endpoint, key, sas, anonymous } };
}
