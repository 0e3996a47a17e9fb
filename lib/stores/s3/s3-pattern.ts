import type { S3Client } from '@aws-sdk/client-s3';

/** Where requests of one kind go, and what they carry, without what is each one's own. */
export interface RequestPattern {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** Up to where the key begins; of requests without a key the whole. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** What signatures are made for; undefined where requests are not signed. */
  readonly scope: { readonly region: string; readonly service: string } | undefined;
}

/** Headers that belong to one request, or that the signer makes anew. */
const OWN_HEADERS = new Set([
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'authorization',
  'content-length',
  'content-md5',
  'expect',
  'if-match',
  'if-none-match',
  'range',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
]);
/** What one list is asked for. */
const OWN_QUERY = new Set(['prefix', 'start-after', 'continuation-token', 'max-keys']);
/** Signature Version 4 with a key for one day, region and service. Others (several regions, directory buckets) are the SDK's. */
const SCOPE = /^AWS4-HMAC-SHA256 Credential=[^,]*\/\d{8}\/([^/,]+)\/([^/,]+)\/aws4_request,/;
/** Headers of directory buckets' sessions, and of checksums that belong to one content: such requests are the SDK's too. */
const NOT_REPEATABLE = /^x-amz-(s3session|checksum|trailer|decoded|sdk-checksum)/;

/**
 * Watches what the SDK sends: the patterns of the requests that were answered well, by operation (`PutObject`).
 *
 * @param root prefix of the keys that matter, with a slash at its end, or ''
 */
export function watchRequests(client: S3Client, root: string): ReadonlyMap<string, RequestPattern> {
  const patterns = new Map<string, RequestPattern>();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (sent) => {
        const answer = await next(sent);
        const operation = commandName.replace(/Command$/, '');
        const key = 'Key' in sent.input && typeof sent.input.Key === 'string' ? sent.input.Key : '';
        const pattern =
          operation === 'ListObjectsV2'
            ? patternOf(sent.request, '')
            : key.length > root.length && key.startsWith(root)
              ? patternOf(sent.request, key.slice(root.length))
              : undefined;
        if (pattern !== undefined) patterns.set(operation, pattern);
        return answer;
      },
    { step: 'finalizeRequest', priority: 'low', name: 'assayWatchRequests' },
  );
  return patterns;
}

/**
 * The pattern of a request as it left, signed; undefined where another cannot be made like it.
 *
 * @param key what of its path belongs to it alone; '' of requests that ask for no object
 */
export function patternOf(request: unknown, key: string): RequestPattern | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  if (!('path' in request && 'hostname' in request && 'protocol' in request)) return undefined;
  const { path, hostname, protocol } = request;
  if (typeof path !== 'string' || typeof hostname !== 'string' || typeof protocol !== 'string') return undefined;
  if ((key !== '' && !path.endsWith(`/${key}`)) || (protocol !== 'http:' && protocol !== 'https:')) return undefined;
  const headers = textOf('headers' in request ? request.headers : {});
  const query = textOf('query' in request ? request.query : {});
  if (headers === undefined || query === undefined) return undefined;
  if (Object.keys(headers).some((name) => NOT_REPEATABLE.test(name))) return undefined;
  // The SDK's own name of the operation, and what a list is asked for; anything else would be of this one request.
  const names = Object.keys(query).filter((name) => name !== 'x-id');
  if (names.some((name) => key !== '' || !(name === 'list-type' || OWN_QUERY.has(name)))) return undefined;
  const { authorization } = headers;
  const [, region, service] = SCOPE.exec(authorization ?? '') ?? [];
  if (authorization !== undefined && (region === undefined || service === undefined)) return undefined;
  return {
    protocol,
    hostname,
    port: 'port' in request && typeof request.port === 'number' ? request.port : undefined,
    path: path.slice(0, path.length - key.length),
    query: Object.fromEntries(Object.entries(query).filter(([name]) => !OWN_QUERY.has(name))),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name))),
    scope: region === undefined || service === undefined ? undefined : { region, service },
  };
}

/** A record of texts with lower-case names; undefined where it is none. */
function textOf(record: unknown): Record<string, string> | undefined {
  if (typeof record !== 'object' || record === null) return {};
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(record)) {
    if (typeof value !== 'string') return undefined;
    found[name.toLowerCase()] = value;
  }
  return found;
}
