/** A name or an address in brackets, and behind a colon a port. What has something else there may have a password. */
const HOST = /^(\[[^\]]*\]|[^:]*)(:\d*)?$/;

/** A store's address without the user, password and signed query that it may carry: none belongs in a log. */
export function withoutSecrets(location: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^([^/?#]*:\/\/)([^/?#]*)([^?#]*)/.exec(location) ?? [];
  if (scheme === '') return location.replace(/[?#].*$/s, '');
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  // A password with a slash, `?` or `#` in it ends the address too early: nobody can say where.
  return HOST.test(host) ? `${scheme}${host}${rest}` : `${scheme}…`;
}
