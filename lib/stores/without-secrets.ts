/** A store's address without the user, password and signed query that it may carry: none belongs in a log. */
export function withoutSecrets(location: string): string {
  return location.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/, '');
}
