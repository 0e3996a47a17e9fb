import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createObjectStore } from '../../../lib/stores/bucket/object-store.ts';
import { createLocalStore } from '../../../lib/stores/folder/local-store.ts';
import { createHttpBucket } from '../../../lib/stores/http/http-bucket.ts';
import { httpOptions } from '../../../lib/stores/http/http-options.ts';
import { createRetry } from '../../../lib/stores/requests/retry.ts';
import { objectOf } from '../conformance.ts';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts';

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
  function open(password?: string) {
    const retry = createRetry({ sleep: async () => {} });
    return createObjectStore(createHttpBucket(options(password), { retry }), { retry });
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
  ['https://host/x', { auth: 'custom', custom_auth_header: 'X-Key:', password: 'secret' }, 'E_STORE_OPTION'],
  ['https://host/x', { auth: 'custom', custom_auth_header: 'X-Key', password: 'secret\n' }, 'E_STORE_OPTION'],
  ['https://ada:sec/ret@host/x', {}, 'E_STORE_LOCATION'],
  ['https://ada:with@secret@host/x?q', {}, 'E_STORE_LOCATION'],
])('%s with %j is refused, and no secret shown', (location, remote, code) => {
  expect(() => httpOptions(location, new Map(Object.entries(remote)))).toThrow(
    expect.objectContaining({ code, message: expect.not.stringContaining('secret') }),
  );
});

test('a percent sign in an address need not begin a code', () => {
  expect(httpOptions('https://ada:100%@host/x').authorization?.value).toBe(
    `Basic ${Buffer.from('ada:100%').toString('base64')}`,
  );
});

describe('a server that leads on', () => {
  const NAMES = ['x-api-key', 'authorization'];
  let first: Server;
  let second: Server;
  const asked: { server: string; secrets: (string | undefined)[] }[] = [];
  let target: string;
  const endpointOf = (server: Server) => {
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  };
  beforeAll(async () => {
    const note = (server: string, headers: IncomingHttpHeaders) =>
      asked.push({ server, secrets: NAMES.map((name) => headers[name]?.toString()) });
    first = createServer(({ url, headers }, answer) => {
      note('first', headers);
      if (url === '/moved/x') answer.end('here');
      else answer.writeHead(302, url === '/none/x' ? {} : { location: target }).end();
    }).listen(0, '127.0.0.1');
    second = createServer(({ headers }, answer) => {
      note('second', headers);
      answer.end('there');
    }).listen(0, '127.0.0.1');
    await Promise.all([once(first, 'listening'), once(second, 'listening')]);
  });
  afterAll(() => {
    for (const server of [first, second]) {
      server?.closeAllConnections();
      server?.close();
    }
  });
  beforeEach(() => {
    asked.length = 0;
  });

  const WAYS: readonly (readonly [string, string])[][] = [
    [
      ['auth', 'custom'],
      ['custom_auth_header', 'X-Api-Key'],
      ['password', 'the-secret'],
    ],
    [
      ['auth', 'basic'],
      ['user', 'ada'],
      ['password', 'the-secret'],
    ],
  ];
  const bucket = (way: (typeof WAYS)[number] = [], folder = 'data') =>
    createHttpBucket(httpOptions(`${endpointOf(first)}/${folder}`, new Map(way)), {
      retry: createRetry({ sleep: async () => {} }),
    });
  async function text(way?: (typeof WAYS)[number], folder?: string): Promise<string> {
    let found = '';
    for await (const chunk of (await bucket(way, folder).get('x')).bytes) found += Buffer.from(chunk).toString();
    return found;
  }

  test.each(WAYS)('elsewhere never learns what lets in: %j', async (...way) => {
    target = `${endpointOf(second)}/data/x`;
    expect(await text(way)).toBe('there');
    expect(asked.map(({ server, secrets }) => [server, secrets.filter(Boolean).length])).toEqual([
      ['first', 1],
      ['second', 0],
    ]);
  });

  test('to itself is let in', async () => {
    target = '/moved/x';
    expect(await text(WAYS[0])).toBe('here');
    expect(asked.map(({ secrets }) => secrets[0])).toEqual(['the-secret', 'the-secret']);
  });

  test.each([
    ['in a circle', () => `${endpointOf(first)}/data/x`],
    ['to a file', () => 'file:///etc/passwd'],
    ['to somebody', () => endpointOf(second).replace('//', '//ada:pw@')],
    ['to no address', () => 'http://['],
  ])('%s is refused at once', async (_where, where) => {
    target = where();
    await expect(text()).rejects.toMatchObject({ code: 'E_STORE_REQUEST', exitCode: 3 });
    expect(asked.filter(({ server }) => server === 'second')).toEqual([]);
    expect(asked.length).toBeLessThan(20);
  });

  test('nowhere is refused, and not for its region', async () => {
    await expect(text([], 'none')).rejects.toMatchObject({ code: 'E_STORE_REQUEST' });
  });
});

test('a body that stops is left after its time, however slowly it is taken', async () => {
  const server = createServer((request, answer) => {
    answer.writeHead(200, { 'content-length': 6 });
    answer.write('one');
    if (request.url === '/slow/x') setTimeout(() => answer.end('two'), 20);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : '';
  const read = async (folder: string) => {
    const options = { ...httpOptions(`http://127.0.0.1:${port}/${folder}`), readTimeoutMs: 200 };
    const { bytes } = await createHttpBucket(options, { retry: createRetry() }).get('x');
    let found = '';
    for await (const chunk of bytes) {
      found += Buffer.from(chunk).toString();
      await new Promise((next) => setTimeout(next, 250));
    }
    return found;
  };
  await expect(read('stalls')).rejects.toThrow('nothing came for 0.2 s');
  expect(await read('slow')).toBe('onetwo');
  server.closeAllConnections();
  server.close();
});

test('a password in the address is used and never shown', () => {
  const options = httpOptions('https://ada:secret@host/x/');
  expect(options).toMatchObject({ url: 'https://host/x', authorization: { name: 'authorization' } });
  const bucket = createHttpBucket(options, { retry: createRetry() });
  expect(JSON.stringify(bucket.description)).not.toContain('secret');
});
