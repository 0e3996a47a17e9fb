import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { openConnections } from '../../../lib/stores/s3/s3-connection.ts';

const MIB = 1024 * 1024;
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function sentTo(listener: RequestListener, body: Uint8Array, readTimeoutMs: number) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const exchange = await openConnections(origin, { connections: 1, connectTimeoutMs: 5000, readTimeoutMs, tls: {} });
  const headers = { 'content-length': String(body.byteLength) };
  const send = () => exchange({ method: 'PUT', path: '/key', headers, body }, undefined);
  return { first: await send(), send };
}

test('a body may take longer to be sent than an answer may to come', async () => {
  let came = 0;
  const slowly: RequestListener = async (request, answer) => {
    for await (const chunk of request) {
      came += chunk.length;
      if (came < 9 * MIB) await wait((chunk.length / MIB) * 350);
    }
    answer.end();
  };
  const { first } = await sentTo(slowly, Buffer.alloc(16 * MIB), 2000);
  expect([first.status, came]).toEqual([200, 16 * MIB]);
});

test('an answer that comes before all was sent counts, and the next request is made anew', async () => {
  const refuse: RequestListener = (_request, answer) => void answer.writeHead(412).end();
  const { first, send } = await sentTo(refuse, Buffer.alloc(16 * MIB), 5000);
  expect([first.status, (await send()).status]).toEqual([412, 412]);
});
