import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHttpBucket, httpOptions } from '../../lib/stores/http-bucket.ts';
import { createLocalStore } from '../../lib/stores/local-store.ts';
import { createObjectStore } from '../../lib/stores/object-store.ts';
import { createRetry } from '../../lib/stores/retry.ts';
import { objectOf } from './conformance.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** A web server of a folder behind a password; it knows ranges when `ranges` says so. */
async function serve(folder: string, ranges: () => boolean): Promise<{ server: Server; endpoint: string }> {
  const server = createServer(async (request, answer) => {
    if (request.headers.authorization !== `Basic ${Buffer.from('ada:p w').toString('base64')}`) {
      answer.writeHead(401).end();
      return;
    }
    const path = join(folder, new URL(request.url ?? '', 'http://x').pathname);
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size === undefined) {
      answer.writeHead(404).end();
      return;
    }
    const start = ranges() ? Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    answer.writeHead(start > 0 ? 206 : 200, {
      'content-length': size - start,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${size - 1}/${size}` } : {}),
    });
    if (request.method === 'HEAD') answer.end();
    else createReadStream(path, { start }).pipe(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, endpoint: `http://127.0.0.1:${address.port}` };
}

describe('a store behind a web server', () => {
  let root: string;
  let server: Server;
  let proxy: FaultProxy;
  let ranges = true;
  const object = objectOf(randomBytes(200_000));
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'assay-http-'));
    await createLocalStore(join(root, 'store')).write([object, objectOf('')]);
    const started = await serve(root, () => ranges);
    server = started.server;
    proxy = await startFaultProxy(started.endpoint);
  });
  afterAll(async () => {
    await proxy?.stop();
    server?.closeAllConnections();
    server?.close();
    await rm(root, { recursive: true, force: true });
  });
  beforeEach(() => {
    ranges = true;
    proxy.use(() => undefined);
  });
  afterEach(() => rm(join(root, 'out'), { force: true }));

  const options = (password = 'p w') =>
    httpOptions(
      `${proxy.endpoint}/store/`,
      new Map([
        ['auth', 'basic'],
        ['user', 'ada'],
        ['password', password],
      ]),
    );
  function open(password?: string, timeoutMs?: number) {
    const retry = createRetry({ sleep: async () => {} });
    return createObjectStore(createHttpBucket({ ...options(password), timeoutMs }, { retry }), { retry });
  }
  const target = () => join(root, 'out');
  const bytes = () => ('bytes' in object.source ? object.source.bytes : Buffer.alloc(0));

  test('gives what is there, in one request, and says what is not', async () => {
    const before = proxy.requests.length;
    await open().read(object.key, object.expected, target());
    expect(proxy.requests.length - before).toBe(1);
    expect(Buffer.compare(await readFile(target()), bytes())).toBe(0);
    const absent = objectOf('absent');
    expect(await open().existing([object.key, absent.key, objectOf('').key])).toEqual(
      new Set([object.key, objectOf('').key]),
    );
    await expect(open().read(absent.key, absent.expected, target())).rejects.toMatchObject({
      code: 'E_STORE_OBJECT_MISSING',
    });
  });

  test('an object without a byte', async () => {
    await open().read(objectOf('').key, objectOf('').expected, target());
    expect((await readFile(target())).length).toBe(0);
  });

  test.each([true, false])('a connection that breaks is taken up (ranges: %s)', async (known) => {
    ranges = known;
    let faults = 2;
    proxy.use(() => (faults-- > 0 ? { kind: 'drop', after: 50_000 } : undefined));
    await open().read(object.key, object.expected, target());
    expect(Buffer.compare(await readFile(target()), bytes())).toBe(0);
  });

  test('what is always damaged is never delivered', async () => {
    proxy.use(() => ({ kind: 'flip', at: 7 }));
    await expect(open().read(object.key, object.expected, target())).rejects.toMatchObject({
      code: 'E_STORE_OBJECT_CORRUPT',
    });
    expect(await readdir(root)).toEqual(['store']);
  });

  test('a wrong password is refused and not shown', async () => {
    await expect(open('another').read(object.key, object.expected, target())).rejects.toMatchObject({
      code: 'E_STORE_DENIED',
      message: expect.not.stringContaining('another'),
    });
  });

  test.each([
    ['be written', () => open().write([objectOf('new')])],
    ['be listed', () => open().list('')],
    ['lose objects', () => open().remove([object.key])],
  ])('it cannot %s', async (_what, action) => {
    await expect(action()).rejects.toMatchObject({ code: 'E_STORE_READ_ONLY', exitCode: 2 });
  });
});

test.each([
  ['https://host/x?sig=secret', {}, 'E_STORE_LOCATION'],
  ['https://host/x', { ssl_verify: 'false' }, 'E_STORE_OPTION'],
  ['https://host/x', { auth: 'digest' }, 'E_STORE_OPTION'],
  ['https://host/x', { auth: 'custom', password: 'secret' }, 'E_STORE_OPTION'],
  ['https://host/x', { connect_timeout: 'secret' }, 'E_STORE_OPTION'],
])('%s with %j is refused, and no secret shown', (location, remote, code) => {
  expect(() => httpOptions(location, new Map(Object.entries(remote)))).toThrow(
    expect.objectContaining({ code, message: expect.not.stringContaining('secret') }),
  );
});

test('a password in the address is used and never shown', () => {
  const options = httpOptions('https://ada:secret@host/x/');
  expect(options).toMatchObject({ url: 'https://host/x', authorization: { name: 'authorization' } });
  const bucket = createHttpBucket(options, { retry: createRetry() });
  expect(JSON.stringify(bucket.description)).not.toContain('secret');
});
