import { proxySettings } from '../../../proxy-settings.ts';
import { azureEnvironment } from '../../../stores/azure/azure-environment.ts';
import { withAzureEnvironment } from '../../../stores/azure/azure-options.ts';
import { parseStoreLocation, type StoreLocation } from '../../../stores/open-store.ts';
import { awsEnvironment } from '../../../stores/s3/aws-environment.ts';
import type { Context } from '../../context.ts';

/**
 * `parseStoreLocation` with what the environment says of a store: DVC takes an Azure account and its key from there, which no
 * SDK does, and more of AWS than its SDK does here; and the proxies, which the SDKs of Google and Azure read themselves.
 *
 * @param options of the DVC remote that names the location; what is set there goes first
 * @throws E_STORE_KIND, E_STORE_LOCATION, E_STORE_OPTION
 */
export function storeLocation(
  { environment }: Pick<Context, 'environment'>,
  text: string,
  root: string,
  options: ReadonlyMap<string, string> = new Map(),
): StoreLocation {
  const azure = /^\s*azure:\/\//i.test(text);
  const location = parseStoreLocation(
    text,
    root,
    azure ? withAzureEnvironment(options, azureEnvironment(environment)) : options,
  );
  const proxies = proxySettings(environment);
  const through = proxies === undefined ? {} : { proxies };
  if (location.kind === 's3') return { ...location, ...through, environment: awsEnvironment(environment) };
  return location.kind === 'http' || location.kind === 'gs' ? { ...location, ...through } : location;
}
