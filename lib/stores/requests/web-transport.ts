import { readFile } from 'node:fs/promises';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { rootCertificates, TLSSocket } from 'node:tls';
import { assayError, messageOf } from '../../errors.ts';
import type { ProxySettings } from '../../proxy-settings.ts';

/** Milliseconds until there is a connection, as DVC. */
const CONNECT_TIMEOUT_MS = 60_000;
/** Milliseconds without a byte on it, as DVC. */
export const READ_TIMEOUT_MS = 60_000;

export interface WebTransportOptions {
  /** File of certificates that are trusted beside those that are known. */
  readonly certificates?: string | undefined;
  /** Milliseconds until there is a connection. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds until an answer begins, and in which no byte of it comes. */
  readonly readTimeoutMs?: number | undefined;
  readonly proxies?: ProxySettings | undefined;
}

export interface WebRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  /** With a body its `content-length`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer as it comes: its body has to be read, or to be left with `leaveBody`. */
export type WebTransport = (url: URL, request: WebRequest) => Promise<IncomingMessage>;

/** Nothing came in time. */
export class NoAnswerInTime extends Error {
  constructor(ms: number) {
    super(`nothing came for ${ms / 1000} s`);
    this.name = 'NoAnswerInTime';
  }
}

/**
 * Single requests over kept connections, nothing followed and nothing unpacked. Node's own `fetch` cannot be told of certificates,
 * nor to connect in another time than it waits for an answer.
 *
 * @throws E_STORE_READ for a file of certificates that cannot be read, NoAnswerInTime, and what the connection throws
 */
export function webTransport(options: WebTransportOptions): WebTransport {
  const { certificates, connectTimeoutMs = CONNECT_TIMEOUT_MS, readTimeoutMs = READ_TIMEOUT_MS, proxies } = options;
  const agent = { keepAlive: true, ...(proxies === undefined ? {} : { proxyEnv: { ...proxies } }) };
  const plain = new HttpAgent(agent);
  let secure: Promise<HttpsAgent> | undefined;
  return async (url, { method, headers, body, signal }) => {
    const settings = { method, headers, ...(signal === undefined ? {} : { signal }) };
    if (url.protocol !== 'https:') return answered(httpRequest(url, { ...settings, agent: plain }), body);
    secure ??= trusted(certificates).then((ca) => new HttpsAgent({ ...agent, ...ca }));
    return answered(httpsRequest(url, { ...settings, agent: await secure }), body);
  };

  function answered(request: ClientRequest, body: Uint8Array | undefined): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const end = (ms: number) => () => request.destroy(new NoAnswerInTime(ms));
      let timer = setTimeout(end(connectTimeoutMs), connectTimeoutMs);
      const moved = () => {
        clearTimeout(timer);
        timer = setTimeout(end(readTimeoutMs), readTimeoutMs);
      };
      request.once('socket', (socket) => {
        // One that is kept, or that a proxy has opened, is there already.
        if (!socket.connecting) moved();
        else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', moved);
      });
      let waiting = true;
      request.once('response', (answer) => {
        waiting = false;
        clearTimeout(timer);
        resolve(answer);
      });
      request.on('error', (error) => {
        waiting = false;
        clearTimeout(timer);
        reject(error);
      });
      sendBody(request, body, () => {
        if (waiting) moved();
      });
    });
  }
}

/** Bytes of a body that leave at once: the whole of it may take longer than any wait for an answer. */
const WRITE_BYTES = 256 * 1024;

function sendBody(request: ClientRequest, body: Uint8Array | undefined, moved: () => void): void {
  let sent = 0;
  const next = () => {
    const piece = body?.subarray(sent, sent + WRITE_BYTES) ?? new Uint8Array(0);
    sent += piece.byteLength;
    if (sent >= (body?.byteLength ?? 0)) return void request.end(piece);
    request.write(piece, (error) => {
      if (error) return;
      moved();
      next();
    });
  };
  next();
}

/** Bytes of a body that are cheaper to read than to connect anew. */
const SMALL_BODY_BYTES = 16 * 1024;

/** Gives up a body that nobody reads; its connection is kept where that costs little. */
export function leaveBody(answer: IncomingMessage, method: string): void {
  answer.on('error', () => {});
  const length = Number(answer.headers['content-length'] ?? Number.NaN);
  if (answer.complete || method === 'HEAD' || length <= SMALL_BODY_BYTES) answer.resume();
  else answer.destroy();
}

async function trusted(certificates: string | undefined): Promise<{ ca?: string[] }> {
  if (certificates === undefined) return {};
  try {
    return { ca: [...rootCertificates, await readFile(certificates, 'utf8')] };
  } catch (error) {
    throw assayError('E_STORE_READ', { path: certificates, reason: messageOf(error) }, error);
  }
}
