import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSections } from '../requests/ini-sections.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of the section `storage` of the Azure CLI's file, by the variable that goes before each. */
const SETTINGS = {
  AZURE_STORAGE_CONNECTION_STRING: 'connection_string',
  AZURE_STORAGE_ACCOUNT: 'account',
  AZURE_STORAGE_KEY: 'key',
  AZURE_STORAGE_SAS_TOKEN: 'sas_token',
} as const;

/**
 * An environment completed by the defaults of the Azure CLI (`~/.azure/config`, `az config set storage.account=…`), which DVC reads
 * in the same way and Azure's SDK does not. Source: Azure CLI, "Configuration".
 */
export function azureEnvironment(environment: Environment): Environment {
  const home = environment.HOME || environment.USERPROFILE;
  const folder = environment.AZURE_CONFIG_DIR || (home && join(home, '.azure'));
  const storage = folder ? readSections(textOf(join(folder, 'config'))).get('storage') : undefined;
  if (storage === undefined) return environment;
  const defaults = Object.entries(SETTINGS).map(([name, key]) => [name, environment[name] || storage.get(key)]);
  return { ...environment, ...Object.fromEntries(defaults) };
}

/** Empty for a file that is not there, or cannot be read: what is missing is then told by its option. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
