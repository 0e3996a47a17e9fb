import { assayError } from '../errors.ts';
import type { HttpOptions } from './http-options.ts';
import { requestFault } from './request-fault.ts';
import { isFinal, type Retry } from './retry.ts';

/** Milliseconds until an answer begins, and without a byte of its body. */
const TIMEOUT_MS = 60_000;
/** From one address to the next; browsers follow 20 (Fetch Standard, "HTTP-redirect fetch"). */
const MAX_REDIRECTS = 10;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** An answer whose body is read, or given up by its iterator's `return`. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** @param accepted statuses of failures that are answers to the caller */
export type HttpRequest = (
  method: 'GET' | 'HEAD',
  key: string,
  headers?: Readonly<Record<string, string>>,
  accepted?: readonly number[],
) => Promise<HttpAnswer | undefined>;

/** Requests to one web server, each tried again; undefined is the answer that there is no such thing. */
export function httpRequests(
  options: HttpOptions,
  ports: { readonly retry: Retry; readonly signal?: AbortSignal | undefined },
): HttpRequest {
  const { timeoutMs = TIMEOUT_MS, readTimeoutMs = TIMEOUT_MS } = options;
  const title = `the store ${options.url.replace(/\?.*$/, '')}`;

  return (method, key, headers = {}, accepted = []) => {
    // A query may let somebody in.
    const operation = `read ${key.replace(/\?.*$/s, '')}`;
    return ports.retry(async () => {
      const context = { store: title, bucket: options.url, operation };
      const late = new AbortController();
      const signal = ports.signal === undefined ? late.signal : AbortSignal.any([late.signal, ports.signal]);
      try {
        const answer = await within(timeoutMs, late, () =>
          followed(`${options.url}/${key}`, { method, headers, signal }),
        );
        const { status } = answer;
        if (answer.ok || accepted.includes(status)) {
          return {
            status,
            headers: answer.headers,
            bytes: bodyOf(answer, (next) => within(readTimeoutMs, late, next)),
          };
        }
        await answer.body?.cancel();
        if (status === 404 || status === 410) return undefined;
        if (status < 400) throw refused(context, `HTTP ${status} without an address to go to`);
        const retryAfter = answer.headers.get('retry-after') ?? undefined;
        throw requestFault({ status, code: answer.statusText, retryAfter }, context);
      } catch (error) {
        if (isFinal(error)) throw error;
        ports.signal?.throwIfAborted();
        const code = late.signal.aborted ? 'no answer in time' : causeOf(error);
        throw requestFault({ status: undefined, code }, context);
      }
    });

    /** The answer where redirects end. What lets in goes to nobody but the server that it is for. */
    async function followed(
      address: string,
      { method, headers, signal }: { method: string; headers: Readonly<Record<string, string>>; signal: AbortSignal },
    ): Promise<Response> {
      const context = { store: title, operation };
      let url = new URL(address);
      let { authorization } = options;
      for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
        const secret = authorization === undefined ? {} : { [authorization.name]: authorization.value };
        // Bytes as they are stored: a digest of unpacked bytes would be another.
        const sent = { ...headers, 'accept-encoding': 'identity', ...secret };
        const answer = await fetch(url.href, { method, headers: sent, signal, redirect: 'manual' });
        const target = answer.headers.get('location');
        if (!REDIRECTS.includes(answer.status) || target === null) return answer;
        await answer.body?.cancel();
        const next = URL.canParse(target, url.href) ? new URL(target, url.href) : undefined;
        if (next === undefined || !/^https?:$/.test(next.protocol) || next.username + next.password !== '') {
          throw refused(context, `HTTP ${answer.status} leads to what is no plain web address`);
        }
        if (next.origin !== url.origin) authorization = undefined;
        url = next;
      }
      throw refused(context, `it leads on more than ${MAX_REDIRECTS} times`);
    }
  };
}

function refused({ store, operation }: { readonly store: string; readonly operation: string }, reason: string) {
  return assayError('E_STORE_REQUEST', { store, operation, reason });
}

/** Ends what takes longer than `ms` milliseconds. */
async function within<T>(ms: number, late: AbortController, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => late.abort(new Error(`nothing came for ${ms / 1000} s`)), ms);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/** A body's bytes; the time runs only while somebody waits for them. */
function bodyOf({ body }: Response, timed: <T>(next: () => Promise<T>) => Promise<T>): AsyncIterable<Uint8Array> {
  const reader = body?.getReader();
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      const step = await timed(async () => reader?.read());
      return step === undefined || step.done ? { done: true, value: undefined } : { done: false, value: step.value };
    },
    async return() {
      await reader?.cancel().catch(() => {});
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** Node's fetch says "fetch failed"; its cause names the reason. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'fetch failed';
}
