import { readFile } from 'node:fs/promises';
import { assayError } from '../../errors.ts';
import { reading } from '../bytes/reading.ts';
import { textMember } from '../member-of.ts';

// A file of credentials that an option names may have come with the repository, as the option may: it holds keys, and neither
// runs commands nor has other files read. Who wants that says so by the cloud's own variables, which no repository sets.

/** What of a profile runs a command or sends a file, as the SDK takes it; of what is no comment a little more is found. */
const ACTIVE = /^\s*(credential_process|web_identity_token_file)\s*=/m;
/** Kinds of Google's files that are keys themselves. A file of before there were kinds has none. */
const KEYS: readonly (string | undefined)[] = [undefined, 'service_account', 'authorized_user'];

/**
 * Refuses a file of AWS profiles that names a command, and one of Google's that is no key but says where one is: that may be any
 * file, and any address that it is sent to. Source: Google Cloud, "Security requirements when using credential configurations
 * from an external source".
 *
 * @throws E_STORE_OPTION, E_STORE_READ
 */
export async function checkCredentialFile(path: string, cloud: 'aws' | 'google', store: string): Promise<void> {
  const reason = cloud === 'aws' ? reasonOfAws(await textOf(path)) : reasonOfGoogle(await keyOf(path));
  if (reason !== undefined) throw assayError('E_STORE_OPTION', { option: 'credentialpath', store, reason });
}

function reasonOfAws(text: string): string | undefined {
  const name = ACTIVE.exec(text)?.[1];
  if (name === undefined) return undefined;
  const what = name === 'credential_process' ? 'a command' : 'a file to be sent';
  return `it names ${what} (${name}): that belongs in your own AWS_CONFIG_FILE, named by profile`;
}

function reasonOfGoogle(text: string): string | undefined {
  const type = textMember(parsed(text), 'type');
  if (KEYS.includes(type)) return undefined;
  return `it is of the type ${type}, which names a source elsewhere: set GOOGLE_APPLICATION_CREDENTIALS to it`;
}

/** Empty for a file that cannot be read: then the SDK looks elsewhere, as DVC does. */
async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** The SDK would not say which file it is that cannot be read. @throws E_STORE_READ */
async function keyOf(path: string): Promise<string> {
  return reading(path, () => readFile(path, 'utf8'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
