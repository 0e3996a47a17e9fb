import type { IncomingMessage } from 'node:http';
import { assayError, messageOf } from '../../errors.ts';
import { memberOf, textMember } from '../member-of.ts';
import { requestFault } from '../requests/request-fault.ts';
import { isFinal, type Retry } from '../requests/retry.ts';
import { leaveBody, NoAnswerInTime, READ_TIMEOUT_MS, webTransport } from '../requests/web-transport.ts';
import type { HttpOptions } from './http-options.ts';
import { unpacked } from './unpacked.ts';

/** From one address to the next; browsers follow 20 (Fetch Standard, "HTTP-redirect fetch"). */
const MAX_REDIRECTS = 10;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** An answer whose body is read, or given up by its iterator's `return`. */
export interface HttpAnswer {
  readonly status: number;
  /** A header by its name in small letters. */
  readonly header: (name: string) => string | undefined;
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
  const { readTimeoutMs = READ_TIMEOUT_MS } = options;
  const title = `the store ${options.url.replace(/\?.*$/, '')}`;
  const send = webTransport(options);

  return (method, key, headers = {}, accepted = []) => {
    // A query may let somebody in.
    const operation = `read ${key.replace(/\?.*$/s, '')}`;
    return ports.retry(async () => {
      const context = { store: title, bucket: options.url, operation };
      try {
        const answer = await followed();
        const status = answer.statusCode ?? 0;
        const header = (name: string) => textMember(answer.headers, name);
        if ((status >= 200 && status < 300) || accepted.includes(status)) {
          return { status, header, bytes: bodyOf(answer, method, readTimeoutMs) };
        }
        leaveBody(answer, method);
        if (status === 404 || status === 410) return undefined;
        if (status < 400) throw refused(context, `HTTP ${status} without an address to go to`);
        throw requestFault({ status, code: answer.statusMessage ?? '', retryAfter: header('retry-after') }, context);
      } catch (error) {
        if (isFinal(error)) throw error;
        ports.signal?.throwIfAborted();
        const code = error instanceof NoAnswerInTime ? 'no answer in time' : wordOf(error);
        throw requestFault({ status: undefined, code }, context);
      }
    });

    /** The answer where redirects end. What lets in goes to nobody but the server that it is for. */
    async function followed(): Promise<IncomingMessage> {
      const context = { store: title, operation };
      let url = new URL(`${options.url}/${key}`);
      let { authorization } = options;
      for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
        const secret = authorization === undefined ? {} : { [authorization.name]: authorization.value };
        // Bytes as they are stored: a digest of unpacked bytes would be another.
        const sent = { ...headers, 'accept-encoding': 'identity', ...secret };
        const answer = await send(url, { method, headers: sent, signal: ports.signal });
        const status = answer.statusCode ?? 0;
        const target = answer.headers.location;
        if (!REDIRECTS.includes(status) || target === undefined) return answer;
        leaveBody(answer, method);
        const next = URL.canParse(target, url.href) ? new URL(target, url.href) : undefined;
        if (next === undefined || !/^https?:$/.test(next.protocol) || next.username + next.password !== '') {
          throw refused(context, `HTTP ${status} leads to what is no plain web address`);
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

/** A body's bytes; the time runs only while somebody waits for them. */
function bodyOf(answer: IncomingMessage, method: string, timeoutMs: number): AsyncIterable<Uint8Array> {
  const body = unpacked(answer);
  const chunks: AsyncIterator<Uint8Array> = body.iterator({ destroyOnReturn: false });
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      const timer = setTimeout(() => body.destroy(new NoAnswerInTime(timeoutMs)), timeoutMs);
      try {
        return await chunks.next();
      } finally {
        clearTimeout(timer);
      }
    },
    async return() {
      leaveBody(answer, method);
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** The system's word for what happened to a connection; several addresses that were tried have one each. */
function wordOf(error: unknown): string {
  const errors = memberOf(error, 'errors');
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return textMember(error, 'code') || textMember(first, 'code') || messageOf(error);
}
