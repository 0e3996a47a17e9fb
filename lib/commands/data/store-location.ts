import { withAzureEnvironment } from '../../stores/azure-options.ts';
import { parseStoreLocation, type StoreLocation } from '../../stores/open-store.ts';
import type { Context } from '../context.ts';

/**
 * `parseStoreLocation` with what the environment says of a store: DVC takes an Azure account and its key from there, which no
 * SDK does. Other clouds' SDKs read the environment themselves.
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
  return parseStoreLocation(text, root, azure ? withAzureEnvironment(options, environment) : options);
}
