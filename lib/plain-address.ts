/** A name or an address in brackets, and behind a colon a port. What has something else there may have a password. */
const HOST = /^(\[[^\]]*\]|[^:]*)(:\d*)?$/;

/**
 * An address without the user and password that it may carry: none belongs in a message.
 *
 * @param scheme with its `://`
 * @param authority what stands before the first `/`, `?` or `#`
 */
export function plainAddress(scheme: string, authority: string, path: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  // A password with a slash, `?` or `#` in it ends the address too early: nobody can say where.
  return HOST.test(host) ? `${scheme}${host}${path}` : `${scheme}…`;
}

/** Before the host of an address: of the web what is there, which may be a token alone; elsewhere what has a password. */
const SECRET = /(?<![a-z0-9+.-])(?:(https?:\/\/)[^\s/?#'"]*@|([a-z][a-z0-9+.-]*:\/\/)[^\s/?#'"@:]*:[^\s/?#'"]*@)/gi;

/** A text without the passwords of addresses in it: one may have been typed where a name belongs, and would be quoted. */
export function withoutPasswords(text: string): string {
  return text.replace(SECRET, '$1$2');
}
