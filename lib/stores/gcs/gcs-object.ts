import { assayError } from '../../errors.ts';
import type { BucketObject } from '../bucket/object-bucket.ts';
import { memberOf, textMember } from '../member-of.ts';
import { TransientFault } from '../requests/retry.ts';

/**
 * What Google's service tells of an object, in the words of every bucket; its generation is the version.
 * Source: Cloud Storage JSON API, "Objects".
 *
 * @param resource as it came: something that answers in the service's place may send anything
 * @throws TransientFault for what is no object
 */
export function gcsObject(key: string, resource: unknown, store: string): BucketObject {
  const size = Number(memberOf(resource, 'size') ?? Number.NaN);
  if (!Number.isSafeInteger(size) || size < 0) throw notTheService(store);
  const generation = memberOf(resource, 'generation');
  const version = typeof generation === 'string' || typeof generation === 'number' ? String(generation) : undefined;
  return {
    key,
    size,
    md5: hexOf(textMember(resource, 'md5Hash')),
    // As DVC writes it: the bytes that the service encodes, in hex.
    tag: hexOf(textMember(resource, 'etag')),
    version,
    condition: version,
    newest: memberOf(resource, 'timeDeleted') === undefined,
    changedMs: Date.parse(textMember(resource, 'updated') ?? '') || undefined,
  };
}

export interface GcsPage {
  readonly objects: readonly BucketObject[];
  readonly nextToken: string | undefined;
}

/**
 * One page of a list (JSON API, "Objects: list").
 *
 * @param below what was asked for; names of anything else are left out
 * @throws TransientFault for what is no list
 */
export function gcsPage(
  resource: unknown,
  { root, prefix }: { readonly root: string; readonly prefix: string },
  store: string,
): GcsPage {
  const items = memberOf(resource, 'items') ?? [];
  if (memberOf(resource, 'kind') !== 'storage#objects' || !Array.isArray(items)) throw notTheService(store);
  const objects = items.flatMap((item: unknown) => {
    const name = textMember(item, 'name');
    if (name === undefined) throw notTheService(store);
    return name.startsWith(root + prefix) ? [gcsObject(name.slice(root.length), item, store)] : [];
  });
  return { objects, nextToken: textMember(resource, 'nextPageToken') || undefined };
}

/** A page to sign in to a network, an error page with the status of success. */
function notTheService(store: string): TransientFault {
  return new TransientFault((attempts) =>
    assayError('E_STORE_UNREACHABLE', {
      store,
      operation: 'be asked',
      attempts,
      reason: 'what answers is not Google Cloud Storage',
    }),
  );
}

/** No object has this generation: they are times in microseconds. */
const NO_GENERATION = 1;

/** The part of a request that names a version. One that is no number is the version of nothing. */
export function generationOf(version: string | undefined): { generation?: number } {
  return version === undefined ? {} : { generation: Number(version) || NO_GENERATION };
}

export function base64Of(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

function hexOf(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
}
