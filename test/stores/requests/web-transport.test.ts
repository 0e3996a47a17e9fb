import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { proxySettings } from '../../../lib/proxy-settings.ts';
import { createHttpBucket } from '../../../lib/stores/http/http-bucket.ts';
import { type HttpOptions, httpOptions } from '../../../lib/stores/http/http-options.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { selfSigned } from '../../certificate.ts';
import { newFolder } from '../../new-folder.ts';

const servers: (Server | TcpServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
});

async function listening(server: Server | TcpServer): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const served = async (answer: RequestListener) => `http://127.0.0.1:${await listening(createServer(answer))}`;

async function read(url: string, more: Partial<HttpOptions> = {}): Promise<string> {
  const retry = createRetry({ sleep: async () => {} });
  const { bytes } = await createHttpBucket({ ...httpOptions(url), ...more }, { retry }).get('x');
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('ssl_verify names certificates to trust beside those that are known', async () => {
  const { key, certificate } = selfSigned(['localhost']);
  const port = await listening(createTlsServer({ key, cert: certificate }, (_request, answer) => answer.end('there')));
  const file = join(await newFolder(), 'ca.pem');
  await writeFile(file, certificate);
  const url = `https://localhost:${port}`;
  expect(await read(url, httpOptions(url, new Map([['ssl_verify', file]])))).toBe('there');
  await expect(read(url)).rejects.toMatchObject({
    code: 'E_STORE_REQUEST',
    message: expect.stringContaining('SELF_SIGNED'),
  });
  await expect(read(url, { certificates: join(file, 'none') })).rejects.toMatchObject({ code: 'E_STORE_READ' });
});

test('connect_timeout ends with the connection, read_timeout begins there', async () => {
  const url = await served(async (_request, answer) => {
    await delay(150);
    answer.end('there');
  });
  expect(await read(url, { connectTimeoutMs: 50 })).toBe('there');
  await expect(read(url, { readTimeoutMs: 50 })).rejects.toMatchObject({
    code: 'E_STORE_UNREACHABLE',
    message: expect.stringContaining('no answer in time'),
  });
});

test('a server that takes a connection and never greets is left', async () => {
  const silent = createTcpServer(() => {});
  const port = await listening(silent);
  await expect(read(`https://127.0.0.1:${port}`, { connectTimeoutMs: 20 })).rejects.toMatchObject({
    code: 'E_STORE_UNREACHABLE',
  });
});

test.each([
  ['gzip', gzipSync('there')],
  ['X-Gzip', gzipSync('there')],
  ['gzip, gzip', gzipSync(gzipSync('there'))],
  ['unheard-of', Buffer.from('there')],
])('what is packed as %s comes as it is stored, though nobody asked for it', async (coding, body) => {
  const url = await served((_request, answer) => {
    answer.writeHead(200, { 'content-encoding': coding, 'content-length': body.length }).end(body);
  });
  const bucket = createHttpBucket(httpOptions(url), { retry: createRetry() });
  expect(await bucket.stat('x')).toMatchObject({ key: 'x', size: 0 });
  expect(await read(url)).toBe('there');
});

test('what is packed and breaks off is an error, and no end', async () => {
  const body = gzipSync('there'.repeat(10_000));
  const url = await served((_request, answer) => {
    answer.writeHead(200, { 'content-encoding': 'gzip' }).end(body.subarray(0, body.length / 2));
  });
  await expect(read(url)).rejects.toThrow('unexpected end of file');
});

test('the proxy of the environment is asked, but for hosts that need none', async () => {
  const asked: (string | undefined)[] = [];
  const proxy = await served(({ url }, answer) => {
    asked.push(url);
    answer.end('by the proxy');
  });
  const direct = await served((_request, answer) => answer.end('directly'));
  const proxies = (NO_PROXY: string) => ({ proxies: proxySettings({ http_proxy: proxy, NO_PROXY }) });
  expect(await read('http://data.test/folder', proxies('127.0.0.1'))).toBe('by the proxy');
  expect(asked).toEqual(['http://data.test/folder/x']);
  expect(await read(direct, proxies('127.0.0.1'))).toBe('directly');
  expect(asked.length).toBe(1);
});

test.each([
  [{}, undefined],
  [{ NO_PROXY: 'x' }, undefined],
  [{ HTTPS_PROXY: '', https_proxy: undefined }, undefined],
  [
    { HTTPS_PROXY: 'http://a', https_proxy: 'http://b', no_proxy: 'c' },
    { HTTPS_PROXY: 'http://b', NO_PROXY: 'c' },
  ],
  [{ HTTP_PROXY: 'http://a' }, { HTTP_PROXY: 'http://a' }],
])('%j names the proxies %j', (environment, expected) => {
  expect(proxySettings(environment)).toEqual(expected);
});

test.each([
  [{ auth: 'basic', user: 'ada' }, 'auth'],
  [{ auth: 'basic', password: 'secret' }, 'auth'],
  [{ auth: 'basic', user: 'ada', ask_password: 'true' }, 'ask_password'],
  [{ auth: 'custom', custom_auth_header: 'X-Key' }, 'password'],
])('%j cannot let anybody in, and is refused', (remote, option) => {
  expect(() => httpOptions('https://host/x', new Map(Object.entries(remote)))).toThrow(
    expect.objectContaining({ code: 'E_STORE_OPTION', message: expect.stringContaining(`the option ${option} `) }),
  );
});
