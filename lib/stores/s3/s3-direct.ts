import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { type ConnectionOptions, type Exchange, openConnections, type PlainAnswer } from './s3-connection.ts';
import { type RequestPattern, watchRequests } from './s3-pattern.ts';
import { canonicalQuery, createSigner } from './s3-signature.ts';

/** What one plain request asks. */
export interface DirectRequest {
  readonly operation: 'GetObject' | 'HeadObject' | 'PutObject' | 'ListObjectsV2';
  /** Relative to the store's root; '' of a list. */
  readonly key: string;
  /** What this list asks for. */
  readonly query?: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Requests for single small objects, and for further pages of lists, beside the SDK. */
export interface S3Direct {
  /**
   * The service's answer; a body that is a stream has to be read. Undefined where the SDK has to ask: it has not yet been
   * seen to ask the like, or the answer is one that it knows more to do about (another region, a wrong clock, a new token).
   *
   * @throws DirectFailure, and what the connection throws
   */
  send(request: DirectRequest, signal: AbortSignal | undefined): Promise<PlainAnswer | undefined>;
}

/** An answer that is a failure, in the form of the SDK's own errors. */
export class DirectFailure extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $response: { readonly headers: PlainAnswer['headers'] };

  constructor(code: string, { status, headers }: PlainAnswer) {
    super(`the service answered ${status}`);
    this.name = code;
    this.$metadata = { httpStatusCode: status };
    this.$response = { headers };
  }
}

export interface DirectPorts extends ConnectionOptions {
  /** Prefix of keys in the bucket, with a slash at its end, or ''. */
  readonly root: string;
}

/** Keys that a path holds as they are. */
const PLAIN_KEY = /^[\w./-]*$/;
/** Bytes of a failure's description that are looked into for its code. */
const MAX_ERROR_BYTES = 4096;
/** SHA-256 of nothing. */
const EMPTY = hash('sha256', '', 'hex');
const METHODS = { GetObject: 'GET', HeadObject: 'HEAD', PutObject: 'PUT', ListObjectsV2: 'GET' } as const;

/**
 * Requests without the SDK's layers, which take several times what signing and sending take. The SDK makes the first
 * request of a kind; where it went, by which headers, region and service, is what the following ones repeat, each signed
 * with its credentials. Nothing is followed: what is no plain answer goes back to the SDK.
 */
export function createS3Direct(client: S3Client, ports: DirectPorts): S3Direct {
  const patterns = watchRequests(client, ports.root);
  const sign = createSigner();
  const connections = new Map<string, Promise<Exchange>>();

  function connectionsTo({ protocol, hostname, port }: RequestPattern): Promise<Exchange> {
    const origin = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
    const open = connections.get(origin) ?? openConnections(origin, ports);
    connections.set(origin, open);
    return open;
  }

  return {
    async send({ operation, key, query = {}, headers, body }, signal) {
      const pattern = patterns.get(operation);
      if (pattern === undefined || !PLAIN_KEY.test(key)) return undefined;
      const { scope } = pattern;
      const method = METHODS[operation];
      const request = {
        method,
        path: `${pattern.path}${key}`,
        query: canonicalQuery({ ...pattern.query, ...query }),
        headers: {
          ...pattern.headers,
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(body.byteLength) }),
          'x-amz-content-sha256': body === undefined ? EMPTY : hash('sha256', body, 'hex'),
        },
      };
      const sent =
        scope === undefined
          ? request.headers
          : sign(
              request,
              await client.config.credentials(),
              scope,
              new Date(Date.now() + client.config.systemClockOffset),
            );
      const path = request.query === '' ? request.path : `${request.path}?${request.query}`;
      const exchange = await connectionsTo(pattern);
      const answer = await exchange({ method, path, headers: sent, body }, signal);
      const { status } = answer;
      if (status >= 200 && status < 300) return answer;
      const told = await startOf(answer.body);
      // What is missing, in the way, or passes.
      if (status === 404 || status === 412 || status === 429 || status >= 500) {
        throw new DirectFailure(/<Code>([\w.]{1,100})<\/Code>/.exec(told)?.[1] ?? `HTTP${status}`, answer);
      }
      return undefined;
    },
  };
}

/** What an answer begins with. */
async function startOf(body: Buffer | Readable): Promise<string> {
  if (Buffer.isBuffer(body)) return body.toString('utf8', 0, MAX_ERROR_BYTES);
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (text.length >= MAX_ERROR_BYTES) break;
  }
  return text;
}
