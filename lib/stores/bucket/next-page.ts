import { assayError } from '../../errors.ts';

/**
 * Where the next page of a list begins; undefined at its end.
 *
 * @throws E_STORE_REQUEST for a service that names the page again that it just gave: it would never end
 */
export function nextPage(
  before: string | undefined,
  next: string | undefined,
  { store, prefix }: { readonly store: string; readonly prefix: string },
): string | undefined {
  if (next === undefined || next === '') return undefined;
  if (next === before) {
    throw assayError('E_STORE_REQUEST', { store, operation: `list ${prefix}`, reason: 'it gives the same page again' });
  }
  return next;
}
