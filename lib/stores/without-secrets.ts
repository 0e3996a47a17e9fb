import { plainAddress } from '../plain-address.ts';

/** A store's address without the user, password and signed query that it may carry: none belongs in a log. */
export function withoutSecrets(location: string): string {
  const [, scheme = '', authority = '', path = ''] = /^([^/?#]*:\/\/)([^/?#]*)([^?#]*)/.exec(location) ?? [];
  return scheme === '' ? location.replace(/[?#].*$/s, '') : plainAddress(scheme, authority, path);
}
