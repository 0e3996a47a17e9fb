import { type BucketLocation, bucketLocation } from '../bucket/bucket-location.ts';
import { type RemoteOptions, remoteOptions } from '../remote-options.ts';

/** Where a store in Azure Blob Storage is (`bucket` is the container), and who asks. */
export interface AzureOptions extends BucketLocation {
  readonly access: { readonly connectionString: string } | NamedAccount;
  /** Milliseconds until there is a connection, without a byte on it, and that the service may take for one request. */
  readonly connectTimeoutMs?: number | undefined;
  readonly readTimeoutMs?: number | undefined;
  readonly serviceTimeoutMs?: number | undefined;
}

/** What lets in is the first that is there; none: the SDK's own chain, but for what is left out of it. */
export interface NamedAccount {
  /** `https://<account>.blob.core.windows.net`, or that of an emulator. */
  readonly endpoint: string;
  readonly account: string;
  readonly application?: AzureApplication | undefined;
  readonly key?: string | undefined;
  readonly sas?: string | undefined;
  readonly anonymous?: boolean | undefined;
  readonly without?: readonly AzureIdentity[];
}

/** A service principal with a secret. */
export interface AzureApplication {
  readonly tenant: string;
  readonly client: string;
  readonly secret: string;
}

/** What can be left out of the chain. DVC's other two are of programs that the SDK here asks nothing. */
export type AzureIdentity = 'environment' | 'managed identity';
const EXCLUSIONS = {
  exclude_environment_credential: 'environment',
  exclude_managed_identity_credential: 'managed identity',
  exclude_visual_studio_code_credential: undefined,
  exclude_shared_token_cache_credential: undefined,
} as const;

/** What DVC takes from the environment where its configuration says nothing, by the option that it stands for. */
const ENVIRONMENT = {
  connection_string: 'AZURE_STORAGE_CONNECTION_STRING',
  account_name: 'AZURE_STORAGE_ACCOUNT',
  account_key: 'AZURE_STORAGE_KEY',
  sas_token: 'AZURE_STORAGE_SAS_TOKEN',
} as const;

/** What lets in: a signature whoever has it, and what a key has signed can be passed on to Azure by whoever got it. */
const SECRETS: readonly string[] = ['sas_token', 'account_key'];
/** What says by itself who asks. */
const IDENTITIES: readonly string[] = ['connection_string', 'client_secret', ...SECRETS];

/**
 * The options of a remote, completed from the environment as DVC does it: one that is set in the file goes first, and an identity in
 * the file before any other of the environment. What lets in goes from there to Microsoft's own endpoints alone, whatever the repository names.
 */
export function withAzureEnvironment(
  remote: ReadonlyMap<string, string>,
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const endpoint = remote.get('endpointurl');
  const elsewhere = endpoint !== undefined && !isMicrosofts(endpoint);
  const identified = IDENTITIES.some((option) => remote.has(option));
  const completed = new Map(remote);
  for (const [option, variable] of Object.entries(ENVIRONMENT)) {
    const value = environment[variable];
    if (value === undefined || value === '' || completed.has(option)) continue;
    if (identified && IDENTITIES.includes(option)) continue;
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
  const option = remoteOptions(location, remote);
  return {
    ...bucketLocation(location, 'azure'),
    access: accessOf(option),
    connectTimeoutMs: option.seconds('connection_timeout'),
    readTimeoutMs: option.seconds('read_timeout'),
    serviceTimeoutMs: option.seconds('timeout'),
  };
}

function accessOf(option: RemoteOptions): AzureOptions['access'] {
  const connectionString = option.text('connection_string');
  if (connectionString !== undefined) return { connectionString };
  const account = option.text('account_name');
  if (account === undefined) throw option.bad('account_name', 'it is needed where there is no connection_string');
  // It becomes a part of a host's name: with a slash in it that would be another host.
  if (!/^[a-z0-9-]+$/i.test(account)) throw option.bad('account_name', 'it has letters and digits alone');
  const endpoint = option.address('endpointurl') ?? `https://${account}.blob.core.windows.net`;
  const application = applicationOf(option);
  const [key, sas] = [option.text('account_key'), option.text('sas_token')];
  const anonymous = option.flag('allow_anonymous_login');
  const lettingIn = { application, key, sas, anonymous };
  if (isByToken(lettingIn) && !isMicrosofts(endpoint)) {
    // A token lets in whoever has it.
    const reason =
      "no token goes to others than Microsoft: set account_key, the remote's own sas_token, or allow_anonymous_login";
    throw option.bad('endpointurl', reason);
  }
  const excluded = Object.entries(EXCLUSIONS).filter(([key]) => option.flag(key) === true);
  const without = excluded.flatMap(([, identity]) => identity ?? []);
  return { account, endpoint, ...lettingIn, ...(without.length > 0 ? { without } : {}) };
}

/** Whether requests bear a token of Microsoft's. */
export function isByToken({ application, key, sas, anonymous }: Omit<NamedAccount, 'endpoint' | 'account'>): boolean {
  return application !== undefined || (key === undefined && sas === undefined && anonymous !== true);
}

function applicationOf(option: RemoteOptions): AzureApplication | undefined {
  const [tenant, client, secret] = [option.text('tenant_id'), option.text('client_id'), option.text('client_secret')];
  if (tenant !== undefined && client !== undefined && secret !== undefined) return { tenant, client, secret };
  const [missing] = Object.entries({ tenant_id: tenant, client_id: client, client_secret: secret }).flatMap(
    ([key, value]) => (value === undefined ? key : []),
  );
  if (missing === undefined || (tenant ?? client ?? secret) === undefined) return undefined;
  throw option.bad(missing, 'tenant_id, client_id and client_secret have to be set together');
}
