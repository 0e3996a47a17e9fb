import { Readable } from 'node:stream';
import type { Pool } from 'undici';
import { SMALL_FILE_BYTES } from '../bytes/small-file.ts';

/** One request as it leaves: signed, with an encoded path. */
export interface PlainRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
}

export interface PlainAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whole where it is small, else as it comes. */
  readonly body: Buffer | Readable;
}

export interface ConnectionOptions {
  /** Connections at a time. */
  readonly connections: number;
  /** Milliseconds. */
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly tls: { readonly rejectUnauthorized?: boolean; readonly ca?: Buffer };
}

/**
 * Bytes of a body that are given to a connection at once: with each it begins to wait anew, and the whole of a body may take longer
 * than any wait for an answer, on a slow network.
 */
const WRITE_BYTES = 256 * 1024;

export type Exchange = (request: PlainRequest, signal: AbortSignal | undefined) => Promise<PlainAnswer>;

/**
 * Kept connections to one server. undici's own calls take half the time of Node's `http`, which is most of what a request for a small
 * object takes.
 *
 * @param origin `https://host:port`
 */
export async function openConnections(origin: string, options: ConnectionOptions): Promise<Exchange> {
  const { default: UndiciPool } = await import('undici/lib/dispatcher/pool.js');
  const pool: Pool = new UndiciPool(origin, {
    connections: options.connections,
    connect: { ...options.tls, timeout: options.connectTimeoutMs },
    headersTimeout: options.readTimeoutMs,
    bodyTimeout: options.readTimeoutMs,
  });
  return (request, signal) => exchange(pool, request, signal);
}

function exchange(pool: Pool, request: PlainRequest, signal: AbortSignal | undefined): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    let abort = () => {};
    let answer: Omit<PlainAnswer, 'body'> | undefined;
    let stream: Readable | undefined;
    const chunks: Buffer[] = [];
    const onAbort = () => abort();
    const done = () => signal?.removeEventListener('abort', onAbort);
    const { method, path, headers, body } = request;
    pool.dispatch(
      { method, path, headers: { ...headers }, ...(body === undefined ? {} : { body: inPieces(body) }) },
      {
        onConnect(stop) {
          abort = () => stop(signal?.reason);
          if (signal?.aborted === true) abort();
          else signal?.addEventListener('abort', onAbort);
        },
        onHeaders(status, raw, resume) {
          // What comes before the answer itself (100, 103).
          if (status < 200) return true;
          answer = { status, headers: headersOf(raw) };
          const length = Number(answer.headers['content-length'] ?? Number.NaN);
          if (method === 'GET' && !(length <= SMALL_FILE_BYTES)) {
            stream = new Readable({ read: () => resume(), destroy: destroying(() => abort()) });
            resolve({ ...answer, body: stream });
          }
          return true;
        },
        onData(chunk) {
          if (stream !== undefined) return stream.push(chunk);
          chunks.push(chunk);
          return true;
        },
        onComplete() {
          done();
          if (stream !== undefined) stream.push(null);
          else if (answer !== undefined) resolve({ ...answer, body: joined(chunks) });
        },
        onError(error) {
          done();
          if (stream === undefined) reject(error);
          else stream.destroy(error);
        },
      },
    );
  });
}

/** A body that is small at once, which takes the least time. */
function inPieces(body: Uint8Array): Uint8Array | Readable {
  if (body.byteLength <= WRITE_BYTES) return body;
  function* pieces(): Iterable<Uint8Array> {
    for (let at = 0; at < body.byteLength; at += WRITE_BYTES) yield body.subarray(at, at + WRITE_BYTES);
  }
  return Readable.from(pieces());
}

/** Ends a body that is not read to its end. */
function destroying(abort: () => void) {
  return (error: Error | null, done: (error: Error | null) => void) => {
    abort();
    done(error);
  };
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

function headersOf(raw: readonly Buffer[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    headers[latin1(raw[at]).toLowerCase()] = latin1(raw[at + 1]);
  }
  return headers;
}

/** Headers are of single bytes (RFC 9110, 5.5). */
function latin1(bytes: Buffer | undefined): string {
  return bytes?.toString('latin1') ?? '';
}
