import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http';

/** What goes wrong with one request. Counts are bytes of its body. */
export type Fault =
  /** The connection breaks after so many bytes of the answer; 0: before its first header. */
  | { readonly kind: 'drop'; readonly after: number }
  /** The connection breaks after so many bytes of the request; nothing reaches the server. */
  | { readonly kind: 'drop-upload'; readonly after: number }
  /** The server does its work, but the answer never arrives. */
  | { readonly kind: 'lose-answer' }
  /** The answer is shorter, and says so. */
  | { readonly kind: 'truncate'; readonly after: number }
  /** So many bytes of the answer come, and then nothing until the client gives up. */
  | { readonly kind: 'stall'; readonly after: number }
  /** The answer comes in small pieces with pauses. */
  | { readonly kind: 'slow'; readonly pieceBytes: number; readonly pauseMs: number }
  /** The proxy answers by itself. */
  | { readonly kind: 'status'; readonly status: number; readonly code?: string; readonly retryAfter?: string }
  /** Something else answers, with the status of success. */
  | { readonly kind: 'page'; readonly text: string }
  /** One bit of the answer, or of the request, is another. */
  | { readonly kind: 'flip'; readonly at: number }
  | { readonly kind: 'flip-upload'; readonly at: number };

export interface ProxiedRequest {
  /** Counts from 1 since the proxy was started. */
  readonly number: number;
  readonly method: string;
  /** Path and query as the client sent them. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** What happens to a request; one that is promised holds the request back until then. */
export type FaultPlan = (request: ProxiedRequest) => Fault | undefined | Promise<Fault | undefined>;

export interface FaultProxy {
  readonly endpoint: string;
  /** Every request since the proxy was started, with what was done to it. */
  readonly requests: readonly (ProxiedRequest & { readonly fault: Fault | undefined })[];
  /** What happens from now on. */
  use(plan: FaultPlan): void;
  stop(): Promise<void>;
}

/** Starts a proxy on loopback that hands everything to `upstream` unchanged, but for what its plan says. */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const requests: (ProxiedRequest & { fault: Fault | undefined })[] = [];
  const { hostname, port } = new URL(upstream);
  const agent = new Agent({ keepAlive: true });
  let plan: FaultPlan = () => undefined;

  async function serve(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const seen = { number: requests.length + 1, method, path: url, headers };
    const planned = plan(seen);
    const kept = { ...seen, fault: planned instanceof Promise ? undefined : planned };
    requests.push(kept);
    const fault = await planned;
    kept.fault = fault;
    if (fault?.kind === 'status') return answerStatus(incoming, answer, fault);
    if (fault?.kind === 'page') return answerPage(incoming, answer, fault.text);
    const body = await bodyOf(incoming, fault?.kind === 'drop-upload' ? fault.after : undefined);
    if (fault?.kind === 'drop-upload') return void answer.destroy();
    if (fault?.kind === 'flip-upload') flip(body, fault.at);
    // The signature covers the header Host, so the server has to see the one that the client sent.
    const onward = requestOf({ hostname, port, method, path: url, headers, agent });
    onward.end(body);
    const [reply] = (await once(onward, 'response')) as [IncomingMessage];
    await pass(reply, answer, fault, method === 'HEAD');
  }

  const server = createServer((incoming, answer) => {
    serve(incoming, answer).catch(() => answer.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    requests,
    use(next) {
      plan = next;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

/** Faults at random places of a sequence that depends on the seed alone: every `oneIn`-th request on average. */
export function seededFaults(seed: string, oneIn: number, faults: (draw: number) => Fault): FaultPlan {
  return ({ number }) => {
    const draw = createHash('sha256').update(`${seed} ${number}`).digest();
    return draw.readUInt32LE(0) % oneIn === 0 ? faults(draw.readUInt32LE(4)) : undefined;
  };
}

async function bodyOf(incoming: IncomingMessage, limit: number | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk);
    length += chunk.length;
    if (limit !== undefined && length >= limit) break;
  }
  return Buffer.concat(chunks);
}

async function answerStatus(
  incoming: IncomingMessage,
  answer: ServerResponse,
  { status, code = 'Injected', retryAfter }: Fault & { kind: 'status' },
): Promise<void> {
  await bodyOf(incoming, undefined);
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>secret-in-a-message</Message></Error>`;
  const headers = { 'content-type': 'application/xml', 'content-length': `${xml.length}` };
  answer.writeHead(status, retryAfter === undefined ? headers : { ...headers, 'retry-after': retryAfter });
  answer.end(incoming.method === 'HEAD' ? undefined : xml);
}

async function answerPage(incoming: IncomingMessage, answer: ServerResponse, text: string): Promise<void> {
  await bodyOf(incoming, undefined);
  answer.writeHead(200, { 'content-type': 'text/html', 'content-length': `${text.length}` });
  answer.end(incoming.method === 'HEAD' ? undefined : text);
}

async function pass(
  reply: IncomingMessage,
  answer: ServerResponse,
  fault: Fault | undefined,
  head: boolean,
): Promise<void> {
  if (fault?.kind === 'lose-answer' || (fault?.kind === 'drop' && (head || fault.after === 0))) {
    reply.resume();
    answer.destroy();
    return;
  }
  const body = await bodyOf(reply, undefined);
  const headers = { ...reply.headers };
  if (!head) {
    delete headers['transfer-encoding'];
    headers['content-length'] = `${fault?.kind === 'truncate' ? Math.min(fault.after, body.length) : body.length}`;
  }
  if (fault?.kind === 'flip') flip(body, fault.at);
  answer.writeHead(reply.statusCode ?? 502, headers);
  if (head) answer.end();
  else if (fault?.kind === 'truncate') answer.end(body.subarray(0, fault.after));
  else if (fault?.kind === 'drop') answer.write(body.subarray(0, fault.after), () => answer.destroy());
  else if (fault?.kind === 'stall') answer.write(body.subarray(0, fault.after));
  else if (fault?.kind === 'slow') await drip(body, answer, fault);
  else answer.end(body);
}

async function drip(body: Buffer, answer: ServerResponse, { pieceBytes, pauseMs }: Fault & { kind: 'slow' }) {
  for (let from = 0; from < body.length; from += pieceBytes) {
    answer.write(body.subarray(from, from + pieceBytes));
    await new Promise((next) => setTimeout(next, pauseMs));
  }
  answer.end();
}

function flip(body: Buffer, at: number): void {
  if (body.length > 0) body[at % body.length] = (body[at % body.length] ?? 0) ^ 1;
}
