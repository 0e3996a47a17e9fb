import { assayError } from '../errors.ts';
import type { BucketBody, ObjectBucket } from './object-bucket.ts';
import { remoteOptions } from './remote-options.ts';
import { requestFault } from './request-fault.ts';
import { isFinal, type Retry } from './retry.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Where a store behind a web server is, which can only be read. */
export interface HttpOptions {
  /** Address of the root, without a slash at its end, without credentials. */
  readonly url: string;
  /** The header that lets in; a secret. */
  readonly authorization?: { readonly name: string; readonly value: string } | undefined;
  /** Milliseconds until the answer begins. */
  readonly timeoutMs?: number | undefined;
}

/** Milliseconds until the answer begins. */
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Reads `https://host/folder` with the options of a DVC remote; a user in the address counts as `auth = basic`.
 *
 * @throws E_STORE_LOCATION, E_STORE_OPTION
 */
export function httpOptions(location: string, remote: ReadonlyMap<string, string> = new Map()): HttpOptions {
  const option = remoteOptions(location, remote);
  if (!URL.canParse(location)) {
    throw assayError('E_STORE_LOCATION', { location: withoutSecrets(location), reason: 'it is no address' });
  }
  const url = new URL(location);
  if (url.search !== '' || url.hash !== '') {
    const reason = 'it has a query, which would be lost behind the names of objects';
    throw assayError('E_STORE_LOCATION', { location: withoutSecrets(location), reason });
  }
  if (option.flagOrText('ssl_verify') === false) {
    throw option.bad('ssl_verify', 'set NODE_EXTRA_CA_CERTS to the certificates of that server');
  }
  const auth = option.oneOf('auth', ['basic', 'custom', 'digest']);
  if (auth === 'digest') throw option.bad('auth', 'digest is not supported; basic and custom are');
  const user = option.text('user') ?? decodeURIComponent(url.username);
  const password = option.text('password') ?? decodeURIComponent(url.password);
  const basic = user === '' ? undefined : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const header = option.text('custom_auth_header');
  if (auth === 'custom' && header === undefined) throw option.bad('custom_auth_header', 'auth = custom needs it');
  const authorization =
    auth === 'custom' && header !== undefined
      ? { name: header, value: password }
      : basic === undefined
        ? undefined
        : { name: 'authorization', value: basic };
  url.username = '';
  url.password = '';
  return { url: url.href.replace(/\/+$/, ''), authorization, timeoutMs: option.seconds('connect_timeout') };
}

/** A web server's folder, read with `fetch`. It lists nothing, and whether it gives ranges shows when one is asked for. */
export function createHttpBucket(
  options: HttpOptions,
  ports: { readonly retry: Retry; readonly signal?: AbortSignal | undefined },
): ObjectBucket {
  const title = `the store ${options.url}`;
  const refuse = (operation: string) => assayError('E_STORE_READ_ONLY', { store: title, operation });

  /** The answer to a request for an object; undefined where there is none. */
  function ask(method: 'GET' | 'HEAD', key: string, headers: Record<string, string>): Promise<Response | undefined> {
    const operation = `read ${key}`;
    return ports.retry(async () => {
      const context = { store: title, bucket: options.url, operation };
      // The time runs until the answer begins; its body may take longer.
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), options.timeoutMs ?? ANSWER_TIMEOUT_MS);
      const signal = ports.signal === undefined ? late.signal : AbortSignal.any([late.signal, ports.signal]);
      try {
        const answer = await fetch(`${options.url}/${key}`, { method, headers: sent(headers), signal });
        if (answer.ok) return answer;
        await answer.body?.cancel();
        if (answer.status === 404 || answer.status === 410) return undefined;
        const retryAfter = answer.headers.get('retry-after') ?? undefined;
        throw requestFault({ status: answer.status, code: answer.statusText, retryAfter }, context);
      } catch (error) {
        if (isFinal(error)) throw error;
        ports.signal?.throwIfAborted();
        throw requestFault(
          { status: undefined, code: late.signal.aborted ? 'no answer in time' : causeOf(error) },
          context,
        );
      } finally {
        clearTimeout(timer);
      }
    });
  }

  function sent(headers: Record<string, string>): Record<string, string> {
    const { authorization } = options;
    // Bytes as they are stored: a digest of unpacked bytes would be another.
    const plain = { ...headers, 'accept-encoding': 'identity' };
    return authorization === undefined ? plain : { ...plain, [authorization.name]: authorization.value };
  }

  return {
    description: { kind: 'http', title, location: options.url },
    listing: 'none',
    async stat(key) {
      const answer = await ask('HEAD', key, {});
      if (answer === undefined) return undefined;
      const tag = answer.headers.get('etag') ?? undefined;
      return { key, size: Number(answer.headers.get('content-length') ?? 0), tag };
    },
    // biome-ignore lint/correctness/useYield: there is nothing that could be listed
    async *list() {
      throw refuse('be listed');
    },
    async get(key, range) {
      const { start = 0, tag } = range ?? {};
      // A weak tag is no condition of a range (RFC 9110, 13.1.5).
      const same = tag === undefined || tag.startsWith('W/') ? undefined : { 'if-range': tag };
      const answer = await ask('GET', key, start === 0 ? {} : { range: `bytes=${start}-`, ...same });
      if (answer === undefined) throw assayError('E_STORE_OBJECT_MISSING', { key, store: title });
      const now = answer.headers.get('etag') ?? tag;
      if (tag !== undefined && now !== tag) {
        await answer.body?.cancel();
        throw assayError('E_STORE_OBJECT_CHANGED', { key, store: title });
      }
      return bodyOf(answer, start);
    },
    async put(key) {
      throw refuse(`store ${key}`);
    },
    async putParts(key) {
      throw refuse(`store ${key}`);
    },
    async remove() {
      throw refuse('remove objects');
    },
  };
}

/** The body from `start` on, also of a server that answers a range with everything. */
function bodyOf(answer: Response, start: number): BucketBody {
  const length = answer.headers.get('content-length');
  const total = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? length ?? undefined;
  const skip = answer.status === 206 ? 0 : start;
  return { total: total === undefined ? undefined : Number(total), tag: undefined, bytes: without(answer, skip) };
}

async function* without(answer: Response, skip: number): AsyncIterable<Uint8Array> {
  let left = skip;
  for await (const chunk of answer.body ?? []) {
    if (chunk.byteLength > left) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.byteLength);
  }
}

/** Node's fetch says "fetch failed"; its cause names the reason. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'fetch failed';
}
