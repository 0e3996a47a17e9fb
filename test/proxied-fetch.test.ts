import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openGitHub } from '../lib/forge/github.ts';
import { openTarballSource } from '../lib/native/tarball-source.ts';
import { silentLog } from '../lib/ports.ts';
import { proxiedFetch } from '../lib/proxied-fetch.ts';

const asked: string[] = [];
const tunnels: string[] = [];
let server: Server;
let proxy: Server;
let base: string;
let proxyAddress: string;

async function listening(one: Server): Promise<string> {
  one.listen(0, '127.0.0.1');
  await once(one, 'listening');
  const address = one.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

beforeAll(async () => {
  server = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    answer.setHeader('content-type', 'application/json');
    if (request.url === '/moved') answer.writeHead(302, { location: '/there' });
    request.pipe(answer);
    if (request.method === 'GET') answer.end(JSON.stringify({ object: { sha: 'abc' }, commit: { sha: 'abc' } }));
  });
  proxy = createServer((_, answer) => answer.writeHead(400).end());
  proxy.on('connect', ({ url = '', headers }, client) => {
    tunnels.push(`${url} ${headers['proxy-authorization'] ?? ''}`.trim());
    const [host = '', port] = url.split(':');
    // Every name leads to the one server.
    const there = connect(Number(port), host === 'forge.test' ? '127.0.0.1' : host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(there).pipe(client);
    });
    there.on('error', () => client.destroy());
    client.on('error', () => there.destroy());
  });
  base = await listening(server);
  proxyAddress = await listening(proxy);
});
afterAll(() => {
  for (const one of [server, proxy]) {
    one.closeAllConnections();
    one.close();
  }
});
beforeEach(() => {
  asked.length = 0;
  tunnels.length = 0;
});

const elsewhere = () => `http://forge.test:${base.split(':')[1]}`;

test('nothing but Node’s own fetch where no proxy is named', () => {
  expect(proxiedFetch({})).toBe(globalThis.fetch);
});

test('goes through the proxy, with its password, and follows where the answer leads', async () => {
  const fetch = proxiedFetch({ http_proxy: `http://ada:secret@${proxyAddress}` });
  const answer = await fetch(`${elsewhere()}/moved`);
  expect([answer.status, answer.redirected, await answer.json()]).toMatchObject([200, true, { object: {} }]);
  expect(asked).toEqual(['GET /moved', 'GET /there']);
  expect(new Set(tunnels)).toEqual(new Set([`forge.test:${base.split(':')[1]} Basic YWRhOnNlY3JldA==`]));
});

test('sends a body, and ends with its signal', async () => {
  const fetch = proxiedFetch({ HTTP_PROXY: proxyAddress });
  const sent = await fetch(`${elsewhere()}/x`, { method: 'POST', body: 'text' });
  expect(await sent.text()).toBe('text');
  await expect(fetch(`${elsewhere()}/x`, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test.each([
  ['NO_PROXY names the host', { HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'example.org, 127.0.0.1' }],
  ['NO_PROXY is all', { HTTP_PROXY: 'http://127.0.0.1:1', no_proxy: '*' }],
  ['only https has a proxy', { HTTPS_PROXY: 'http://127.0.0.1:1' }],
])('asks directly where %s', async (_, environment) => {
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
  expect((await proxiedFetch(environment)(`http://${base}/direct`)).status).toBe(200);
  expect(tunnels).toEqual([]);
  vi.unstubAllEnvs();
});

test.each([
  ['forge.test', true],
  ['test', true],
  ['.test', true],
  ['*.test', true],
  ['FORGE.test', true],
  ['est', false],
  ['forge.test:1', false],
  ['a.forge.test', false],
  ['', false],
])('NO_PROXY=%s excepts forge.test: %s', async (NO_PROXY, excepted) => {
  const fetch = proxiedFetch({ HTTP_PROXY: proxyAddress, NO_PROXY });
  // The name is known to the proxy alone.
  const answer = await fetch(`${elsewhere()}/x`).catch(() => undefined);
  expect([answer === undefined, tunnels.length]).toEqual([excepted, excepted ? 0 : 1]);
});

test('the forge and the registry of packages are asked through it', async () => {
  const fetch = proxiedFetch({ HTTP_PROXY: `http://${proxyAddress}` });
  const repository = { owner: 'team', name: 'flights' };
  const forge = await openGitHub({
    ...{ apiUrl: `${elsewhere()}/api/v3`, token: 't', repository, userAgent: 'test', log: silentLog, fetch },
  });
  await forge.branchHead('main');
  const locked = { name: 'pack', version: '1.0.0', integrity: 'sha512-x' };
  for await (const _bytes of openTarballSource(elsewhere(), fetch).open(locked)) break;
  expect(asked).toEqual([expect.stringContaining('/repos/team/flights/'), 'GET /pack/-/pack-1.0.0.tgz']);
  expect(tunnels).toHaveLength(1);
});
