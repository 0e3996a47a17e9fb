/** undici's own `fetch`, with the types of Node's: those of its package are not the same, though it gives the same. */
declare module 'undici/lib/web/fetch/index.js' {
  export function fetch(
    input: string | URL,
    init: Omit<RequestInit, 'dispatcher'> & { readonly dispatcher: object },
  ): Promise<Response>;
}
