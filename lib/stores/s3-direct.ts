import { hash } from 'node:crypto';
import { type Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { type Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { S3Client } from '@aws-sdk/client-s3';
import { type RequestPattern, watchRequests } from './s3-pattern.ts';

/** What one plain request asks. */
export interface DirectRequest {
  readonly operation: 'GetObject' | 'HeadObject' | 'PutObject';
  /** Relative to the store's root. */
  readonly key: string;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Requests for single small objects beside the SDK. */
export interface S3Direct {
  /**
   * The service's answer; its body, where it has one, has to be read. Undefined where the SDK has to ask: it has not yet been
   * seen to ask the like, or the answer is one that it knows more to do about (another region, a wrong clock, a new token).
   *
   * @throws DirectFailure, and what the connection throws
   */
  send(request: DirectRequest, signal: AbortSignal | undefined): Promise<IncomingMessage | undefined>;
}

/** An answer that is a failure, in the form of the SDK's own errors. */
export class DirectFailure extends Error {
  readonly $metadata: { readonly httpStatusCode: number | undefined };
  readonly $response: { readonly headers: IncomingMessage['headers'] };

  constructor(code: string, { statusCode, headers }: IncomingMessage) {
    super(`the service answered ${statusCode}`);
    this.name = code;
    this.$metadata = { httpStatusCode: statusCode };
    this.$response = { headers };
  }
}

export interface DirectPorts {
  /** Prefix of keys in the bucket, with a slash at its end, or ''. */
  readonly root: string;
  readonly agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
  /** Milliseconds. */
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
}

/** Keys that a path holds as they are. */
const PLAIN_KEY = /^[\w./-]+$/;
/** Bytes of a failure's description that are looked into for its code. */
const MAX_ERROR_BYTES = 4096;
/** SHA-256 of nothing. */
const EMPTY = hash('sha256', '', 'hex');

/**
 * Requests for small objects without the SDK's layers, which take four times what signing and sending take. The SDK makes the first
 * request of a kind; where it went, by which headers, region and service, is what the following ones repeat, each signed
 * by the SDK's own signer with its credentials. Nothing is followed: what is no plain answer goes back to the SDK.
 */
export function createS3Direct(client: S3Client, ports: DirectPorts): S3Direct {
  const patterns = watchRequests(client, ports.root);
  let signer: ReturnType<S3Client['config']['signer']> | undefined;

  async function signed(pattern: RequestPattern, { operation, key, headers, body }: DirectRequest) {
    const { protocol, hostname, port, path, query, scope } = pattern;
    const request = {
      method: METHODS[operation],
      protocol,
      hostname,
      ...(port === undefined ? {} : { port }),
      path: `${path}${key}`,
      query: { ...query },
      headers: {
        ...pattern.headers,
        ...headers,
        ...(body === undefined ? {} : { 'content-length': String(body.byteLength) }),
        'x-amz-content-sha256': body === undefined ? EMPTY : hash('sha256', body, 'hex'),
      },
    };
    if (scope === undefined) return request;
    signer ??= client.config.signer();
    const signingDate = new Date(Date.now() + client.config.systemClockOffset);
    return (await signer).sign(request, { signingDate, signingRegion: scope.region, signingService: scope.service });
  }

  return {
    async send(wanted, signal) {
      const pattern = patterns.get(wanted.operation);
      if (pattern === undefined || !PLAIN_KEY.test(wanted.key)) return undefined;
      const { headers } = await signed(pattern, wanted);
      const answer = await exchange(pattern, { ...wanted, headers }, ports, signal);
      const { statusCode: status = 0 } = answer;
      if (status >= 200 && status < 300) return answer;
      const body = (await bodyOf(answer)).toString('utf8', 0, MAX_ERROR_BYTES);
      // What is missing, in the way, or passes.
      if (status === 404 || status === 412 || status === 429 || status >= 500) {
        throw new DirectFailure(/<Code>([\w.]{1,100})<\/Code>/.exec(body)?.[1] ?? `HTTP${status}`, answer);
      }
      return undefined;
    },
  };
}

const METHODS = { GetObject: 'GET', HeadObject: 'HEAD', PutObject: 'PUT' } as const;

function exchange(
  { protocol, hostname, port, path, search }: RequestPattern,
  { operation, key, headers, body }: DirectRequest,
  { agents, connectTimeoutMs, readTimeoutMs }: DirectPorts,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const secure = protocol === 'https:';
    const sending = (secure ? httpsRequest : httpRequest)({
      agent: secure ? agents.https : agents.http,
      hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
      port,
      method: METHODS[operation],
      path: `${path}${key}${search}`,
      headers: { ...headers },
      timeout: readTimeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    sending.once('error', reject);
    sending.once('response', resolve);
    sending.once('timeout', () => sending.destroy(timedOut(readTimeoutMs)));
    sending.once('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => sending.destroy(timedOut(connectTimeoutMs)), connectTimeoutMs);
      const done = () => clearTimeout(timer);
      socket.once(secure ? 'secureConnect' : 'connect', done);
      socket.once('close', done);
    });
    sending.end(body);
  });
}

/** The body of a small answer, read to its end: only then the next request can have the connection. */
export function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => void chunks.push(chunk));
    answer.once('error', reject);
    answer.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
  });
}

function timedOut(ms: number): Error {
  const error = new Error(`no answer within ${ms} ms`);
  error.name = 'TimeoutError';
  return error;
}
