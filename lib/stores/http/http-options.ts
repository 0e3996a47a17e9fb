import { assayError } from '../../errors.ts';
import { percentDecoded } from '../../percent-decoded.ts';
import { remoteOptions } from '../remote-options.ts';
import type { WebTransportOptions } from '../requests/web-transport.ts';
import { withoutSecrets } from '../without-secrets.ts';

/** Where a store behind a web server is, which can only be read. */
export interface HttpOptions extends WebTransportOptions {
  /** Address of the root, without a slash at its end, without credentials. */
  readonly url: string;
  /** The header that lets in; a secret. */
  readonly authorization?: { readonly name: string; readonly value: string } | undefined;
}

/** What names of headers are made of, and their values (RFC 9110, 5.6.2 and 5.5). */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Reads `https://host/folder` with the options of a DVC remote; a user in the address counts as `auth = basic`.
 *
 * @throws E_STORE_LOCATION, E_STORE_OPTION
 */
export function httpOptions(location: string, remote: ReadonlyMap<string, string> = new Map()): HttpOptions {
  const option = remoteOptions(location, remote);
  if (!URL.canParse(location)) {
    throw assayError('E_STORE_LOCATION', { location: withoutSecrets(location), reason: 'it is no address' });
  }
  const url = new URL(location);
  if (url.search !== '' || url.hash !== '') {
    const reason = 'it has a query, which would be lost behind the names of objects';
    throw assayError('E_STORE_LOCATION', { location: withoutSecrets(location), reason });
  }
  const verify = option.flagOrText('ssl_verify');
  if (verify === false) {
    throw option.bad('ssl_verify', 'set NODE_EXTRA_CA_CERTS to the certificates of that server');
  }
  const authorization = authorizationOf(url, option);
  url.username = '';
  url.password = '';
  return {
    url: url.href.replace(/\/+$/, ''),
    authorization,
    certificates: typeof verify === 'string' ? verify : undefined,
    connectTimeoutMs: option.seconds('connect_timeout'),
    readTimeoutMs: option.seconds('read_timeout'),
  };
}

function authorizationOf(url: URL, option: ReturnType<typeof remoteOptions>): HttpOptions['authorization'] {
  const auth = option.oneOf('auth', ['basic', 'custom', 'digest']);
  if (auth === 'digest') throw option.bad('auth', 'digest is not supported; basic and custom are');
  const user = option.text('user') ?? percentDecoded(url.username);
  const password = option.text('password') ?? percentDecoded(url.password);
  if (option.flag('ask_password') === true && password === '') {
    throw option.bad('ask_password', 'nobody is asked: set password in .dvc/config.local');
  }
  if (auth === 'custom') {
    const name = option.text('custom_auth_header');
    if (name === undefined) throw option.bad('custom_auth_header', 'auth = custom needs it');
    if (!HEADER_NAME.test(name)) throw option.bad('custom_auth_header', 'it is no name of a header');
    if (password === '') throw option.bad('password', 'auth = custom needs it');
    if (!HEADER_VALUE.test(password)) throw option.bad('password', 'it has characters that no header holds');
    return { name, value: password };
  }
  if (auth === 'basic' && (user === '' || password === '')) throw option.bad('auth', 'basic needs user and password');
  if (user === '') return undefined;
  return { name: 'authorization', value: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
