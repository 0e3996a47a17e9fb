import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { memberOf } from '../member-of.ts';

/** Milliseconds until there is a connection, and without a byte in either direction. DVC waits as long. */
const CONNECT_MS = 60_000;
const IDLE_MS = 60_000;

/** Node's channel that tells of every request (Node.js documentation, "HTTP" of `diagnostics_channel`). */
const STARTED = 'http.client.request.start';

/** Runs what makes requests: those are watched, however deep in a package they are made. */
export type WatchConnections = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Watches requests of packages that are built on Node's `http` and let nobody reach their connections. What a connection says has to
 * arrive: node-fetch 2, below Google's SDK, loses the error of a body that breaks, and whoever waits for it waits for ever (the
 * process then ends without a word, because nothing is left to do). A server that falls silent is left.
 *
 * @param idleMs milliseconds without a byte; `connectMs` until there is a connection
 */
export function watchConnections(idleMs = IDLE_MS, connectMs = CONNECT_MS): WatchConnections {
  const watched = new AsyncLocalStorage<true>();
  const onStart = (message: unknown) => {
    const request = watched.getStore() === true ? memberOf(message, 'request') : undefined;
    if (request instanceof ClientRequest) watch(request, idleMs, connectMs);
  };
  let running = 0;
  return async (work) => {
    // The channel is everybody's: nothing of a store that is no longer used stays in it.
    if (running++ === 0) subscribe(STARTED, onStart);
    try {
      return await watched.run(true, work);
    } finally {
      if (--running === 0) unsubscribe(STARTED, onStart);
    }
  };
}

function watch(request: ClientRequest, idleMs: number, connectMs: number): void {
  let answer: IncomingMessage | undefined;
  request.prependOnceListener('response', (response: IncomingMessage) => {
    answer = response;
    passOnErrors(response);
  });
  const onIdle = () => {
    // Bytes that nobody has taken yet: the server is not the one who waits.
    if (answer !== undefined && answer.readableLength > 0) request.setTimeout(idleMs, onIdle);
    else leave(request, idleMs);
  };
  request.setTimeout(idleMs, onIdle);
  // That timer of Node's begins with the connection. A request has its own here already, or gets it from its agent.
  if (request.socket === null) request.once('socket', (socket) => watchConnecting(request, socket, connectMs));
  else watchConnecting(request, request.socket, connectMs);
}

function watchConnecting(request: ClientRequest, socket: Socket, connectMs: number): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => leave(request, connectMs), connectMs);
  for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(timer));
}

function leave(request: ClientRequest, ms: number): void {
  request.destroy(Object.assign(new Error(`nothing came for ${ms / 1000} s`), { code: 'ETIMEDOUT' }));
}

/** `pipe` by itself ends a target, but tells it nothing of an error. */
function passOnErrors(response: IncomingMessage): void {
  const pipe = response.pipe.bind(response);
  response.pipe = (target, options) => {
    response.once('error', (error) => {
      if ('destroy' in target && typeof target.destroy === 'function') target.destroy(error);
    });
    return pipe(target, options);
  };
}
